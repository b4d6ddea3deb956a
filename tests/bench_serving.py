"""How many ratings a whole server takes, as a ratio to a bare WSGI app that does the same INSERT, in the same run.

python tests/bench_serving.py [--seconds N] [--citizens N]    Nothing here is asserted.

Each row: so many citizens post one form after the other, each over a connection of their own, for so many seconds.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from survey_app.config import Settings, load_keys, make_keys
from survey_app.store.database import close_database, database, open_database
from tests import bare
from tests.factories import Clock, make_codes, make_pages, make_round
from tests.serving import ANSWERS, NOON, Served, hidden_fields, portal, post

Send = Callable[[], None]


@dataclass(frozen=True)
class Taken:
    """One row: requests a second, and how long they took."""

    per_s: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Measure the app and the bare app with one worker and with two, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--citizens", type=int, default=8)
    asked = parser.parse_args()
    print(f"{'':34}{'ratings/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'of bare':>9}")
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            bound = measure(*bare_app(Path(folder), workers), asked)
        with tempfile.TemporaryDirectory() as folder:
            ours = measure(*whole_app(Path(folder), workers), asked)
        show(f"bare WSGI app, {workers} worker(s)", bound, bound)
        show(f"POST of a rating, {workers} worker(s)", ours, bound)
    print(f"\n{asked.citizens} citizens, {asked.seconds:.0f} s a row, {os.cpu_count()} cores; they share the cores.")


def bare_app(folder: Path, workers: int) -> tuple[Served, Send]:
    """The bound, and one request to it."""
    bare.make(folder / "bare.sqlite3")
    served = Served(["tests.bare", str(folder / "bare.sqlite3")], workers)
    return served, lambda: _require(post(served.port, {"code": "2" * 10, **ANSWERS})[0])


def whole_app(folder: Path, workers: int) -> tuple[Served, Send]:
    """A portal with an open round and unused codes, and one rating."""
    settings = Settings(var=folder / "var", pages=folder / "var" / "pages", keys=folder / "keys")
    make_pages(settings.pages)
    make_keys(settings.keys)
    open_database(settings.database)
    clock = Clock(NOON - timedelta(minutes=1))
    make_round(settings, "2026-h2", clock=clock)
    codes = _one_by_one(make_codes(load_keys(settings.keys), clock, count=30_000))
    close_database()
    database.close()
    served = portal(settings, workers)
    hidden = hidden_fields(served.port)
    time.sleep(3.1)  # a form sent sooner than a person can read it is not taken for a person's
    return served, lambda: _require(post(served.port, {**hidden, **ANSWERS, "code": next(codes)})[0])


def _one_by_one(codes: list[str]) -> Iterator[str]:
    """An iterator that several threads may share."""
    numbers = count()
    return iter(lambda: codes[next(numbers)], None)


def _require(status: int) -> None:
    if status != 200:
        raise SystemExit(f"the server answered {status}")


def measure(served: Served, send: Send, asked: argparse.Namespace) -> Taken:
    """Citizens in threads, each sending without a pause until the time is up; the first second is not counted."""
    waits: list[float] = []
    began = time.perf_counter() + 1
    threads = [
        threading.Thread(target=_keep_sending, args=(send, waits, began, asked.seconds)) for _ in range(asked.citizens)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    served.stop()
    ordered = sorted(waits)
    return Taken(
        len(ordered) / asked.seconds, ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 99 // 100] * 1000
    )


def _keep_sending(send: Send, waits: list[float], began: float, seconds: float) -> None:
    while (now := time.perf_counter()) < began + seconds:
        send()
        if now >= began:
            waits.append(time.perf_counter() - now)


def show(title: str, taken: Taken, bound: Taken) -> None:
    """One line of the table."""
    print(f"{title:34}{taken.per_s:10.0f}{taken.p50_ms:9.1f}{taken.p99_ms:9.1f}{taken.per_s / bound.per_s:9.2f}")


if __name__ == "__main__":
    main()
