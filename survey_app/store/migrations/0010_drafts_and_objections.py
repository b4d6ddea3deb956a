"""Between close and publication: drafts, objections, flags, steps. A frozen copy of the models, independent of them."""

from peewee import BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField

_KEPT = (
    "CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'what a unit was shown or said is kept'); END"
)
_RULED = (
    "CREATE TRIGGER objection_stays_ruled BEFORE UPDATE ON objection WHEN OLD.state = 'ruled' "
    "BEGIN SELECT RAISE(ABORT, 'a ruling is not changed'); END"
)


def up(migrator, db):
    class EvaluationRound(Model):
        class Meta:
            database = db
            table_name = "evaluation_round"

    class DraftRelease(Model):
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
        digest = CharField()
        version = IntegerField()
        shown_by = CharField()
        shown_at = DateTimeField()
        shown_on = DateField()
        until_on = DateField()

        class Meta:
            database = db
            table_name = "draft_release"
            indexes = ((("round", "digest"), True),)

    class Objection(Model):
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
        unit_slug = CharField(index=True)
        digest = CharField()
        origin = CharField(default="unit")
        words = TextField()
        filed_by = CharField()
        filed_at = DateTimeField()
        filed_on = DateField()
        state = CharField(default="filed")
        decision = CharField(default="")
        reason = TextField(default="")
        correction = TextField(default="{}")
        proposed_by = CharField(default="")
        proposed_at = DateTimeField(null=True)
        ruled_by = CharField(default="")
        ruled_on = DateField(null=True)
        form_mark = CharField(unique=True)

        class Meta:
            database = db
            table_name = "objection"

    class ObjectionFile(Model):
        objection = ForeignKeyField(Objection, on_delete="RESTRICT", column_name="objection")
        name = CharField()
        sha256 = CharField()
        content = BlobField()

        class Meta:
            database = db
            table_name = "objection_file"

    class FlagReview(Model):
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
        unit_slug = CharField()
        test = CharField()
        detail = CharField()
        decision = CharField()
        reason = TextField()
        reviewed_by = CharField()
        reviewed_on = DateField()
        confirmed_by = CharField(default="")
        confirmed_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "flag_review"
            indexes = ((("round", "unit_slug", "test", "detail"), True),)

    class RoundStep(Model):
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round")
        step = CharField()
        asked_by = CharField()
        asked_at = DateTimeField()
        begun_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)
        said = TextField(default="")
        outcome = CharField(default="")

        class Meta:
            database = db
            table_name = "round_step"

    db.create_tables([DraftRelease, Objection, ObjectionFile, FlagReview, RoundStep])
    for table in ("draft_release", "objection", "objection_file"):
        db.execute_sql(_KEPT.format(table=table))
    db.execute_sql(_RULED)
