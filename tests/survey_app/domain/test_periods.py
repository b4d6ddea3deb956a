"""Periods of briefs: halves of months, months, quarters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.periods import PeriodUnknown, period, recent


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-02-a", date(2026, 2, 1), date(2026, 2, 15)),
        ("2026-02-b", date(2026, 2, 16), date(2026, 2, 28)),
        ("2028-02-b", date(2028, 2, 16), date(2028, 2, 29)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_days(code, first, last):
    assert (period(code).first, period(code).last) == (first, last)


@pytest.mark.parametrize("code", ["", "2026-13", "2026-q5", "2026-11-c", "1999-01", "2026-1", "../2026-11"])
def test_what_is_no_period_is_refused(code):
    with pytest.raises(PeriodUnknown):
        period(code)


@given(st.dates(date(2024, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_one_half_that_is_listed(today):
    halves = [one for one in recent(today) if one.code.endswith(("-a", "-b")) and one.first <= today <= one.last]
    assert len(halves) == 1
    assert all(one.first <= today for one in recent(today))
    assert halves[0].last - halves[0].first < timedelta(days=16)
