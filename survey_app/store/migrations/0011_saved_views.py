"""Saved views: what a person has chosen of a list, under a name. A frozen copy of the model."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class SavedView(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE", column_name="account", index=False)
        place = CharField()
        name = CharField()
        query = CharField()
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "saved_view"
            indexes = ((("account", "place", "name"), True),)

    db.create_tables([SavedView])
