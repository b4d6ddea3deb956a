"""Reports for the discipline officer. Nothing here says who wrote, about whom, or on which day; the rest is sealed."""

from peewee import BlobField, CharField, DateField

from survey_app.store.models.record import Record


class SealedReport(Record):
    report_key = BlobField(primary_key=True)
    week = DateField()  # the Monday of the week, never a day or a time
    sealed_to = CharField()  # fingerprint of the officer's key, as people read it
    sealed = BlobField()  # words, contact and files in one piece, padded to one of five sizes

    class Meta:
        without_rowid = True
