"""Four processes at the same case at the same moment: no event lost, none twice, one winner and three told so."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from peewee import IntegrityError

from survey_app.config import HOME
from survey_app.domain.cases.clocks import Clocks
from survey_app.store import audit, cases
from survey_app.store.case_rows import projection, row_of
from survey_app.store.database import database
from survey_app.store.models import CaseEvent
from tests.survey_app.store.test_many_at_once import in_threads

HANDLER = Path(__file__).with_name("handler.py")
WORKERS = 4


@pytest.fixture
def workers(desk, settings):
    """Four processes that have opened the database and wait for their first line."""
    command = [sys.executable, str(HANDLER), str(settings.database), str(settings.keys)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    env = {**os.environ, "PYTHONPATH": str(HOME)}
    made = [subprocess.Popen([*command, f"clerk{i}"], env=env, **pipes) for i in range(WORKERS)]
    assert [worker.stdout.readline() for worker in made] == ["ready\n"] * WORKERS
    yield made
    for worker in made:
        worker.kill()
        worker.wait()


def together(workers, lists):
    """Give each its lines at the same moment; what all of them acknowledged."""
    jobs = [
        lambda w=w, lines=lines: w.communicate("\n".join(lines) + "\n", 120)[0]
        for w, lines in zip(workers, lists, strict=True)
    ]
    answers = in_threads(jobs)
    assert [worker.returncode for worker in workers] == [0] * WORKERS
    return [line for text in answers for line in text.splitlines()]


def is_sound(number):
    """Events numbered without a gap, and the row for lists is what follows from them."""
    row = row_of(number)
    told = [event.number for event in cases.events_of(number)]
    assert told == list(range(1, len(told) + 1))
    assert {name: getattr(row, name) for name in projection(cases.state(number), Clocks())} == projection(
        cases.state(number), Clocks()
    )


def test_of_four_who_saw_the_same_page_one_is_taken_and_three_are_told(desk, workers):
    numbers = [desk.receive().number for _ in range(5)]
    lines = [[f"take {number} contacted 2 mark-{i}" for number in numbers] for i in range(WORKERS)]
    answers = Counter(together(workers, lines))

    for number in numbers:
        assert (answers[f"{number} ok"], answers[f"{number} case-stale"]) == (1, 3)
        assert [event.step for event in cases.events_of(number)] == ["received", "assigned", "contacted"]
        is_sound(number)


def test_sixty_notes_of_four_people_in_one_case_are_all_there(desk, workers):
    number = desk.receive().number
    lines = [[f"take {number} note 0 mark-{i}-{j}" for j in range(15)] for i in range(WORKERS)]
    answers = together(workers, lines)

    assert answers == [f"{number} ok"] * 60
    actors = Counter(event.actor for event in cases.events_of(number) if event.step == "note")
    assert actors == {f"clerk{i}": 15 for i in range(WORKERS)}
    is_sound(number)
    assert audit.verify() == []


@pytest.mark.slow
def test_four_jobs_that_look_at_the_same_clocks_tell_each_lateness_once(desk, workers):
    numbers = [desk.receive("question").number for _ in range(20)]
    together(workers, [["tick 2026-11-16T01:00"] * 2] * WORKERS)

    for number in numbers:
        assert [event.step for event in cases.events_of(number)][2:] == ["escalated_head", "escalated_office"]
        is_sound(number)


@pytest.mark.parametrize("sql", ["UPDATE case_event SET actor = 'x'", "DELETE FROM case_event"])
def test_no_event_is_ever_changed_or_deleted(desk, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        database.execute_sql(sql)
    assert CaseEvent.select().where(CaseEvent.actor == "code").count() == 1
