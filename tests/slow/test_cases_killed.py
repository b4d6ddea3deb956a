"""kill -9 in the middle of transfers and of telling what is late: nothing lost, nothing twice, no case half-moved."""

import os
import random
import subprocess
import sys
import time
from datetime import datetime

import pytest

from survey_app.config import HOME
from survey_app.domain.cases.clocks import Clocks
from survey_app.store import audit, cases
from survey_app.store.case_rows import projection, row_of
from survey_app.store.database import database

HANDLER = HOME / "tests" / "survey_app" / "store" / "handler.py"
CASES, KILLS = 120, 8

pytestmark = pytest.mark.slow


def started(settings):
    command = [sys.executable, str(HANDLER), str(settings.database), str(settings.keys), "clerk"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    worker = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(HOME)}, **pipes)
    assert worker.stdout.readline() == "ready\n"
    return worker


def killed_after(settings, lines, seconds):
    """What a worker acknowledged before it was killed in the middle of these lines."""
    with started(settings) as worker:
        worker.stdin.write("\n".join(lines) + "\n")
        worker.stdin.flush()
        time.sleep(seconds)
        worker.kill()
        told = worker.stdout.read().splitlines(keepends=True)
    return [line.split() for line in told if line.endswith("\n")]


def is_sound(number):
    events = [event.number for event in cases.events_of(number)]
    row, told = row_of(number), projection(cases.state(number), Clocks())
    return events == list(range(1, len(events) + 1)) and all(getattr(row, name) == told[name] for name in told)


@pytest.fixture
def numbers(desk):
    return [desk.receive("question").number for _ in range(CASES)]


def steps_of(number):
    return [event.step for event in cases.events_of(number)]


def sound_file():
    return database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)] and audit.verify() == []


def test_a_transfer_that_was_acknowledged_is_there_once_and_none_is_half_done(settings, numbers):
    chance, done = random.Random(7), {}
    for _ in range(KILLS):
        todo = [f"take {number} transferred 2 mark-{number}" for number in numbers if number not in done]
        done |= dict(killed_after(settings, todo, chance.uniform(0.1, 0.6)))

    moved = [number for number in numbers if "transferred" in steps_of(number)]
    assert set(done) <= set(moved)
    assert set(done.values()) == {"ok"}
    assert len(moved) > 0
    for number in numbers:
        assert steps_of(number)[2:] in ([], ["transferred"])
        assert cases.case(number).unit == ("water" if number in moved else "tax")
        assert is_sound(number)
    assert sound_file()


def test_what_is_late_is_told_once_whenever_the_job_is_killed(settings, numbers, keys):
    chance = random.Random(8)
    for _ in range(KILLS):
        killed_after(settings, ["tick 2026-12-01T01:00"], chance.uniform(0.5, 3.0))
    with started(settings) as worker:
        worker.communicate("tick 2026-12-01T01:00\n", 300)
    late = datetime(2026, 12, 1).date()

    for number in numbers:
        assert steps_of(number)[2:] == ["escalated_head", "escalated_office"]
        assert is_sound(number)
        assert cases.case(number).due_on < late
    assert sound_file()
