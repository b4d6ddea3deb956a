"""The slowest pages of the work side over a large database, in process, and what they weigh.

python tests/bench_desk.py [--ballots N] [--cases N] [--units N]    Exit code 1: a page takes over 300 ms or weighs
over 60 KB gzipped.

Every GET of every role is asked for three times; the middle counts, in CPU time of
the process: neighbours do not. Ballots and cases are laid into their tables as
rows of chance: their number is what costs, not what they say. The bound is the same app's smallest page.
"""

import argparse
import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask

from survey_app import create_app
from survey_app.config import Settings, load_keys, make_keys
from survey_app.domain.roles import ROLES
from survey_app.store.database import close_database, database, open_database, write
from survey_app.store.rounds import RatedUnit
from survey_app.web.doors import OPENED_BY, READ_BY_AUDITOR
from tests.accounts import make_account, sign_in
from tests.factories import Clock, make_codes, make_pages, make_round
from tests.serving import NOON

MOST_MS, MOST_BYTES, TIMES = 300, 60 * 1024, 3
UNIT_PAGE = "---\nkind: unit\ntitle: 第{n}局\nclass: window\nimported: true\nupdated_on: 2026-01-05\n---\n"
ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
BALLOTS = (
    f"{ROWS}INSERT INTO ballot (ballot_key, unit, 'group', channel, period, proof, commitment, sealed) "  # noqa: S608  # our own table names
    "SELECT randomblob(32), ? + i % ?, 'citizen', 'invited', date('2026-10-12', (i % 7 * 7) || ' days'), "
    "randomblob(32), randomblob(32), randomblob(200) FROM n"
)
CASES = (  # our own table names
    f"{ROWS}INSERT INTO case_record (number, case_key, kind, channel, unit_slug, procedure_slug, state, received_at, "  # noqa: S608
    "stage, due_on, raised, extension, dispute, satisfied, reopened, version, closed_at, has_contact) "
    "SELECT printf('2026-%06d', i), randomblob(32), 'complaint', 'web', printf('u%03d', i % ?), '', "
    "CASE WHEN i % 5 THEN 'closed' ELSE 'received' END, datetime('2026-01-01', (i % 300) || ' days'), '', "
    "CASE WHEN i % 5 THEN NULL ELSE date('2026-01-12', (i % 300) || ' days') END, '', '', '', '', 0, 1, "
    "CASE WHEN i % 5 THEN datetime('2026-01-09', (i % 300) || ' days') END, 0 FROM n"
)
EVENTS = (
    "INSERT INTO case_event (case_number, number, at, actor, role, step, public_words, internal_words, detail) "
    "SELECT number, 1, received_at, '', 'citizen', 'received', '', '', '{}' FROM case_record"
)


@dataclass(frozen=True)
class Asked:
    """One page as one role asks for it; the middle of its times."""

    role: str
    address: str
    status: int
    ms: float
    gzipped: int


def main() -> int:
    """Make the district, ask for everything, print the ten slowest and the heaviest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--units", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(NOON)
        app = district(Path(folder), clock, units=asked.units, ballots=asked.ballots, cases=asked.cases)
        found = sorted(walk(app, clock), key=lambda one: -one.ms)
        close_database()
    show(found)
    slow, heavy = [one for one in found if one.ms > MOST_MS], [one for one in found if one.gzipped > MOST_BYTES]
    return 1 if slow or heavy else 0


def district(folder: Path, clock: Clock, *, units: int, ballots: int, cases: int) -> Flask:
    """A portal with so many units, ballots of an open round, cases, a person for each unit."""
    settings = Settings(
        var=folder / "var", pages=folder / "pages", keys=folder / "keys", memory=folder / "memory", https=False
    )
    make_keys(settings.keys)
    make_pages(settings.pages)
    for number in range(units):
        file = settings.pages / "units" / f"u{number:03}" / "index.md"
        file.parent.mkdir(parents=True)
        file.write_text(UNIT_PAGE.format(n=number))
    open_database(settings.database)
    rated = tuple(RatedUnit(f"u{number:03}", f"第{number}局", "window") for number in range(units))
    round_ = make_round(settings, "2026-h2", clock=clock, units=rated)
    make_codes(load_keys(settings.keys), clock, count=1000)
    for number in range(units):
        make_account(clock, f"person-{number:03}", "unit_editor", unit=f"u{number:03}")
    first = min(unit.row for unit in round_.units)
    with write():
        database.execute_sql(BALLOTS, (ballots, first, units))
        database.execute_sql(CASES, (cases, units))
        database.execute_sql(EVENTS)
    app = create_app(settings, load_keys(settings.keys), clock)
    app.testing = True
    return app


def walk(app: Flask, clock: Clock) -> Iterator[Asked]:
    """Every page that each role may open, asked for by that role."""
    for role in ROLES:
        client = sign_in(app, clock, role, unit="u001")
        for address, opened_by, door in addresses(app):
            reads = role == "auditor" and door in READ_BY_AUDITOR
            opens = not opened_by or role in opened_by or reads
            if opens and (asked := _ask(client, role, address)):
                yield asked


def addresses(app: Flask) -> list[tuple[str, frozenset[str], str]]:
    """(address, roles, door) of every GET behind a door; places of an address are filled with what there is."""
    filled = {"round_code": "2026-h2", "unit_slug": "u001", "name": "notice", "path": "units/u001/index"}
    filled["number"] = "2026-000005"
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            door = app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
            opened_by = OPENED_BY[door]
            if opened_by is not None and "GET" in (rule.methods or ()):
                values = {key: _value(rule, key, filled) for key in rule.arguments}
                found.append((app.url_map.bind("x").build(rule.endpoint, values), opened_by, door))
    return found


def _value(rule: object, key: str, filled: dict[str, str]) -> object:
    converter = rule._converters[key]  # type: ignore[attr-defined]  # whether a number or words stand here
    return 1 if type(converter).__name__ == "IntegerConverter" else filled.get(key, "x")


def _ask(client: object, role: str, address: str) -> Asked | None:
    """None where it is a file and no page."""
    times = []
    for _ in range(TIMES):
        began = time.process_time()
        answer = client.get(address, buffered=True)  # type: ignore[attr-defined]
        times.append(1000 * (time.process_time() - began))
    if "html" not in answer.content_type:
        return None
    weight = len(gzip.compress(answer.data, 6))
    return Asked(role, address, answer.status_code, sorted(times)[TIMES // 2], weight)


def show(found: list[Asked]) -> None:
    """The ten slowest addresses, the heaviest page, and the bound."""
    slowest: dict[str, Asked] = {}
    for one in found:
        slowest.setdefault(one.address, one)
    bound = min(one.ms for one in found if one.status == 200)
    print(f"{'page':48}{'role':20}{'status':>7}{'ms':>9}{'of bound':>10}{'KB gz':>8}")
    for one in list(slowest.values())[:10]:
        figures = f"{one.status:>7}{one.ms:>9.1f}{one.ms / bound:>10.1f}{one.gzipped / 1024:>8.1f}"
        print(f"{one.address:48}{one.role:20}{figures}")
    heaviest = max(found, key=lambda one: one.gzipped)
    print(f"\n{len(found)} pages asked for; heaviest {heaviest.address} {heaviest.gzipped / 1024:.1f} KB gzipped")


if __name__ == "__main__":
    sys.exit(main())
