"""Orders, what was done with them, files of replies. A frozen copy of the models, independent of them."""

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

_KEPT = "CREATE TRIGGER {table}_no_{word} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is kept'); END"


def up(migrator, db):
    class OrderRecord(Model):
        number = CharField(primary_key=True)
        kind = CharField()
        unit_slug = CharField(index=True)
        source = CharField()
        source_ref = CharField(default="")
        basis = TextField(default="")
        previous = CharField(default="")
        form_mark = CharField(unique=True)
        drawn_on = DateField()
        state = CharField()
        title = CharField(default="")
        paper_number = CharField(default="")
        issued_by = CharField(default="")
        issued_on = DateField(null=True, index=True)
        due_on = DateField(null=True)
        replied_on = DateField(null=True)
        closed_on = DateField(null=True)
        followed_by = CharField(default="")
        overdue = BooleanField(default=False)
        version = IntegerField()

        class Meta:
            database = db
            table_name = "order_record"
            without_rowid = True
            indexes = ((("state", "due_on"), False),)

    class OrderEvent(Model):
        order = ForeignKeyField(OrderRecord, on_delete="RESTRICT", column_name="order_number", index=False)
        number = IntegerField()
        at = DateTimeField()
        on = DateField()
        actor = CharField()
        role = CharField()
        step = CharField()
        words = TextField(default="")
        detail = TextField(default="{}")
        mark = CharField(null=True)

        class Meta:
            database = db
            table_name = "order_event"
            without_rowid = True
            primary_key = CompositeKey("order", "number")
            indexes = ((("order", "mark"), True),)

    class OrderFile(Model):
        digest = CharField(primary_key=True)
        order = ForeignKeyField(OrderRecord, on_delete="RESTRICT", column_name="order_number")
        event = IntegerField()
        name = CharField()
        media_type = CharField()
        size = IntegerField()
        state = CharField()

        class Meta:
            database = db
            table_name = "order_file"
            without_rowid = True

    db.create_tables([OrderRecord, OrderEvent, OrderFile])
    for table, change, word in (
        ("order_event", "UPDATE", "update"),
        ("order_event", "DELETE", "delete"),
        ("order_record", "DELETE", "delete"),
        ("order_record", "UPDATE OF kind, unit_slug, source, source_ref, basis, previous, form_mark", "facts"),
        ("order_file", "DELETE", "delete"),
    ):
        db.execute_sql(_KEPT.format(table=table, change=change, word=word))
