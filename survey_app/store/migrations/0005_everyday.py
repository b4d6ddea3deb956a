"""Everyday ratings and visit codes. A frozen copy of the models, on purpose independent of them."""

from peewee import BlobField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class VisitBatch(Model):
        unit = CharField(index=True)
        procedure = CharField(default="")
        month = CharField(index=True)
        issued = IntegerField()
        used = IntegerField(default=0)
        issued_on = DateField()

        class Meta:
            database = db
            table_name = "visit_batch"

    class VisitCode(Model):
        code_tag = BlobField(primary_key=True)
        batch = ForeignKeyField(VisitBatch, on_delete="RESTRICT", column_name="batch", index=False)

        class Meta:
            database = db
            table_name = "visit_code"
            without_rowid = True

    class ServiceRating(Model):
        rating_key = BlobField(primary_key=True)
        unit = CharField()
        channel = CharField()
        period = DateField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "service_rating"
            without_rowid = True

    class KeptAnswer(Model):
        kept_key = BlobField(primary_key=True)
        unit = CharField()
        procedure = CharField()
        commitment = CharField()
        verified = BooleanField()
        period = DateField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "kept_answer"
            without_rowid = True

    class ServiceWords(Model):
        words_key = BlobField(primary_key=True)
        unit = CharField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "service_words"
            without_rowid = True

    class AnswerWish(Model):
        wish_key = BlobField(primary_key=True)
        unit = CharField()
        month = CharField()
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "answer_wish"
            without_rowid = True

    db.create_tables([VisitBatch, VisitCode, ServiceRating, KeptAnswer, ServiceWords, AnswerWish])
