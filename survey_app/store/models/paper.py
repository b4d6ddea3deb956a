"""Paper cards on their way into the ballot box.

Threat: what clerks type is an answer with a card's serial beside it. So a row holds no serial, no unit and no readable
answer (sealed under a key of the server, outside the database), and is deleted with its whole lot.
"""

from peewee import BlobField, CharField, ForeignKeyField, IntegerField

from survey_app.store.models.collecting import EvaluationRound
from survey_app.store.models.record import Record


class PaperCard(Record):
    card_tag = BlobField(primary_key=True)
    round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round", index=False)
    number = IntegerField()  # pencilled on the card, so that two clerks and a reviewer can speak of it
    state = CharField()
    first = BlobField(null=True)
    first_by = CharField()
    second = BlobField(null=True)
    second_by = CharField(default="")
    chosen = BlobField(null=True)  # after a difference, what one clerk has chosen; then what is counted
    chosen_by = CharField(default="")

    class Meta:
        without_rowid = True
        indexes = ((("round", "number"), True),)
