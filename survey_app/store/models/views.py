"""What a person keeps for themselves of the lists they work with."""

from peewee import CharField, DateTimeField, ForeignKeyField

from survey_app.store.models.accounts import Account
from survey_app.store.models.record import Record


class SavedView(Record):
    account = ForeignKeyField(Account, on_delete="CASCADE", column_name="account", index=False)
    place = CharField()  # path of the list, below the prefix
    name = CharField()
    query = CharField()  # the part of the address behind the question mark
    saved_at = DateTimeField()

    class Meta:
        indexes = ((("account", "place", "name"), True),)
