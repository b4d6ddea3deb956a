"""A clock that was set wrong reports nobody late; one that was put right is believed after a day."""

from datetime import UTC, datetime, timedelta

from survey_app.jobs.steadyclock import SteadyClock

START = datetime(2026, 11, 3, 4, tzinfo=UTC)
HOUR = 3600.0


def at(seconds):
    return START + timedelta(seconds=seconds)


def seen(clock, hours, jump_hours=0.0):
    return clock.trusts(START + timedelta(hours=hours + jump_hours), 1000 + hours * HOUR)


def test_a_clock_that_runs_is_believed_for_months_with_its_small_corrections():
    clock = SteadyClock()

    assert all(seen(clock, hour, jump_hours=hour * 0.001) for hour in range(2000))


def test_after_a_jump_nothing_is_believed_until_the_clock_is_back():
    clock = SteadyClock()
    assert seen(clock, 0)
    assert not seen(clock, 1, jump_hours=24 * 30)
    assert not seen(clock, 2, jump_hours=24 * 30)

    assert seen(clock, 3)


def test_a_clock_put_right_is_believed_after_a_day_and_a_second_jump_begins_it_anew():
    clock = SteadyClock()
    assert seen(clock, 0)
    assert not seen(clock, 1, jump_hours=-8)
    assert not seen(clock, 20, jump_hours=5)
    assert not seen(clock, 43, jump_hours=5)

    assert seen(clock, 44, jump_hours=5)
    assert seen(clock, 45, jump_hours=5)


def test_nothing_final_is_done_by_a_clock_that_was_not_watched_for_a_quarter_of_an_hour():
    clock = SteadyClock()
    assert [clock.settled(at(seconds), seconds) for seconds in (0, 600, 899, 900, 5_000)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_clock_set_forward_ends_nothing_until_a_day_has_passed():
    clock = SteadyClock()
    assert clock.settled(at(0), 0) is False
    assert clock.settled(at(1_000), 1_000) is True
    week = 7 * 86_400
    assert clock.settled(at(week + 1_060), 1_060) is False
    assert clock.settled(at(week + 1_060 + 86_399), 1_060 + 86_399) is False
    assert clock.settled(at(1_060 + 86_400), 1_060 + 86_400) is True  # put right meanwhile
