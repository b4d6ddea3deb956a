"""Working days as the State Council announced them; a year nobody announced is refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.config import load_settings
from survey_app.domain.errors import BadInput
from survey_app.domain.workdays import Calendar, YearUnknown, add_months, last_months, read_calendar

PLAIN = Calendar()
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))

# From the State Council's announcements for 2025 and 2026, written down by hand.
WORKED = [date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)]
WORKED += [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]
FREE = [date(2025, 1, 1), date(2025, 1, 28), date(2025, 5, 5), date(2025, 6, 2), date(2025, 10, 8)]
FREE += [date(2026, 1, 2), date(2026, 2, 16), date(2026, 2, 23), date(2026, 5, 5), date(2026, 9, 25), date(2026, 10, 7)]


@pytest.mark.parametrize("day", WORKED)
def test_a_weekend_that_is_worked_counts(day: date) -> None:
    assert day.weekday() >= 5
    assert PLAIN.is_workday(day)


@pytest.mark.parametrize("day", FREE)
def test_a_weekday_that_is_free_does_not(day: date) -> None:
    assert day.weekday() < 5
    assert not PLAIN.is_workday(day)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 5, date(2026, 11, 27)),  # Friday to Friday: an ordinary week
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over National Day
        (date(2026, 10, 8), 2, date(2026, 10, 10)),  # Saturday the 10th is worked
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # Saturday before Spring Festival is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2025, 1, 24), 1, date(2025, 1, 26)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # done at once, even on a Saturday
    ],
)
def test_limits_end_on_the_day_read_from_the_calendar(start: date, count: int, end: date) -> None:
    assert PLAIN.add_workdays(start, count) == end


def test_a_day_has_no_working_days_between_itself() -> None:
    assert PLAIN.workdays_between(date(2026, 11, 24), date(2026, 11, 24)) == 0
    assert PLAIN.workdays_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert PLAIN.workdays_between(date(2026, 10, 8), date(2026, 9, 30)) == -1


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_are_each_others_inverse(start: date, count: int) -> None:
    end = PLAIN.add_workdays(start, count)
    assert PLAIN.is_workday(end)
    assert PLAIN.workdays_between(start, end) == count


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_two_limits_one_after_the_other_are_their_sum(start: date, one: int, two: int) -> None:
    assert PLAIN.add_workdays(PLAIN.add_workdays(start, one), two) == PLAIN.add_workdays(start, one + two)


@given(DAYS, st.integers(0, 90), st.integers(0, 90))
def test_stretches_add_up(start: date, one: int, two: int) -> None:
    middle, end = start + timedelta(days=one), start + timedelta(days=one + two)
    parts = PLAIN.workdays_between(start, middle) + PLAIN.workdays_between(middle, end)
    assert parts == PLAIN.workdays_between(start, end)


def test_a_year_that_nobody_announced_is_refused_and_said() -> None:
    for year in (1999, 2190):
        with pytest.raises(YearUnknown, match=f"{year}年的放假安排还不知道"):
            PLAIN.is_workday(date(year, 3, 3))
    whole = Calendar({date(2190, 1, 1): False, date(2190, 10, 1): False})
    with pytest.raises(YearUnknown, match="2191年"):
        whole.add_workdays(date(2190, 12, 30), 5)


def test_the_districts_own_file_goes_before_the_announcement(tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("date,kind\n2026-11-24,rest\n2026-11-28,work\n\n# 区里的调休\n", "utf-8")
    own = read_calendar(file)
    assert not own.is_workday(date(2026, 11, 24))
    assert own.is_workday(date(2026, 11, 28))
    assert own.is_workday(date(2026, 11, 25))
    assert own.add_workdays(date(2026, 11, 23), 1) == date(2026, 11, 25)


def test_a_year_in_the_file_counts_only_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("2190-01-01,rest\n2190-02-06,work\n", "utf-8")
    with pytest.raises(YearUnknown):
        read_calendar(file).is_workday(date(2190, 3, 3))
    file.write_text("2190-01-01,rest\n2190-10-01,rest\n2190-02-06,work\n", "utf-8-sig")
    whole = read_calendar(file)
    assert whole.is_workday(date(2190, 3, 3)) == (date(2190, 3, 3).weekday() < 5)
    assert whole.is_workday(date(2190, 2, 6))
    assert not whole.is_workday(date(2190, 10, 1))


def test_no_file_is_the_announcement_alone(tmp_path: Path) -> None:
    assert read_calendar(tmp_path / "none.csv") == Calendar() == read_calendar(None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-02-30,work", "第2行写法不对"),
        ("2026-02-07", "第2行写法不对"),
        ("2026-02-07,holiday", "第2行写法不对"),
        ("2026-01-01,work", "第2行：2026-01-01前面写过另一种"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(f"2026-01-01,rest\n{line}\n", "utf-8")
    with pytest.raises(BadInput, match=words):
        read_calendar(file)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_bytes("# 调休\n".encode("gb18030"))
    with pytest.raises(BadInput, match="不是UTF-8编码"):
        read_calendar(file)


def test_the_file_stands_in_var_unless_a_setting_says_otherwise(tmp_path: Path) -> None:
    var = {"PINGYI_VAR": str(tmp_path)}
    assert load_settings(var).holidays == tmp_path / "holidays.csv"
    own = tmp_path / "own.csv"
    assert load_settings({**var, "PINGYI_HOLIDAYS": str(own)}).holidays == own


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
        (date(2026, 5, 5), 12, date(2027, 5, 5)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_the_last_three_months_of_january_reach_into_the_year_before_and_begin_on_first_days():
    assert last_months(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
