"""What every table shares."""

from peewee import Model

from survey_app.store.database import database


class Record(Model):
    class Meta:
        database = database
        legacy_table_names = False
