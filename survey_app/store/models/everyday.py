"""The tables of everyday ratings. As with ballots, anonymity is in the shape: no rowid, no time, no shared column.

A rating, the answers about commitments, the words and a contact lie in four tables that nothing joins. Only who asks
for an answer leaves one row in which all that is needed for the answer stands together; the form says so.
"""

from peewee import BlobField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from survey_app.store.models.record import Record


class VisitBatch(Record):
    """Visit codes issued together. Only numbers are kept: which code was used is nowhere written."""

    unit = CharField(index=True)
    procedure = CharField(default="")  # empty: any service of the unit
    month = CharField(index=True)
    issued = IntegerField()
    used = IntegerField(default=0)
    issued_on = DateField()


class VisitCode(Record):
    code_tag = BlobField(primary_key=True)
    batch = ForeignKeyField(VisitBatch, on_delete="RESTRICT", column_name="batch", index=False)

    class Meta:
        without_rowid = True


class ServiceRating(Record):
    rating_key = BlobField(primary_key=True)
    unit = CharField()
    channel = CharField()
    period = DateField()  # the Monday of the week, never a day or a time
    sealed = BlobField()  # level, ticks, flags

    class Meta:
        without_rowid = True


class KeptAnswer(Record):
    """What one person saw of one commitment."""

    kept_key = BlobField(primary_key=True)
    unit = CharField()
    procedure = CharField()  # the commitment's own, empty where it is for the whole unit
    commitment = CharField()
    verified = BooleanField()  # given with a visit code: only these make a kept-rate
    period = DateField()  # the first Monday of the month: coarser than a rating's week, so that weeks join nothing
    sealed = BlobField()

    class Meta:
        without_rowid = True


class ServiceWords(Record):
    words_key = BlobField(primary_key=True)
    unit = CharField()
    sealed = BlobField()

    class Meta:
        without_rowid = True


class AnswerWish(Record):
    """Somebody wants an answer: contact, level, ticks and words, sealed in one piece; no key of any other table."""

    wish_key = BlobField(primary_key=True)
    unit = CharField()
    month = CharField()
    sealed = BlobField()

    class Meta:
        without_rowid = True
