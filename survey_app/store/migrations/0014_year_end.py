"""Plans and sheets of a year's end. A frozen copy of the models, independent of them."""

from peewee import CharField, DateTimeField, IntegerField, Model, TextField

_KEPT = "CREATE TRIGGER {table}_no_{word} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is kept'); END"


def up(migrator, db):
    class YearEndPlan(Model):
        year = IntegerField()
        version = IntegerField()
        plan = TextField()
        digest = CharField()
        reason = TextField(default="")
        settled_by = CharField()
        settled_at = DateTimeField()
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "year_end_plan"
            indexes = ((("year", "version"), True),)

    class YearEndSheet(Model):
        year = IntegerField()
        version = IntegerField()
        plan_version = IntegerField()
        sheet = TextField()
        digest = CharField()
        kept_by = CharField()
        kept_at = DateTimeField()
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "year_end_sheet"
            indexes = ((("year", "version"), True),)

    db.create_tables([YearEndPlan, YearEndSheet])
    for table in ("year_end_plan", "year_end_sheet"):
        for change in ("UPDATE", "DELETE"):
            db.execute_sql(_KEPT.format(table=table, change=change, word=change.lower()))
