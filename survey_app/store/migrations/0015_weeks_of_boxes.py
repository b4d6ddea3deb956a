"""How many ballots lie in each box by week, counted once here; an index on steps. A frozen copy of the models."""

from peewee import CompositeKey, DateField, ForeignKeyField, IntegerField, Model

_COUNT = """
INSERT INTO box_week (round, period, ballots)
SELECT round_unit.round, held.period, SUM(held.ballots)
FROM (SELECT unit, period, COUNT(*) AS ballots FROM ballot GROUP BY unit, period) AS held
JOIN round_unit ON round_unit.id = held.unit GROUP BY round_unit.round, held.period
"""


def up(migrator, db):
    class EvaluationRound(Model):
        class Meta:
            database = db
            table_name = "evaluation_round"

    class BoxWeek(Model):
        round = ForeignKeyField(EvaluationRound, on_delete="RESTRICT", column_name="round", index=False)
        period = DateField()
        ballots = IntegerField()

        class Meta:
            database = db
            table_name = "box_week"
            without_rowid = True
            primary_key = CompositeKey("round", "period")

    db.create_tables([BoxWeek])
    db.execute_sql(_COUNT)
    db.execute_sql('CREATE INDEX "caseevent_step_at" ON "case_event" ("step", "at")')
