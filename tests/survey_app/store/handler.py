"""A worker process of its own: takes steps in cases, or looks at their clocks, and acknowledges each on stdout.

    python handler.py DATABASE KEYS_FOLDER ACTOR < lines

A line is "take NUMBER STEP SEEN MARK" (SEEN 0: as often as it takes, upon what is there) or "tick DAY".
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from survey_app.config import Settings, load_keys
from survey_app.domain.cases import steps
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.refusals import StaleCase
from survey_app.domain.cases.rules import Wish
from survey_app.domain.errors import Refusal
from survey_app.store import cases
from survey_app.store.cases import Step
from survey_app.store.database import close_database, open_database


def take(keys, actor, number, step, seen, mark):
    """One step of the unit tax; "ok", or the code of the refusal."""
    while True:
        version = int(seen) or cases.case(number).version
        wish = Wish(step, actor, steps.UNIT, "说明如下", "说明如下", {"unit": "water"}, unit="tax")
        try:
            cases.append(number, Step(wish, version, mark), clocks=Clocks(), keys=keys, now=datetime.now(UTC))
        except StaleCase as stale:
            if int(seen):
                return stale.code
        except Refusal as refusal:
            return refusal.code
        else:
            return "ok"


def main(database, keys_folder, actor):
    """Says "ready" once the database is open, so that several start together."""
    keys = load_keys(Path(keys_folder))
    settings = Settings(var=Path(database).parent, pages=Path(database).parent / "pages", keys=Path(keys_folder))
    open_database(Path(database))
    print("ready", flush=True)
    for line in sys.stdin:
        what, *rest = line.split()
        if what == "tick":
            from survey_app.casework import ticking  # weighs seconds: only for those who need it

            ticking.tick(settings, keys, datetime.fromisoformat(rest[0]).replace(tzinfo=UTC))
            print("ticked", flush=True)
        else:
            print(rest[0], take(keys, actor, *rest), flush=True)
    close_database()


if __name__ == "__main__":
    main(*sys.argv[1:])
