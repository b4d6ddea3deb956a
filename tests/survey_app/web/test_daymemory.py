"""What is counted for a day: shared by all processes, told to nobody, gone at midnight."""

import logging
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_app.config import HOME
from survey_app.web.daymemory import DayMemory, day_memory

NOW, TODAY = datetime(2026, 11, 3, 4, 0, tzinfo=UTC), date(2026, 11, 3)
COUNT_A_HUNDRED = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from survey_app.web.daymemory import DayMemory
memory = DayMemory(Path(sys.argv[1]))
for _ in range(100):
    memory.count("198.51.100.0/24", seconds=3600, now=datetime(2026, 11, 3, 4, 0, tzinfo=UTC), today=date(2026, 11, 3))
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "memory" / "ours"


@pytest.fixture
def memory(folder):
    """A noise network has been seen three times."""
    made = DayMemory(folder)
    for _ in range(3):
        count(made, "192.0.2.0/24")
    yield made
    made.forget()


def count(memory, name="198.51.100.0/24", now=NOW, today=TODAY, **how):
    return memory.count(name, seconds=3600, now=now, today=today, **how)


def everything_in(folder):
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_counts_each_network_for_itself(memory):
    assert [count(memory), count(memory), count(memory, "192.0.2.0/24")] == [1, 2, 4]


def test_looks_without_counting_and_takes_back_what_was_counted(memory):
    count(memory)
    assert count(memory, step=0) == 1
    assert count(memory, step=-1) == 0
    assert count(memory, step=-1) == 0  # never below nothing


def test_begins_anew_with_the_next_hour(memory):
    count(memory)

    assert count(memory, now=NOW + timedelta(minutes=59, seconds=59)) == 2
    assert count(memory, now=NOW + timedelta(hours=1)) == 1


def test_says_the_first_time_once(memory):
    until = NOW + timedelta(minutes=20)
    told = [memory.count_once(name, until=until, now=NOW, today=TODAY) for name in ("a", "b", "a")]

    assert told == [True, True, False]


def test_processes_and_threads_count_in_one_place_and_lose_nothing(memory, folder):
    command = [sys.executable, "-c", COUNT_A_HUNDRED, str(folder)]
    workers = [subprocess.Popen(command, cwd=HOME) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: count(memory), range(200)))
    assert [worker.wait(60) for worker in workers] == [0, 0]

    assert count(memory, step=0) == 2 * 100 + 200


def test_holds_no_address_and_none_can_be_tried_out_once_the_salt_is_gone(memory, folder):
    count(memory)
    held = everything_in(folder)

    assert b"198.51" not in held
    assert b"192.0" not in held


def test_midnight_leaves_neither_the_salt_nor_a_tag_of_the_day_before(memory, folder):
    count(memory)
    with sqlite3.connect(folder / "limits.sqlite3") as looking:
        [(salt,)] = looking.execute("SELECT salt FROM day").fetchall()
        tags = [tag for (tag,) in looking.execute("SELECT tag FROM tally")]
    looking.close()
    assert len(salt) == 32
    assert {len(tag) for tag in tags} == {10}

    memory.roll(TODAY + timedelta(days=1))
    memory.count("noise", seconds=3600, now=NOW, today=TODAY + timedelta(days=1))

    held = everything_in(folder)
    assert [secret for secret in (salt, *tags) if secret in held] == []


def test_another_process_that_saw_midnight_first_is_followed(memory, folder):
    count(memory)
    other = DayMemory(folder)
    tomorrow = TODAY + timedelta(days=1)
    assert count(other, today=tomorrow) == 1

    assert count(memory, today=tomorrow) == 2
    other.forget()


def test_stands_in_memory_outside_the_portals_folders_and_is_ours_alone(settings):
    memory = day_memory(settings)
    count(memory)
    [folder] = settings.memory.iterdir()

    assert settings.var not in folder.parents
    assert folder.stat().st_mode & 0o077 == 0
    assert memory is day_memory(settings)


def test_a_folder_that_another_account_could_read_is_not_used_and_the_log_says_so_once(folder, caplog):
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    memory = DayMemory(folder)

    with caplog.at_level(logging.WARNING, "pingyi.limits"):
        assert [count(memory), count(memory)] == [0, 0]
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "the limits are not counted, ratings are taken without them"
    ]
    assert list(folder.iterdir()) == []


def test_a_file_that_broke_is_replaced_by_a_new_one(memory, folder):
    memory._close()
    for file in folder.iterdir():
        file.unlink()
    (folder / "limits.sqlite3").write_bytes(b"no database at all" * 100)

    assert count(memory) == 0
    assert count(memory) == 1


def test_a_server_that_stops_leaves_nothing(memory, folder):
    count(memory)
    memory.forget()

    assert not folder.exists()
