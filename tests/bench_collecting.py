"""How dear one ballot is, as a ratio to a bound measured in the same run: python tests/bench_collecting.py [--rounds N]

A ratio holds on any machine; a time holds on one. Nothing here is asserted.

    store        store.ballots.cast_ballot               against one bare sqlite3 insert of a row of the same size
    not counted  the same without the number of ballots by week
    POST         the same through Flask's test client    against the same insert
    GET          the form, drawn for one unit            against rendering a static string of equal size
"""

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median as middle
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jinja2 import Environment

from survey_app import create_app
from survey_app.config import Keys, Settings, load_keys, make_keys
from survey_app.domain.formmark import new_mark
from survey_app.store import boxweeks
from survey_app.store.database import close_database
from tests.factories import Clock, cast, make_codes, make_pages, make_round

ADDRESS = "/rate/2026-h2/tax"
ROW_BYTES = 560 + 3 * 32  # a sealed ballot, its key, proof and commitment
Work = Callable[[], object]


def main() -> None:
    """Measure in turns, so that a busy moment of the machine hits all of them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured (default 7)")
    parser.add_argument("--calls", type=int, default=150, help="calls per measurement (default 150)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        works = prepare(Path(folder), asked.rounds * asked.calls)
        figures = measure(works, asked.rounds, asked.calls)
        close_database()
    show(figures)
    print(
        f"\n{asked.rounds} x {asked.calls} calls each, medians, {os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}"
    )
    print(
        f"Python {sys.version.split()[0]}; CPU is user + system of this process; wall includes the flush to the disk."
    )


def prepare(folder: Path, calls: int) -> dict[str, Work]:
    """A portal with one open round and enough codes, and the bounds beside it."""
    places = {"var": folder / "var", "pages": folder / "var" / "pages", "keys": folder / "keys"}
    settings = Settings(**places, memory=folder / "memory")
    make_pages(settings.pages)
    make_keys(settings.keys)
    keys, clock = load_keys(settings.keys), Clock(datetime(2026, 11, 3, 4, tzinfo=UTC))
    client = create_app(settings, keys, clock).test_client()
    make_round(settings, "2026-h2", clock=clock)
    form = client.get(ADDRESS)
    assert form.status_code == 200
    static = Environment(autoescape=True).from_string("{% raw %}" + form.get_data(as_text=True) + "{% endraw %}")
    return {
        "insert": bare_insert(folder / "bare.sqlite3"),
        "cast": casting(keys, clock, calls),
        "uncounted": uncounted(casting(keys, clock, calls)),
        "post": posting(client, keys, clock, calls),
        "static": static.render,
        "get": lambda: client.get(ADDRESS).get_data(),
    }


def bare_insert(path: Path) -> Work:
    """The bound: one row of a ballot's size, with the same promises, and nothing else."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE ballot (key BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID")
    content = os.urandom(ROW_BYTES - 32)
    return lambda: connection.execute("INSERT INTO ballot VALUES (?, ?)", (os.urandom(32), content))


def casting(keys: Keys, clock: Clock, calls: int) -> Work:
    """One ballot through the store, with the reading of its round."""
    fresh = iter(make_codes(keys, clock, count=calls + 10))
    return lambda: cast(keys, clock, next(fresh))


def uncounted(work: Work) -> Work:
    """The same without the number by week that is kept beside the box: what that number costs."""

    def cast_alone() -> None:
        with patch.object(boxweeks, "add", lambda *_number: None):
            work()

    return cast_alone


def posting(client: object, keys: Keys, clock: Clock, calls: int) -> Work:
    """One ballot through the whole app: form, checks, store, redirect."""
    fresh = iter(make_codes(keys, clock, count=calls + 10))
    answers = {"q-attitude": "5", "q-efficiency": "4", "q-overall": "0"}

    def post() -> None:
        form = {"code": next(fresh), "nonce": new_mark(keys.receipt, clock()), **answers}
        answer = client.post(ADDRESS, data=form)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    return post


def measure(works: dict[str, Work], rounds: int, calls: int) -> dict[str, tuple[float, float]]:
    """(CPU, wall) per call in microseconds: the median over the rounds."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(calls):
                work()
            seen[name].append(((time.process_time() - cpu) / calls * 1e6, (time.perf_counter() - wall) / calls * 1e6))
    return {name: (middle(cpu for cpu, _ in pairs), middle(wall for _, wall in pairs)) for name, pairs in seen.items()}


def show(figures: dict[str, tuple[float, float]]) -> None:
    """Each figure beside its bound."""
    lines = [
        ("one bare sqlite3 insert (the bound)", "insert", "insert"),
        ("store.ballots.cast_ballot", "cast", "insert"),
        ("the same, not counted by week", "uncounted", "insert"),
        ("POST of a rating, whole app", "post", "insert"),
        ("rendering a static string (the bound)", "static", "static"),
        ("GET of the form, whole app", "get", "static"),
    ]
    print(f"{'':40}{'CPU':>9}{'wall':>9}{'CPU':>9}{'wall':>9}")
    print(f"{'':40}{'µs':>9}{'µs':>9}{'ratio':>9}{'ratio':>9}")
    for title, name, bound in lines:
        (cpu, wall), (bound_cpu, bound_wall) = figures[name], figures[bound]
        print(f"{title:40}{cpu:9.0f}{wall:9.0f}{cpu / bound_cpu:9.1f}{wall / bound_wall:9.1f}")


if __name__ == "__main__":
    main()
