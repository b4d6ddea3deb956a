"""Batches get a label and can be voided; paper cards wait for their second entry. A frozen copy of the models."""

from peewee import BlobField, CharField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    for column in (
        "label VARCHAR(255) NOT NULL DEFAULT ''",
        "void INTEGER NOT NULL DEFAULT 0",
        "voided_on DATE",
        "void_reason VARCHAR(255) NOT NULL DEFAULT ''",
        "replaces VARCHAR(255) NOT NULL DEFAULT ''",
    ):
        db.execute_sql(f"ALTER TABLE code_batch ADD COLUMN {column}")
    db.execute_sql("UPDATE code_batch SET label = 'B' || id")  # older batches, which have no printed label

    class EvaluationRound(Model):
        class Meta:
            database = db
            table_name = "evaluation_round"

    class PaperCard(Model):
        card_tag = BlobField(primary_key=True)
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round", index=False)
        number = IntegerField()
        state = CharField()
        first = BlobField(null=True)
        first_by = CharField()
        second = BlobField(null=True)
        second_by = CharField(default="")
        chosen = BlobField(null=True)
        chosen_by = CharField(default="")

        class Meta:
            database = db
            table_name = "paper_card"
            without_rowid = True
            indexes = ((("round", "number"), True),)

    db.create_tables([PaperCard])
