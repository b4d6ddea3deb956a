"""kill -9 and a full disk while files are handed in: no row without its file, no half file, no false answer."""

import os
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from survey_app.casework import attachments
from survey_app.casework.attachments import open_attachment, take
from survey_app.config import HOME, Settings, load_keys, make_keys
from survey_app.store import sealed_files
from survey_app.store.database import StorageUnavailable, database, open_database
from survey_app.store.models import CaseAttachment
from tests.attaching import printed, sent
from tests.cases import Desk
from tests.factories import make_pages
from tests.slow.test_crashes import SmallDisk, mount

pytestmark = pytest.mark.slow
KILLS, LOAD_S = 12, 0.4


def killed_after_some_files(settings, number, chance):
    """Start a process that attaches, kill it in the middle of its work; what it said was stored."""
    command = [sys.executable, "-m", "tests.slow.attacher", str(settings.var), str(settings.keys), number]
    process = subprocess.Popen(
        command, cwd=HOME, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(HOME)}
    )
    assert process.stdout.readline() == "ready\n"
    first = process.stdout.readline()
    time.sleep(chance.uniform(0, LOAD_S))
    process.kill()
    said = first + process.stdout.read()
    process.wait(60)
    process.stdout.close()
    assert process.returncode == -9
    whole = [line for line in said.splitlines(keepends=True) if line.endswith("\n")]
    return [digest for line in whole for digest in line.split()]


def test_twelve_processes_are_killed_while_they_attach_and_every_row_has_its_file(store, settings, keys, clock):
    number = Desk(keys, settings, clock).receive().number
    chance = random.Random(20261103)
    said = [digest for _ in range(KILLS) for digest in killed_after_some_files(settings, number, chance)]
    rows = list(CaseAttachment.select())
    folder = settings.var / attachments.FOLDER

    assert len(said) >= 2 * KILLS
    assert set(said) <= {row.digest for row in rows}
    assert len(rows) % 2 == 0  # both files of a hand-in, or none
    for row in rows:
        assert len(open_attachment(row, keys=keys, settings=settings)) == row.size
    before = {file.name for file in folder.iterdir()}
    swept = attachments.sweep(settings, sealed_files.known, datetime.now(UTC) + timedelta(days=2))
    assert {file.name for file in folder.iterdir()} == {row.digest for row in rows}
    assert swept == len(before) - len(rows)
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    print(f"\n{len(rows)} rows, {KILLS} kills, {swept} files without a row swept")


class FileLimit:
    """Where nothing can be mounted: the kernel refuses files above a size, as it does on a full disk, by an OSError."""

    def __init__(self, place):
        self.place, self.before = place, resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, self.before[1]))

    def empty(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


def test_on_a_disk_that_is_full_a_hand_in_leaves_nothing_and_works_again_when_there_is_room(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = mount(place)
    disk = SmallDisk(place) if mounted else FileLimit(place)
    try:
        _fill_and_try(disk, tmp_path)
    finally:
        database.close()
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def test_where_files_may_not_grow_a_hand_in_leaves_nothing_either(tmp_path):
    (tmp_path / "disk").mkdir()
    limit = FileLimit(tmp_path / "disk")
    try:
        _fill_and_try(limit, tmp_path)
    finally:
        limit.empty()
        database.close()


def _fill_and_try(disk, tmp_path):
    settings = Settings(var=disk.place, pages=tmp_path / "pages", keys=tmp_path / "keys")
    make_pages(settings.pages)
    make_keys(settings.keys)
    keys = load_keys(settings.keys)
    open_database(settings.database)
    heavy = [sent(printed().replace(b"%%EOF", b"%" + b"x" * 200_000 + b"\n%%EOF"), name) for name in ("a.pdf", "b.pdf")]
    disk.fill()
    with pytest.raises(StorageUnavailable):
        take(heavy, keys=keys, settings=settings)
    assert list((settings.var / attachments.FOLDER).iterdir()) == []
    disk.empty()
    for file in heavy:
        file.stream.seek(0)
    kept = take(heavy, keys=keys, settings=settings)
    assert [len(open_attachment(row, keys=keys, settings=settings)) > 200_000 for row in kept] == [True, True]
