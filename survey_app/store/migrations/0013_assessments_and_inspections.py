"""Readings of assessments, findings of inspections, field notes. A frozen copy of the models, independent of them."""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField

_KEPT = "CREATE TRIGGER {table}_no_{word} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is kept'); END"


def up(migrator, db):
    class AssessmentReading(Model):
        unit_slug = CharField()
        body = CharField()
        year = IntegerField(index=True)
        counts = TextField()
        reason = TextField(default="")
        read_by = CharField()
        read_at = DateTimeField()
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "assessment_reading"
            indexes = ((("unit_slug", "body", "year"), False),)

    class InspectionFinding(Model):
        unit_slug = CharField(index=True)
        on = DateField(index=True)
        at_time = CharField(default="")
        place = CharField()
        covert = BooleanField()
        kind = CharField()
        words = TextField()
        found_by = CharField()
        kept_at = DateTimeField()
        added_to = IntegerField(null=True, index=True)
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "inspection_finding"

    class FindingFile(Model):
        digest = CharField(primary_key=True)
        finding = ForeignKeyField(InspectionFinding, on_delete="RESTRICT", column_name="finding")
        name = CharField()
        media_type = CharField()
        size = IntegerField()
        state = CharField()

        class Meta:
            database = db
            table_name = "finding_file"
            without_rowid = True

    class FieldNote(Model):
        unit_slug = CharField(index=True)
        on = DateField(index=True)
        words = TextField()
        tags = CharField(default="")
        written_by = CharField()
        kept_at = DateTimeField()
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "field_note"

    db.create_tables([AssessmentReading, InspectionFinding, FindingFile, FieldNote])
    for table in ("assessment_reading", "inspection_finding"):
        for change in ("UPDATE", "DELETE"):
            db.execute_sql(_KEPT.format(table=table, change=change, word=change.lower()))
    db.execute_sql(_KEPT.format(table="finding_file", change="DELETE", word="delete"))
