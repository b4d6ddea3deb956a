"""The sealed inbox. A frozen copy of the model, on purpose independent of it."""

from peewee import BlobField, CharField, DateField, Model


def up(migrator, db):
    class SealedReport(Model):
        report_key = BlobField(primary_key=True)
        week = DateField()
        sealed_to = CharField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "sealed_report"
            without_rowid = True

    db.create_tables([SealedReport])
