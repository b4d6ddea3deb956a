"""The tables of what is collected.

Anonymity is in the shape: a code knows no ballot, a use knows no code without the admit key, a ballot knows neither.
Tables written in one step have no rowid, for running numbers would match a code to its ballot by order.
"""

from peewee import (
    BlobField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from survey_app.store.models.record import Record


class EvaluationRound(Record):
    code = CharField(unique=True)
    name = CharField()
    instrument = CharField()
    status = CharField(default="draft")
    opens_on = DateField()
    closes_on = DateField()
    method_toml = BlobField()
    method_sha256 = CharField()
    amendments = TextField(default="[]")  # JSON list of {"on", "text"}
    public_key = BlobField(null=True)
    opened_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    published_at = DateTimeField(null=True)

    class Meta:
        constraints = [Check("closes_on >= opens_on")]


class RoundUnit(Record):
    """A unit as it stood when the round was made; a later rename changes nothing here."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", backref="units", column_name="round")
    slug = CharField()
    zh = CharField()
    class_code = CharField()
    parent_slug = CharField(null=True)
    sizes = TextField(default="{}")  # JSON {"panel": {group: n}, "population": {group: n}}

    class Meta:
        indexes = ((("round", "slug"), True),)


class CodeBatch(Record):
    """Codes issued together. Only numbers are kept: which code was used is nowhere written."""

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
    group = CharField()
    unit = ForeignKeyField(RoundUnit, null=True, on_delete="RESTRICT", column_name="unit")  # null: any unit
    channel = CharField()
    issued = IntegerField()
    used = IntegerField(default=0)  # codes used at least once
    issued_on = DateField()
    label = CharField(default="")  # four signs, printed on every card of the batch
    void = IntegerField(default=0)  # codes that were unused when the batch was voided
    voided_on = DateField(null=True)
    void_reason = CharField(default="")
    replaces = CharField(default="")  # label of the batch it was issued for


class Code(Record):
    code_tag = BlobField(primary_key=True)
    batch = ForeignKeyField(CodeBatch, on_delete="RESTRICT", column_name="batch", index=False)

    class Meta:
        without_rowid = True


class CodeUse(Record):
    use_tag = BlobField(primary_key=True)

    class Meta:
        without_rowid = True


class Ballot(Record):
    ballot_key = BlobField(primary_key=True)
    unit = ForeignKeyField(RoundUnit, on_delete="RESTRICT", column_name="unit", index=False)
    group = CharField()
    channel = CharField()
    period = DateField()  # the Monday of the week, never a day or a time
    proof = BlobField()
    commitment = BlobField()
    sealed = BlobField(null=True)  # deleted when the round's snapshot stands

    class Meta:
        without_rowid = True


class BoxWeek(Record):
    """Ballots in a round's box by week, changed in the transaction that changes the box: counting it takes a second.

    Nothing the ballots themselves do not show: no unit, no group, no channel, no time.
    """

    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round", index=False)
    period = DateField()
    ballots = IntegerField()  # no CHECK: a number somebody has tampered with must refuse nobody's ballot

    class Meta:
        without_rowid = True
        primary_key = CompositeKey("round", "period")


class Words(Record):
    """Optional words of a second form: no period, a random place, sealed like a ballot."""

    words_key = BlobField(primary_key=True)
    unit = ForeignKeyField(RoundUnit, on_delete="RESTRICT", column_name="unit", index=False)
    sealed = BlobField()

    class Meta:
        without_rowid = True
