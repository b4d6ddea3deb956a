"""A later sheet says why; no plan follows another once its figures could be seen. What the store refuses, the database
refuses, too.

The year ends by the district's clock, eight hours before UTC (domain.cases.state).
"""

_SEEN = """CREATE TRIGGER year_end_plan_fixed BEFORE INSERT ON year_end_plan
WHEN NEW.version > 1 AND (
    CAST(strftime('%Y', NEW.settled_at, '+8 hours') AS INTEGER) > NEW.year
    OR EXISTS (SELECT 1 FROM year_end_sheet WHERE year = NEW.year)
)
BEGIN SELECT RAISE(ABORT, 'year_end_plan is fixed'); END"""
_WHY = """CREATE TRIGGER year_end_sheet_says_why BEFORE INSERT ON year_end_sheet
WHEN NEW.version > 1 AND trim(NEW.reason) = ''
BEGIN SELECT RAISE(ABORT, 'year_end_sheet says no reason'); END"""


def up(migrator, db):
    db.execute_sql("ALTER TABLE year_end_sheet ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
    for trigger in (_SEEN, _WHY):
        db.execute_sql(trigger)
