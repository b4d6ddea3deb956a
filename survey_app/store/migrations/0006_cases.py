"""Cases: where they stand, their events, words, contacts, files. A frozen copy of the models, independent of them."""

from peewee import (
    BlobField,
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


def up(migrator, db):
    class CaseRecord(Model):
        number = CharField(primary_key=True)
        case_key = BlobField(unique=True)
        kind = CharField()
        channel = CharField()
        unit_slug = CharField(default="")
        procedure_slug = CharField(default="")
        state = CharField()
        received_at = DateTimeField(index=True)
        stage = CharField(default="")
        due_on = DateField(null=True)
        raised = CharField(default="")
        extension = CharField(default="")
        dispute = CharField(default="")
        satisfied = CharField(default="")
        reopened = IntegerField(default=0)
        version = IntegerField()
        closed_at = DateTimeField(null=True)
        has_contact = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "case_record"
            without_rowid = True
            indexes = (
                (("closed_at", "due_on", "number"), False),
                (("unit_slug", "closed_at", "due_on", "number"), False),
            )

    class CaseCoUnit(Model):
        case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
        unit_slug = CharField(index=True)

        class Meta:
            database = db
            table_name = "case_co_unit"
            without_rowid = True
            primary_key = CompositeKey("case", "unit_slug")

    class CaseEvent(Model):
        case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
        number = IntegerField()
        at = DateTimeField()
        actor = CharField()
        role = CharField()
        step = CharField()
        public_words = TextField(default="")
        internal_words = TextField(default="")
        detail = TextField(default="{}")
        mark = CharField(null=True)

        class Meta:
            database = db
            table_name = "case_event"
            without_rowid = True
            primary_key = CompositeKey("case", "number")
            indexes = ((("case", "mark"), True),)

    class CaseWords(Model):
        case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", index=False)
        event = IntegerField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "case_words"
            without_rowid = True
            primary_key = CompositeKey("case", "event")

    class CaseContact(Model):
        case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number", primary_key=True)
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "case_contact"
            without_rowid = True

    class CaseAttachment(Model):
        place = CharField(primary_key=True)
        case = ForeignKeyField(CaseRecord, on_delete="RESTRICT", column_name="case_number")
        event = IntegerField()
        name = CharField()
        media_type = CharField()
        size = IntegerField()
        digest = CharField()
        state = CharField()

        class Meta:
            database = db
            table_name = "case_attachment"
            without_rowid = True

    db.create_tables([CaseRecord, CaseCoUnit, CaseEvent, CaseWords, CaseContact, CaseAttachment])
    for change in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER case_event_no_{change.lower()} BEFORE {change} ON case_event "
            "BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END"
        )
