"""kill -9 under load and a full disk: what a citizen holds a receipt for is in the box afterwards."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from survey_app.config import HOME, Settings, load_keys, make_keys
from survey_app.domain.receipts import ReceiptUnknown
from survey_app.store import ballots, batches, boxweeks
from survey_app.store.database import StorageUnavailable, close_database, database, open_database
from tests.factories import cast, make_codes, make_pages, make_round

CASTER = HOME / "tests" / "survey_app" / "store" / "caster.py"
WORKERS, KILLS, LOAD_S = 3, 10, 0.4

pytestmark = pytest.mark.slow


def rows(sql):
    return database.execute_sql(sql).fetchall()


def is_sound():
    return rows("PRAGMA integrity_check") == [("ok",)] and rows("PRAGMA foreign_key_check") == []


def missing(receipts):
    """Receipts that citizens hold and the box does not know."""
    lost = []
    for receipt in receipts:
        try:
            ballots.find_by_receipt(receipt)
        except ReceiptUnknown:
            lost.append(receipt)
    return lost


# kill -9


class Worker:
    """A process that casts its codes one by one; what it acknowledged is kept as it arrives."""

    def __init__(self, settings, todo):
        self.todo, self.acknowledged, self.refused = list(todo), {}, []
        command = [sys.executable, str(CASTER), str(settings.database), str(settings.keys), "2026-h2", "tax"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HOME)},
        )
        self.threads = [threading.Thread(target=self._feed), threading.Thread(target=self._listen)]
        self.ready = Queue()
        for thread in self.threads:
            thread.start()

    def _feed(self):
        try:
            self.process.stdin.write("\n".join(self.todo) + "\n")
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # killed; the rest is taken over by its successor

    def _listen(self):
        for line in self.process.stdout:
            if line == "ready\n":
                self.ready.put(True)
            elif line.endswith("\n"):  # a line cut off by the kill was acknowledged to nobody
                code, answer = line.split()
                if answer.startswith("-"):
                    self.refused.append(answer)
                else:
                    self.acknowledged[code] = answer

    def end(self, *, kill):
        """Wait for it, or kill -9 it; the codes it did not acknowledge."""
        if kill:
            self.process.kill()
        self.process.wait(120)
        for thread in self.threads:
            thread.join(10)
        self.process.stdout.close()
        return [code for code in self.todo if code not in self.acknowledged]

    def works(self):
        """Wait until it has given some receipts."""
        self.ready.get(timeout=120)
        deadline = time.monotonic() + 120
        while len(self.acknowledged) < 20 and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.process.poll() is None and len(self.acknowledged) >= 20


@pytest.fixture
def workers(settings):
    """The processes of one test; none outlives it."""
    hired: list[Worker] = []
    yield hired
    for worker in hired:
        worker.end(kill=True)


def test_ten_workers_are_killed_under_load_and_every_receipt_they_gave_is_found(
    open_round, settings, keys, clock, workers
):
    issued = make_codes(keys, clock, count=20_000)
    chance = random.Random(20261103)
    acknowledged: dict[str, str] = {}
    workers.extend(Worker(settings, issued[i::WORKERS]) for i in range(WORKERS))
    for kills in range(KILLS):
        i = kills % WORKERS
        assert workers[i].works()
        time.sleep(chance.uniform(0, LOAD_S))
        left = workers[i].end(kill=True)
        assert workers[i].process.returncode == -9, "it was killed before its list was done"
        assert (workers[i].refused, bool(left)) == ([], True)
        assert missing(workers[i].acknowledged.values()) == []
        acknowledged |= workers[i].acknowledged
        workers[i] = Worker(settings, left)  # the code in flight is sent again, as a browser would
    in_flight = []
    for worker in workers:
        assert worker.works()
        in_flight.append(worker.end(kill=True)[0])
        acknowledged |= worker.acknowledged
    assert missing(acknowledged.values()) == []
    assert is_sound()
    stored = ballots.count_ballots("2026-h2")
    assert len(acknowledged) <= stored <= len(acknowledged) + WORKERS  # each process had one ballot in flight at most
    assert rows("SELECT count(*) FROM code_use") == [(2 * stored,)]
    assert batches.ledger("2026-h2")[0].used == stored
    assert boxweeks.differing() == []
    # Whoever got no answer sends the same form again and is in the box once, stored before or not.
    assert missing(cast(keys, clock, code) for code in in_flight) == []
    assert ballots.count_ballots("2026-h2") == len(acknowledged) + WORKERS == batches.ledger("2026-h2")[0].used
    print(f"\n{len(acknowledged)} acknowledged, {KILLS + WORKERS} kills, {stored - len(acknowledged)} stored without")


# A full disk


class SmallDisk:
    """A tmpfs of sixteen MiB that is filled with ballast and emptied again."""

    def __init__(self, place: Path):
        self.place = place

    def fill(self):
        """Leave room for a few dozen ballots in the log."""
        free = os.statvfs(self.place)
        room = free.f_bavail * free.f_frsize - 256 * 1024
        (self.place / "ballast").write_bytes(b"\0" * max(room, 0))

    def empty(self):
        (self.place / "ballast").unlink()


class PageLimit:
    """Where nothing can be mounted: SQLite's own limit on pages provokes the same SQLITE_FULL."""

    def __init__(self, place: Path):
        self.place = place

    def fill(self):
        [(pages,)] = rows("PRAGMA page_count")
        rows(f"PRAGMA max_page_count = {pages + 10}")

    def empty(self):
        rows("PRAGMA max_page_count = 1000000")


