"""What happens by itself: reminders, lateness told upwards, silence; each once, whatever the machine says.

The clock of the tests stands at Tuesday 3 November 2026, noon. That week and the next have no holiday.
"""

import os
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from survey_app.casework import attachments, ticking
from survey_app.casework.attachments import Stored
from survey_app.casework.verbs import Said
from survey_app.domain.cases import steps
from survey_app.store import audit, case_papers
from survey_app.store import cases as store
from survey_app.store.cases import case


def names(number):
    return [event.step for event in store.events_of(number)]


@pytest.fixture
def tick(desk, settings, keys, clock):
    """`tick(day)`: the clocks looked at on this day of November, at nine in the morning in China."""

    def look(day, month=11, year=2026):
        clock.at = datetime(year, month, day, 1, tzinfo=UTC)
        return dict(ticking.tick(settings, keys, clock()).steps)

    return look


@pytest.fixture
def question(desk):
    """Of 3 November, to be answered by the 10th. The complaint beside it belongs to another unit."""
    number = desk.receive("question").number
    desk.take("2026-000001", steps.NOTE, steps.OFFICE, Said(internal="无关"))
    return number


def test_the_unit_is_reminded_once_a_working_day_before(question, tick):
    tick(6)
    assert "reminded" not in names(question)
    for _ in range(3):
        tick(9)
        tick(10)

    assert names(question).count("reminded") == 1
    assert "escalated_head" not in names(question)


def test_what_is_late_goes_to_the_head_and_two_working_days_later_to_the_office_each_once(question, tick):
    for day in (10, 11, 11, 12):
        tick(day)
    assert (names(question).count("escalated_head"), case(question).raised) == (1, "head")
    for day in (13, 13, 14, 30):
        tick(day)

    assert names(question)[2:] == ["reminded", "escalated_head", "escalated_office"]
    assert case(question).raised == "office"


def test_a_server_that_was_off_for_weeks_tells_it_all_once_in_order(question, tick):
    tick(30)
    tick(30)

    assert names(question)[2:] == ["escalated_head", "escalated_office"]


def test_who_answers_at_last_is_no_longer_late_and_what_was_late_stays_written(question, tick, desk):
    tick(13)
    desk.take(question, steps.ANSWERED)

    assert case(question).raised == ""
    assert "escalated_office" in names(question)


def test_silence_past_the_clock_is_recorded_as_silence_and_closes_a_question(question, tick, desk):
    desk.take(question, steps.ANSWERED)
    tick(10)
    assert case(question).satisfied == ""
    tick(11)

    assert (case(question).satisfied, case(question).state) == ("silent", steps.DONE)
    assert names(question)[2:] == ["answered", "silent", "closed"]


def test_silence_does_not_close_what_nobody_has_verified_and_the_office_is_told(desk, tick):
    number = desk.receive().number
    desk.answer(number)
    tick(11)
    assert (case(number).satisfied, case(number).stage, case(number).due_on) == ("silent", "settle", date(2026, 11, 17))
    tick(18)

    assert (case(number).state, case(number).raised) == (steps.REPLIED, "office")


def test_an_extension_moves_the_deadline_and_starts_its_own_lateness(question, tick, desk):
    tick(11)
    desk.take(question, steps.EXTENSION_ASKED)
    desk.take(question, steps.EXTENSION_GRANTED, steps.OFFICE, Said("等上级批复", detail={"days": 5}))
    assert (case(question).due_on, case(question).raised) == (date(2026, 11, 17), "")
    tick(18)

    assert names(question).count("escalated_head") == 2


def test_a_stopped_clock_makes_nothing_late_and_runs_again_by_itself_after_thirty_working_days(question, tick, desk):
    tick(4)
    desk.take(question, steps.SUSPENDED, steps.HEAD, Said("等法院判决"))
    tick(30)
    assert (case(question).state, case(question).due_on) == (steps.PAUSED, date(2026, 12, 16))
    tick(17, 12)

    assert case(question).state == steps.TAKEN
    # four working days were left on 4 November; they run from 17 December
    assert case(question).due_on == date(2026, 12, 23)


def test_nobody_is_given_the_case_in_time_and_the_office_is_told(desk, tick):
    number = desk.receive("suggestion", unit="").number
    tick(5)

    assert names(number) == ["received", "escalated_office"]


def test_a_clock_set_back_and_forth_moves_no_deadline_and_tells_nothing_twice(question, tick):
    due = case(question).due_on
    for day in (11, 4, 11, 2, 11):
        tick(day)

    assert case(question).due_on == due
    assert names(question).count("escalated_head") == 1


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Shanghai"])
def test_the_machine_s_zone_and_its_summer_time_move_no_deadline(desk, zone, monkeypatch, clock):
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    clock.at = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)  # half past one on Sunday 1 November in China
    number = desk.receive("question").number
    monkeypatch.undo()
    time.tzset()

    assert case(number).due_on == date(2026, 11, 6)


def test_a_year_without_a_calendar_takes_cases_in_and_names_the_file(desk, tick, settings, keys, clock):
    clock.at = datetime(2031, 3, 3, 4, tzinfo=UTC)
    settings = replace(settings, holidays=settings.var / "holidays.csv")
    desk.about["settings"] = settings
    number = desk.receive("question").number
    assert case(number).due_on is None
    missing = ticking.tick(settings, keys, clock()).missing
    assert "2031年" in missing.text()
    assert "holidays.csv" in missing.text()
    settings.holidays.write_text("2031-01-01,rest\n2031-10-01,rest\n")
    ticking.recount(settings, keys, clock())

    assert case(number).due_on == date(2031, 3, 10)


def test_what_is_old_is_deleted_ninety_days_after_closing_and_not_a_day_before(desk, tick, settings, clock):
    number = desk.receive("question", contact="0000-8110000").number
    desk.take(number, steps.ANSWERED)
    desk.take(number, steps.SATISFIED, steps.CITIZEN)
    clock.at = datetime(2027, 2, 1, 4, tzinfo=UTC)
    assert ticking.forget(settings, clock()) == 0
    clock.at = datetime(2027, 2, 1, 4, 0, 1, tzinfo=UTC)

    assert ticking.forget(settings, clock()) == 1
    assert not case(number).has_contact


def test_a_file_goes_from_the_disk_and_its_row_keeps_the_proof_without_the_name(desk, settings, clock, keys):
    kept = Stored("病历.pdf", "application/pdf", 3, "ab" * 32, "quarantined")
    file = settings.var / attachments.FOLDER / kept.digest
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sealed")
    number = desk.receive("question", files=[kept]).number
    desk.take(number, steps.ANSWERED)
    desk.take(number, steps.SATISFIED, steps.CITIZEN)
    clock.later(days=90, seconds=1)

    assert [ticking.forget(settings, clock()) for _ in range(2)] == [1, 0]
    assert not file.exists()
    [row] = case_papers.files(number)
    assert (row.name, row.size, row.digest, row.state) == ("", 3, kept.digest, "deleted")
    [proof] = audit.events_of(subject=number, actions=["case.deleted"])
    assert proof.detail == {"what": "file", "rows": 1, "digest": kept.digest}
