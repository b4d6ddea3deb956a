"""While the portal runs, no order that joins a code to a ballot stays on the disk; what fails is tried again."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_app.store.database import StorageUnavailable, database
from survey_app.web import upkeep
from survey_app.web.daymemory import day_memory
from tests.factories import cast, make_codes

TODAY = date(2026, 11, 3)


@pytest.fixture
def busy_box(open_round, keys, clock, monkeypatch):
    """Twenty ballots have just come in; the day on the wall is the third."""
    monkeypatch.setattr(upkeep, "_today", lambda settings: TODAY)
    for code in make_codes(keys, clock, count=20):
        cast(keys, clock, code)


def log_bytes(settings):
    return settings.database.with_name(settings.database.name + "-wal").stat().st_size


def test_a_turn_empties_the_log(busy_box, settings):
    assert log_bytes(settings) > 0

    assert upkeep.turn(settings, TODAY) == TODAY
    assert log_bytes(settings) == 0


def test_the_first_turn_of_a_day_rewrites_the_file_and_remembers_the_day(busy_box, settings, monkeypatch):
    rewritten = []
    monkeypatch.setattr(upkeep, "rewrite", lambda: rewritten.append(True))

    assert upkeep.turn(settings, TODAY - timedelta(days=1)) == TODAY
    assert upkeep.turn(settings, TODAY) == TODAY
    assert rewritten == [True]


def test_a_full_disk_is_said_and_the_rewriting_is_tried_again_next_time(busy_box, settings, monkeypatch, caplog):
    def full():
        raise StorageUnavailable

    monkeypatch.setattr(upkeep, "rewrite", full)
    yesterday = TODAY - timedelta(days=1)

    assert upkeep.turn(settings, yesterday) == yesterday
    assert "trying again" in caplog.text


def test_a_log_that_a_reader_holds_is_said(busy_box, settings, monkeypatch, caplog):
    monkeypatch.setattr(upkeep, "checkpoint", lambda: False)
    upkeep.turn(settings, TODAY)

    assert "a reader holds it" in caplog.text


def test_the_file_can_be_read_after_it_was_rewritten(busy_box, settings):
    upkeep.turn(settings, TODAY - timedelta(days=1))

    assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute_sql("SELECT count(*) FROM ballot").fetchone() == (20,)


def test_upkeep_ends_when_the_portal_stops(settings, store):
    stopping = upkeep.start(settings)
    stopping.set()
    [thread] = [t for t in upkeep.threading.enumerate() if t.name == "upkeep"] or [None]
    if thread:
        thread.join(5)

    assert not [t for t in upkeep.threading.enumerate() if t.name == "upkeep"]


def test_midnights_upkeep_forgets_the_numbers_of_the_day_before_while_nobody_asks(open_round, settings):
    memory, yesterday = day_memory(settings), date.today() - timedelta(days=1)
    memory.count("198.51.100.0/24", seconds=3600, now=datetime.now(UTC), today=yesterday)
    [file] = settings.memory.glob("*/limits.sqlite3")
    with closing(sqlite3.connect(file)) as looking:
        [(salt,)] = looking.execute("SELECT salt FROM day").fetchall()

    upkeep.turn(settings, yesterday)

    assert salt not in file.read_bytes()