def mount(place: Path, size: str = "16m") -> bool:
    """Whether a small file system of its own could be had; root alone can."""
    if not shutil.which("mount"):
        return False
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | PageLimit]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = mount(place)
    try:
        yield SmallDisk(place) if mounted else PageLimit(place)
    finally:
        database.close()  # tidying may ask for room that a failed test has left none of
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def provokes_full(disk, keys, clock, spare):
    """Cast on a filled disk: the receipts given until it was full, and the refusals by code."""
    given, refusals = [], {}
    disk.fill()
    for code in spare:
        try:
            given.append(cast(keys, clock, code))
        except StorageUnavailable as refusal:
            refusals[code] = refusal
            if len(refusals) >= 30:
                break
    return given, refusals


def test_on_a_full_disk_nothing_given_is_lost_and_service_resumes_when_there_is_room(disk, tmp_path, clock):
    settings = Settings(var=disk.place, pages=tmp_path / "pages", keys=tmp_path / "keys")
    make_pages(settings.pages)
    make_keys(settings.keys)
    keys = load_keys(settings.keys)
    open_database(settings.database)
    make_round(settings, "2026-h2", clock=clock)
    issued = make_codes(keys, clock, count=2000)
    receipts = [cast(keys, clock, code) for code in issued[:100]]
    given, refusals = provokes_full(disk, keys, clock, issued[100:])
    if not refusals:
        message = f"no disk could be filled here ({type(disk).__name__})"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    assert {(refusal.code, refusal.status) for refusal in refusals.values()} == {("storage", 503)}
    assert all("没有保存" in str(refusal) for refusal in refusals.values())
    receipts += given
    assert missing(receipts) == []
    assert is_sound()
    assert ballots.count_ballots("2026-h2") == len(receipts) == batches.ledger("2026-h2")[0].used
    disk.empty()
    receipts += [cast(keys, clock, code) for code in refusals]
    assert missing(receipts) == []
    assert ballots.count_ballots("2026-h2") == len(receipts)
    close_database()
    open_database(settings.database)
    assert is_sound()
    assert missing(receipts) == []
    print(f"\n{type(disk).__name__}: {len(given)} given until full, {len(refusals)} refused, then all of them served")
