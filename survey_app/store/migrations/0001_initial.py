"""The first tables: rounds, codes, ballots, words. A frozen copy of the models, on purpose independent of them."""

from peewee import (
    BlobField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class EvaluationRound(Model):
        code = CharField(unique=True)
        name = CharField()
        instrument = CharField()
        status = CharField(default="draft")
        opens_on = DateField()
        closes_on = DateField()
        method_toml = BlobField()
        method_sha256 = CharField()
        amendments = TextField(default="[]")
        public_key = BlobField(null=True)
        opened_at = DateTimeField(null=True)
        closed_at = DateTimeField(null=True)
        published_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "evaluation_round"
            constraints = [Check("closes_on >= opens_on")]

    db.create_tables([EvaluationRound])

    class RoundUnit(Model):
        round = ForeignKeyField(EvaluationRound, column_name="round", on_delete="RESTRICT")
        slug = CharField()
        zh = CharField()
        class_code = CharField()
        parent_slug = CharField(null=True)
        sizes = TextField(default="{}")

        class Meta:
            database = db
            table_name = "round_unit"
            indexes = ((("round", "slug"), True),)

    db.create_tables([RoundUnit])

    class Ballot(Model):
        ballot_key = BlobField(primary_key=True)
        unit = ForeignKeyField(RoundUnit, column_name="unit", on_delete="RESTRICT", index=False)
        group = CharField()
        channel = CharField()
        period = DateField()
        proof = BlobField()
        commitment = BlobField()
        sealed = BlobField(null=True)

        class Meta:
            database = db
            table_name = "ballot"
            without_rowid = True

    db.create_tables([Ballot])

    class CodeBatch(Model):
        round = ForeignKeyField(EvaluationRound, column_name="round", on_delete="RESTRICT")
        group = CharField()
        unit = ForeignKeyField(RoundUnit, null=True, column_name="unit", on_delete="RESTRICT")
        channel = CharField()
        issued = IntegerField()
        used = IntegerField(default=0)
        issued_on = DateField()

        class Meta:
            database = db
            table_name = "code_batch"

    db.create_tables([CodeBatch])

    class Code(Model):
        code_tag = BlobField(primary_key=True)
        batch = ForeignKeyField(CodeBatch, column_name="batch", on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "code"
            without_rowid = True

    db.create_tables([Code])

    class CodeUse(Model):
        use_tag = BlobField(primary_key=True)

        class Meta:
            database = db
            table_name = "code_use"
            without_rowid = True

    db.create_tables([CodeUse])

    class Words(Model):
        words_key = BlobField(primary_key=True)
        unit = ForeignKeyField(RoundUnit, column_name="unit", on_delete="RESTRICT", index=False)
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "words"
            without_rowid = True

    db.create_tables([Words])
