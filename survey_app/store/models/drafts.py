"""The tables between a round's close and its publication: drafts shown, objections, flags reviewed, steps asked for."""

from peewee import BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from survey_app.store.models.collecting import EvaluationRound
from survey_app.store.models.record import Record


class DraftRelease(Record):
    """A release that units have been shown: it binds every later one (differencing guard). Never deleted."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
    digest = CharField()
    version = IntegerField()
    shown_by = CharField()
    shown_at = DateTimeField()
    shown_on = DateField()
    until_on = DateField()  # last day for objections

    class Meta:
        indexes = ((("round", "digest"), True),)


class Objection(Record):
    """What a unit says against its draft, and the ruling. Never deleted; once ruled never changed (triggers)."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
    unit_slug = CharField(index=True)
    digest = CharField()  # of the draft it speaks of
    origin = CharField(default="unit")  # unit | office: entered for a citizen, or found by the office itself
    words = TextField()
    filed_by = CharField()
    filed_at = DateTimeField()
    filed_on = DateField()
    state = CharField(default="filed")  # filed | proposed | ruled
    decision = CharField(default="")  # upheld | rejected
    reason = TextField(default="")
    correction = TextField(default="{}")  # JSON, see domain.objections
    proposed_by = CharField(default="")
    proposed_at = DateTimeField(null=True)
    ruled_by = CharField(default="")
    ruled_on = DateField(null=True)
    form_mark = CharField(unique=True)  # a form sent twice is one objection


class ObjectionFile(Record):
    """A file handed in with an objection: for the office alone."""

    objection = ForeignKeyField(Objection, on_delete="RESTRICT", column_name="objection")
    name = CharField()
    sha256 = CharField()
    content = BlobField()


class FlagReview(Record):
    """What became of a row of integrity.csv that asks for a review."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
    unit_slug = CharField()
    test = CharField()
    detail = CharField()
    decision = CharField()  # stands | doubtful
    reason = TextField()
    reviewed_by = CharField()
    reviewed_on = DateField()
    confirmed_by = CharField(default="")  # doubtful holds once a second person has confirmed it
    confirmed_on = DateField(null=True)

    class Meta:
        indexes = ((("round", "unit_slug", "test", "detail"), True),)


class RoundStep(Record):
    """A step of a round that outlives a request: asked for, begun, ended."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
    step = CharField()  # shut | unseal | compute | publish
    asked_by = CharField()
    asked_at = DateTimeField()
    begun_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    said = TextField(default="")  # where it is, or how it ended, in Chinese
    outcome = CharField(default="")  # ok | failed
