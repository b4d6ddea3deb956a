"""Fifty thousand cases and four hundred thousand events: how long each list and page takes, as a ratio to a bare query.

python tests/bench_cases.py [--cases N]    Nothing here is asserted. The bound is SELECT count(*) over the same table.

Rows are written straight into the tables, for the verbs would take hours; what is measured are the verbs that read.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from survey_app.config import load_keys, make_keys
from survey_app.domain.cases import box
from survey_app.domain.cases.kinds import KINDS
from survey_app.store import case_lists, case_private, cases
from survey_app.store.case_histories import closed_between, histories
from survey_app.store.case_lists import NEWEST, OPEN, Wanted
from survey_app.store.database import close_database, database, open_database, write

UNITS = [f"unit-{i:02}" for i in range(60)]
TODAY = date(2026, 11, 3)
WAY = ("received", "assigned", "contacted", "note", "answered", "verified", "satisfied", "closed")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make_keys(Path(folder) / "keys")
        keys = load_keys(Path(folder) / "keys")
        open_database(Path(folder) / "var" / "pingyi.sqlite3")
        fill(asked.cases, keys)
        bound = took(lambda: database.execute_sql("SELECT count(*) FROM case_event").fetchall())
        print(f"{asked.cases} cases, {asked.cases * len(WAY)} events; bare count of events {bound:.1f} ms")
        print(f"{'':44}{'p50 ms':>9}{'of bare':>9}")
        for name, read in readings(keys, asked.cases).items():
            ms = took(read)
            print(f"{name:44}{ms:9.1f}{ms / bound:9.2f}")
        close_database()


def took(read) -> float:
    """Median of seven runs in milliseconds, after one to warm up."""
    times = []
    for _ in range(8):
        begun = time.perf_counter()
        read()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times[1:])


def fill(how_many: int, keys) -> None:
    """Cases of two years, one in ten open; a third of them disputed, late or waiting for an extension."""
    chance, sealed = random.Random(1), box.seal(keys.case, box.WORDS, {"words": "等了三天" * 40})
    with write():
        for number in range(1, how_many + 1):
            _one(number, how_many, chance, sealed)


def _one(number: int, how_many: int, chance: random.Random, sealed: bytes) -> None:
    at = datetime(2024, 11, 4, tzinfo=UTC) + timedelta(days=728 * number / how_many)
    name, is_open = f"{at.year}-{number:06}", number > how_many * 0.9
    unit, kind = chance.choice(UNITS), chance.choice(sorted(KINDS))
    due = TODAY + timedelta(days=chance.randrange(-5, 15)) if is_open else None
    state = chance.choice(["assigned", "contacted", "answered"]) if is_open else "closed"
    extra = (chance.choice(["", "", "office"]), chance.choice(["", "", "asked"]), chance.choice(["", "", "pending"]))
    database.execute_sql(
        "INSERT INTO case_record VALUES (?,?,?,'web',?,'',?,?,'answer',?,?,?,?,'',0,?,?,0)",
        (
            *(name, chance.randbytes(32), kind, unit, state, str(at.replace(tzinfo=None)), due and str(due)),
            *(extra if is_open else ("", "", "")),
            *(len(WAY), None if is_open else str(at.replace(tzinfo=None) + timedelta(days=6))),
        ),
    )
    if number % 20 == 0:
        database.execute_sql("INSERT INTO case_co_unit VALUES (?,?)", (name, chance.choice(UNITS)))
    database.execute_sql("INSERT INTO case_words VALUES (?,1,?)", (name, sealed))
    steps_ = WAY[:5] + ("note",) * 3 if is_open else WAY
    for event, step in enumerate(steps_, 1):
        detail = json.dumps({"unit": unit, "outcome": "solved", "channel": "web"})
        row = (name, event, str(at.replace(tzinfo=None) + timedelta(days=event / 2)), step, detail)
        sql = "INSERT INTO case_event VALUES (?,?,?,'clerk','unit',?,'已经办好','内部',?,NULL)"
        database.execute_sql(sql, row)


def readings(keys, how_many: int):
    """What people open, by name."""
    last = case_lists.list_cases(Wanted(), sort=NEWEST, limit=1).cases[0].number
    mine = {"unit": UNITS[7]}
    return {
        "unit desk: my open cases by deadline": lambda: case_lists.list_cases(Wanted(**mine, open=OPEN)),
        "unit desk: all, with words of the page": lambda: _with_words(Wanted(**mine), keys),
        "office: open, overdue first": lambda: case_lists.list_cases(Wanted(open=OPEN)),
        "office: overdue": lambda: case_lists.list_cases(Wanted(overdue_on=TODAY)),
        "office: raised": lambda: case_lists.list_cases(Wanted(raised="office")),
        "office: disputes": lambda: case_lists.list_cases(Wanted(disputes=True)),
        "office: extensions": lambda: case_lists.list_cases(Wanted(extensions=True)),
        "office: all, last page": lambda: case_lists.list_cases(Wanted(), offset=how_many - 50),
        "office: a kind of a month": lambda: case_lists.list_cases(
            Wanted(kinds=["complaint"], received_from=date(2026, 5, 1), received_to=date(2026, 5, 31))
        ),
        "figures: cases closed in a month": lambda: list(histories(closed_between(date(2026, 5, 1), date(2026, 6, 1)))),
        "counts by state": lambda: case_lists.counts_by_state(UNITS[7]),
        "one case with its events and words": lambda: (cases.state(last), case_private.words_of(last, keys)),
        "what the clocks have to look at": lambda: case_lists.due_cases(TODAY + timedelta(days=16)),
    }


def _with_words(wanted: Wanted, keys) -> None:
    page = case_lists.list_cases(wanted)
    case_private.first_words([case.number for case in page.cases], keys)


if __name__ == "__main__":
    main()
