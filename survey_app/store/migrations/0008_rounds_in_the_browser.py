"""Plans, key copies, pauses and voids of rounds; an opened round refuses to change. Frozen copies of the models."""

from peewee import BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField

# What was published before the first ballot stands for good, whoever writes to the database.
_FIXED = ("code", "name", "instrument", "opens_on", "method_toml", "method_sha256", "public_key", "opened_at")
_CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FIXED)
_OPENED = "(SELECT status FROM evaluation_round WHERE id = {row}.round) <> 'draft'"


def _refuse(name, event, table, when):
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, 'an opened round does not change'); END"
    )


def up(migrator, db):
    class EvaluationRound(Model):
        class Meta:
            database = db
            table_name = "evaluation_round"

    class RoundUnit(Model):
        class Meta:
            database = db
            table_name = "round_unit"

    class RoundPlan(Model):
        mark = CharField(unique=True)
        name = CharField()
        content = TextField()
        version = IntegerField(default=1)
        changed_by = CharField()
        changed_at = DateTimeField()

        class Meta:
            database = db
            table_name = "round_plan"

    class RoundKey(Model):
        round = ForeignKeyField(EvaluationRound, column_name="round", primary_key=True, on_delete="RESTRICT")
        public_key = BlobField()
        sealed = BlobField(null=True)
        made_by = CharField()
        made_at = DateTimeField()
        office_by = CharField(default="")
        auditor_by = CharField(default="")

        class Meta:
            database = db
            table_name = "round_key"

    class RoundPause(Model):
        round = ForeignKeyField(EvaluationRound, column_name="round", primary_key=True, on_delete="RESTRICT")
        reason = CharField()
        since_on = DateField()

        class Meta:
            database = db
            table_name = "round_pause"

    class VoidUnit(Model):
        unit = ForeignKeyField(RoundUnit, column_name="unit", primary_key=True, on_delete="RESTRICT")
        reason = CharField()
        voided_on = DateField()

        class Meta:
            database = db
            table_name = "void_unit"

    db.create_tables([RoundPlan, RoundKey, RoundPause, VoidUnit])
    opened = "OLD.status <> 'draft'"
    for trigger in (
        _refuse("opened_round_fixed", "UPDATE", "evaluation_round", f"{opened} AND ({_CHANGED})"),
        _refuse("opened_round_never_draft", "UPDATE", "evaluation_round", f"{opened} AND NEW.status = 'draft'"),
        _refuse(
            "opened_round_only_longer", "UPDATE", "evaluation_round", f"{opened} AND NEW.closes_on < OLD.closes_on"
        ),
        _refuse("opened_round_stays", "DELETE", "evaluation_round", opened),
        _refuse("opened_units_fixed", "UPDATE", "round_unit", _OPENED.format(row="OLD")),
        _refuse("opened_units_stay", "DELETE", "round_unit", _OPENED.format(row="OLD")),
        _refuse("opened_units_whole", "INSERT", "round_unit", _OPENED.format(row="NEW")),
    ):
        db.execute_sql(trigger)
