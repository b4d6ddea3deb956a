"""The tables of cases. Events are only ever added: triggers refuse anything else (migration 0006).

What a person wrote and where they can be reached lie in tables of their own, sealed under case.key, so that both can
be deleted in time while what was done stays. The code is nowhere: only its digest, `case_key`.
"""

from peewee import (
    BlobField,
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


class CaseRecord(Record):
    """Where a case stands, computed from its events and kept for lists."""

    number = CharField(primary_key=True)  # 2026-000123
    case_key = BlobField(unique=True)
    kind = CharField()
    channel = CharField()
    unit_slug = CharField(default="")
    procedure_slug = CharField(default="")
    state = CharField()
    received_at = DateTimeField(index=True)
    stage = CharField(default="")
    due_on = DateField(null=True)  # null: no clock runs, or the calendar of that year is missing
    raised = CharField(default="")
    extension = CharField(default="")
    dispute = CharField(default="")
    satisfied = CharField(default="")
    reopened = IntegerField(default=0)
    version = IntegerField()  # number of the last event
    closed_at = DateTimeField(null=True)
    has_contact = BooleanField(default=False)

    class Meta:
        without_rowid = True
        indexes = (
            (("closed_at", "due_on", "number"), False),
            (("unit_slug", "closed_at", "due_on", "number"), False),
        )


class CaseCoUnit(Record):
    """A unit that works on a case of another."""

    case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
    unit_slug = CharField(index=True)

    class Meta:
        without_rowid = True
        primary_key = CompositeKey("case", "unit_slug")


class CaseEvent(Record):
    case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
    number = IntegerField()
    at = DateTimeField()
    actor = CharField()
    role = CharField()
    step = CharField()
    public_words = TextField(default="")
    internal_words = TextField(default="")
    detail = TextField(default="{}")  # JSON
    mark = CharField(null=True)  # of a form, or of a clock: the same again is no second event

    class Meta:
        without_rowid = True
        primary_key = CompositeKey("case", "number")
        indexes = ((("case", "mark"), True), (("step", "at"), False))


class CaseWords(Record):
    """What the person wrote with the event of this number, sealed."""

    case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
    event = IntegerField()
    sealed = BlobField()

    class Meta:
        without_rowid = True
        primary_key = CompositeKey("case", "event")


class CaseContact(Record):
    case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", primary_key=True)
    sealed = BlobField()

    class Meta:
        without_rowid = True


class CaseAttachment(Record):
    """A file handed in or added; its bytes lie sealed in var/case-files/<place>."""

    place = CharField(primary_key=True)  # the digest, which is the file's name there
    case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number")
    event = IntegerField()
    name = CharField()  # emptied with the file
    media_type = CharField()
    size = IntegerField()
    digest = CharField()  # SHA-256 of the sealed bytes: a fresh nonce each time, so that it compares with nothing
    state = CharField()  # ok | quarantined | deleted

    class Meta:
        without_rowid = True
