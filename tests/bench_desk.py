"""The slowest pages of the work side over a large database, in process, and what they weigh.

python tests/bench_desk.py [--ballots N] [--cases N] [--units N]    Exit code 1: a page takes over 300 ms or weighs
over 60 KB gzipped.

Every GET of every role is asked for three times; the middle and the first count, in CPU time of the process:
neighbours do not. The first includes what a process does once, such as reading a template. Besides ballots and cases
there are 2,000 orders, 5,000 findings and as many field notes, 200 assessments, 1,200 pages (tests/large_district.py).
The bound is the same app's smallest page.
"""

import argparse
import gzip
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask

from survey_app import create_app
from survey_app.config import Settings, load_keys, make_keys
from survey_app.domain.roles import ROLES
from survey_app.jobs import warming
from survey_app.store.database import close_database, open_database
from survey_app.web.doors import OPENED_BY, READ_BY_AUDITOR
from tests.accounts import make_account, sign_in
from tests.factories import Clock
from tests.large_district import ROUND, Size, make_district, sample_pages
from tests.serving import NOON

MOST_MS, MOST_BYTES, TIMES = 300, 60 * 1024, 3
# What stands in the places of an address where it is not `FILLED`, by the beginning of the address.
FILLED = {
    "round_code": ROUND,
    "unit_slug": "u001",
    "name": "notice",
    "path": "units/u001/index",
    "number": "2026-000005",
}
PLACES = {
    "/office/orders/": {"number": "2026-0009"},
    "/desk/orders/": {"number": "2026-0006"},  # an order of the unit that the desk belongs to
    "/office/briefs/": {"name": "2026-q3"},
    "/office/assessments/": {"name": "team"},
    "/office/year-end/": {"number": 2026},
    "/office/inspections/": {"number": 7},
}
# Lists as people narrow them: every row of a unit with its subordinate units, every row of a state.
NARROWED = (
    "/office/orders?unit=u001",
    "/office/orders?state=late",
    "/office/inspections?unit=u001",
    "/office/assessments?unit=u001",
    "/office/disclosure?sort=-renewed_late",
    "/office/disclosure?unit=u001",
    "/office/commitments?unit=u001",
    "/office/briefs/2026-10",
    "/office/cases?unit=u001",
)


@dataclass(frozen=True)
class Asked:
    """One page as one role asks for it; the middle of its times, and the first of them."""

    role: str
    address: str
    status: int
    ms: float
    first_ms: float
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
        app = district(Path(folder), clock, Size(asked.units, asked.ballots, asked.cases))
        found = sorted(walk(app, clock), key=lambda one: -one.ms)
        close_database()
    show(found)
    return 1 if any(max(one.ms, one.first_ms) > MOST_MS or one.gzipped > MOST_BYTES for one in found) else 0


def district(folder: Path, clock: Clock, size: Size) -> Flask:
    """The portal as it stands a moment after its start, a person for each unit."""
    settings = Settings(
        var=folder / "var", pages=folder / "pages", keys=folder / "keys", memory=folder / "memory", https=False
    )
    make_keys(settings.keys)
    sample_pages(settings.pages)
    open_database(settings.database)
    make_district(settings, clock, size)
    for number in range(size.units):
        make_account(clock, f"person-{number:03}", "unit_editor", unit=f"u{number:03}")
    app = create_app(settings, load_keys(settings.keys), clock)
    app.testing = True
    warming.read_ahead(settings, clock())
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
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            door = app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
            opened_by = OPENED_BY[door]
            if opened_by is not None and "GET" in (rule.methods or ()):
                filled = FILLED | next((more for start, more in PLACES.items() if rule.rule.startswith(start)), {})
                values = {key: _value(rule, key, filled) for key in rule.arguments}
                found.append((app.url_map.bind("x").build(rule.endpoint, values), opened_by, door))
    doors = {address: (opened_by, door) for address, opened_by, door in found}
    return found + [(one, *_door(doors, one)) for one in NARROWED]


def _door(doors: Mapping[str, tuple[frozenset[str], str]], address: str) -> tuple[frozenset[str], str]:
    """That of the list, or of another page of its kind."""
    bare = address.partition("?")[0]
    return doors.get(bare) or next(door for one, door in doors.items() if one.startswith(bare.rpartition("/")[0]))


def _value(rule: object, key: str, filled: Mapping[str, object]) -> object:
    converter = rule._converters[key]  # type: ignore[attr-defined]  # whether a number or words stand here
    wanted = filled.get(key, "x")
    return 1 if type(converter).__name__ == "IntegerConverter" and not isinstance(wanted, int) else wanted


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
    return Asked(role, address, answer.status_code, sorted(times)[TIMES // 2], times[0], weight)


def show(found: list[Asked]) -> None:
    """The ten slowest addresses, the ten slowest at the first look, the heaviest page, and the bound."""
    bound = min(one.ms for one in found if one.status == 200)
    _table("the middle of three looks", found, bound)
    _table("\nthe first look", sorted(found, key=lambda one: -one.first_ms), bound)
    heaviest = max(found, key=lambda one: one.gzipped)
    print(f"\n{len(found)} pages asked for; heaviest {heaviest.address} {heaviest.gzipped / 1024:.1f} KB gzipped")
    refused = sorted({f"{one.address} ({one.status})" for one in found if one.status >= 400})
    print(f"{len(refused)} addresses have nothing there in this district: {', '.join(refused)}")


def _table(title: str, found: list[Asked], bound: float) -> None:
    slowest: dict[str, Asked] = {}
    for one in found:
        slowest.setdefault(one.address, one)
    print(f"{title:48}{'role':20}{'status':>7}{'ms':>9}{'of bound':>10}{'first':>9}{'KB gz':>8}")
    for one in list(slowest.values())[:10]:
        figures = f"{one.ms:>9.1f}{one.ms / bound:>10.1f}{one.first_ms:>9.1f}{one.gzipped / 1024:>8.1f}"
        print(f"{one.address:48}{one.role:20}{one.status:>7}{figures}")


if __name__ == "__main__":
    sys.exit(main())
