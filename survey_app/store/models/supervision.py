"""What the discipline office collects besides ballots: counts of assessments, findings, field notes.

Readings and findings are only ever added: triggers refuse anything else (migrations 0013, 0014, 0016).
"""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from survey_app.store.models.record import Record


class AssessmentReading(Record):
    """One person's reading of a body's counted votes in a year."""

    unit_slug = CharField()
    body = CharField()
    year = IntegerField(index=True)
    counts = TextField()  # JSON
    reason = TextField(default="")
    read_by = CharField()
    read_at = DateTimeField()
    form_mark = CharField(unique=True)

    class Meta:
        indexes = ((("unit_slug", "body", "year"), False),)


class InspectionFinding(Record):
    """What an inspector saw. `added_to` is the finding that this one adds words to."""

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


class FindingFile(Record):
    """A photo of a finding; its bytes lie sealed beside those of cases, under their digest."""

    digest = CharField(primary_key=True)
    finding = ForeignKeyField(InspectionFinding, on_delete="RESTRICT", column_name="finding")
    name = CharField()
    media_type = CharField()
    size = IntegerField()
    state = CharField()

    class Meta:
        without_rowid = True


class FieldNote(Record):
    """民情日记: what staff heard and saw, for the desk alone; deleted in time."""

    unit_slug = CharField(index=True)
    on = DateField(index=True)
    words = TextField()
    tags = CharField(default="")  # "停车 噪声"
    written_by = CharField()
    kept_at = DateTimeField()
    form_mark = CharField(unique=True)


class YearEndPlan(Record):
    """How a year is summed; a change is a new version. `plan` is JSON."""

    year = IntegerField()
    version = IntegerField()
    plan = TextField()
    digest = CharField()
    reason = TextField(default="")
    settled_by = CharField()
    settled_at = DateTimeField()
    form_mark = CharField(unique=True)

    class Meta:
        indexes = ((("year", "version"), True),)


class YearEndSheet(Record):
    """A year as it was summed and kept; `sheet` is JSON, `plan_version` what it was made by."""

    year = IntegerField()
    version = IntegerField()
    plan_version = IntegerField()
    sheet = TextField()
    digest = CharField()
    reason = TextField(default="")
    kept_by = CharField()
    kept_at = DateTimeField()
    form_mark = CharField(unique=True)

    class Meta:
        indexes = ((("year", "version"), True),)
