"""The tables of a round's way to its opening, and of what was declared void or paused while it ran."""

from peewee import BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from survey_app.store.models.collecting import EvaluationRound, RoundUnit
from survey_app.store.models.record import Record


class RoundPlan(Record):
    """A plan that is being written; it is deleted when it has become a draft round."""

    mark = CharField(unique=True)  # drawn with the form, so that the same form sent twice makes one plan
    name = CharField()
    content = TextField()  # JSON, see domain.plans
    version = IntegerField(default=1)  # grows with every save: two people at one plan do not overwrite each other
    changed_by = CharField()
    changed_at = DateTimeField()


class RoundKey(Record):
    """The key of a round between its making and the proof of both copies; `sealed` is deleted with the second proof."""

    round = ForeignKeyField(EvaluationRound, column_name="round", primary_key=True, on_delete="RESTRICT")
    public_key = BlobField()
    sealed = BlobField(null=True)  # the private key under the hand-over code, which is not kept
    made_by = CharField()
    made_at = DateTimeField()
    office_by = CharField(default="")
    auditor_by = CharField(default="")


class RoundPause(Record):
    """A round that takes no ballots for now; the row goes when it goes on, what was said stays in its amendments."""

    round = ForeignKeyField(EvaluationRound, column_name="round", primary_key=True, on_delete="RESTRICT")
    reason = CharField()
    since_on = DateField()


class VoidUnit(Record):
    """A unit that was listed by mistake: as if the round had never named it, but for this line."""

    unit = ForeignKeyField(RoundUnit, column_name="unit", primary_key=True, on_delete="RESTRICT")
    reason = CharField()
    voided_on = DateField()
