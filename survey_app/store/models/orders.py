"""The tables of orders. Events are only ever added: triggers refuse anything else (migration 0012)."""

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from survey_app.store.models.record import Record


class OrderRecord(Record):
    """Where an order stands, computed from its events and kept for lists."""

    number = CharField(primary_key=True)  # 2026-0007
    kind = CharField()
    unit_slug = CharField(index=True)
    source = CharField()
    source_ref = CharField(default="")  # such as 2026-h1/v1, a case's number
    basis = TextField(default="")  # the figure or fact in words, as it was when drawn
    previous = CharField(default="")  # the order this one follows
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
        without_rowid = True
        indexes = ((("state", "due_on"), False),)


class OrderEvent(Record):
    order = ForeignKeyField(OrderRecord, on_delete="RESTRICT", column_name="order_number", index=False)
    number = IntegerField()
    at = DateTimeField()
    on = DateField()
    actor = CharField()
    role = CharField()
    step = CharField()
    words = TextField(default="")
    detail = TextField(default="{}")  # JSON
    mark = CharField(null=True)  # of a form, or of the clock: the same again is no second event

    class Meta:
        without_rowid = True
        primary_key = CompositeKey("order", "number")
        indexes = ((("order", "mark"), True),)


class OrderFile(Record):
    """A file of a reply; its bytes lie sealed beside those of cases, under their digest."""

    digest = CharField(primary_key=True)
    order = ForeignKeyField(OrderRecord, on_delete="RESTRICT", column_name="order_number")
    event = IntegerField()
    name = CharField()
    media_type = CharField()
    size = IntegerField()
    state = CharField()

    class Meta:
        without_rowid = True
