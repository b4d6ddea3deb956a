"""A year of cases in months: counted by hand, drawn as counted; the share on time is the one the public reads."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_app.domain.cases import steps
from survey_app.jobs import handling
from survey_app.store import case_months
from survey_app.store.case_lists import Wanted, list_cases
from tests.survey_app.unit.pages import give_desk_pages

AT = "/office/cases/figures"
FIRSTS = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]


@pytest.fixture
def cases(desk, clock, settings):
    """November: ten questions closed, two complaints left lying, one of them there before; December: a question."""
    give_desk_pages(settings.pages)
    for _ in range(10):
        number = desk.receive("question").number
        desk.take(number, steps.ANSWERED)
        desk.take(number, steps.SATISFIED, steps.CITIZEN)
    desk.receive("complaint")
    clock.at += timedelta(days=29)
    desk.receive("question")
    return desk


def counts(kinds=(), today=date(2026, 12, 2)):
    return [(one.received, one.closed, one.late) for one in case_months.by_month(FIRSTS, kinds, today=today)]


def test_cases_are_counted_in_the_month_they_came_were_closed_and_fell_due(cases):
    assert counts() == [(0, 0, 0), (12, 10, 2), (1, 0, 0)]
    assert counts(kinds={"complaint"}) == [(0, 0, 0), (2, 0, 2), (0, 0, 0)]


def test_a_case_is_not_late_on_its_last_day(cases):
    [due] = {case.due_on for case in list_cases(Wanted(kinds={"complaint"})).cases}
    assert counts(today=due)[1] == (12, 10, 0)
    assert counts(today=due + timedelta(days=1))[1] == (12, 10, 2)


def test_what_the_columns_say_stands_in_the_table_below(cases, settings, signed_in):
    page = signed_in("reviewer").get(AT).text
    [told] = re.findall(r'<svg class="p-trend" role="img" aria-label="([^"]*)"', page)
    assert "收到 2026-11 12; 2026-12 1;" in told
    assert "办结 2026-11 10;" in told
    assert "到期还没办结 2026-11 2;" in told
    assert row(page, "2026-11") == ["12", "10", "2", "–"]
    assert row(page, "2026-12") == ["1", "0", "0", "–"]
    assert row(page, "2026-01") == ["0", "0", "0", "–"]
    assert "公布过办理情况的月份不到两个" in page


def test_the_share_on_time_is_the_published_one(cases, settings, signed_in):
    handling.publish_due(settings, datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    assert row(signed_in("reviewer").get(AT).text, "2026-11") == ["12", "10", "2", "100.0%"]


def test_the_discipline_office_counts_complaints_alone(cases, settings, signed_in):
    handling.publish_due(settings, datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    assert row(signed_in("discipline_officer").get(AT).text, "2026-11") == ["2", "0", "2", "–"]


def row(page, month):
    [cells] = re.findall(rf'month={month}">{month}</a></th>((?:<td.*?</td>)+)', page)
    return re.findall(r">([^<]*)</td>", cells)
