"""The list of cases: filters, order and Excel like every other list; the words of people stay where they are needed."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from survey_app.domain.cases import steps
from survey_app.store import audit, case_lists
from survey_app.store.case_lists import Wanted, list_cases
from tests.survey_app.casework.test_desks import answer_of
from tests.survey_app.casework.test_office_desk import listed_on
from tests.survey_app.unit.pages import give_desk_pages

WRITTEN = "窗口让我跑了三趟"


@pytest.fixture
def pages(settings):
    give_desk_pages(settings.pages)


@pytest.fixture
def mixed(pages, desk):
    """At the tax office a question that is closed, then an open question and a complaint; one at the water works."""
    closed, question = desk.receive("question").number, desk.receive("question", channel="phone").number
    desk.take(closed, steps.ANSWERED)
    desk.take(closed, steps.SATISFIED, steps.CITIZEN)
    return {"closed": closed, "question": question, "complaint": desk.receive().number, "water": "2026-000001"}


def sheet_of(answer):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["complaint", "question"]),  # a complaint is due the next day
        ("sort=-due", ["question", "complaint"]),
        ("sort=number&show=all", ["closed", "question", "complaint"]),
        ("sort=-received&show=all", ["complaint", "question", "closed"]),
        ("show=all", ["complaint", "question", "closed"]),  # what has no deadline any more stands last
        ("show=closed", ["closed"]),
        ("show=late", []),
        ("channel=phone", ["question"]),
        ("number=2026-000004", ["complaint"]),
        ("since=2026-11-04", []),
        ("until=2026-11-03&kind=complaint", ["complaint"]),
    ],
)
def test_a_clerk_narrows_and_orders_her_units_cases_in_the_address(mixed, signed_in, query, names):
    page = answer_of(signed_in("case_handler").get(f"/desk/cases?{query}"))

    assert listed_on(page) == [mixed[name] for name in names]


def test_a_case_is_late_the_day_after_its_last_day_and_stands_among_the_late_ones(mixed, signed_in, clock):
    clock.at += timedelta(days=2)

    page = answer_of(signed_in("case_handler").get("/desk/cases?show=late"))

    assert listed_on(page) == [mixed["complaint"]]
    assert "✕ 超期1个工作日" in page


def test_which_cases_are_shown_goes_along_with_the_other_conditions(mixed, signed_in):
    page = answer_of(signed_in("case_handler").get("/desk/cases?show=all&kind=question"))

    assert '<input type="hidden" name="show" value="all">' in page
    assert 'href="/desk/cases?show=closed&kind=question"' in page
    assert 'href="/desk/cases?kind=question">没有办结的（1）</a>' in page


def test_a_clerk_keeps_her_filters_as_a_view_of_her_own(mixed, signed_in):
    clerk = signed_in("case_handler")
    kept = {"place": "/desk/cases", "name": "电话来的", "query": "channel=phone&sort=number"}
    page = clerk.post("/account/views", data=kept, follow_redirects=True).text

    assert 'href="/desk/cases?channel=phone&amp;sort=number" aria-current="page">电话来的</a>' in page
    assert "电话来的" not in signed_in("case_handler", "water").get("/desk/cases").text


def test_excel_holds_the_units_own_cases_with_days_as_days_and_nobodys_words(mixed, signed_in):
    clerk = signed_in("case_handler")
    head, *rows = sheet_of(clerk.get("/desk/cases?as=xlsx&kind=question&show=all&sort=number"))

    assert head == ["编号", "类别", "最后一日", "还有几天", "事项", "收到", "怎么来的", "情况", "留意"]
    assert [row[0] for row in rows] == [mixed["closed"], mixed["question"]]
    assert (rows[1][1], rows[1][6], rows[1][7]) == ("咨询", "电话", "待办理")
    assert rows[0][2] is None  # what is closed has no last day any more
    assert rows[1][5].date() == date(2026, 11, 3)
    assert WRITTEN not in str(rows)
    [event] = audit.list_events(audit.Wanted(action="download"))
    assert (event.actor, event.detail["rows"]) == (clerk.person, 2)


def test_the_discipline_office_takes_complaints_alone_and_an_auditor_all(mixed, signed_in):
    taken = {
        role: {row[0] for row in sheet_of(signed_in(role).get("/office/cases?as=xlsx&show=all"))[1:]}
        for role in ("discipline_officer", "auditor", "reviewer")
    }

    assert taken["discipline_officer"] == {mixed["complaint"], mixed["water"]}
    assert taken["auditor"] == taken["reviewer"] == set(mixed.values())
    page = answer_of(signed_in("discipline_officer").get("/office/cases?kind=question"))
    assert set(listed_on(page)) == taken["discipline_officer"]
    assert "“类别”写得不对" in page


def looks():
    return [(event.actor, event.subject) for event in audit.list_events(audit.Wanted(action="case.list_seen"))]


def test_who_works_on_cases_reads_how_each_begins_and_that_look_is_written_down_once_an_hour(mixed, signed_in, clock):
    clerk = signed_in("case_handler")
    for _time in range(3):
        assert WRITTEN in clerk.get("/desk/cases").text
    assert looks() == [(clerk.person, "/desk/cases")]

    clock.later(hours=1)
    assert WRITTEN in signed_in("case_handler").get("/desk/cases?kind=question").text
    assert len(looks()) == 2


@pytest.mark.parametrize("role", ["discipline_officer", "auditor"])
def test_who_only_reads_cases_opens_one_to_read_its_words(mixed, signed_in, role):
    page = signed_in(role).get("/office/cases").text

    assert mixed["complaint"] in page
    assert WRITTEN not in page
    assert looks() == []


def test_an_empty_list_shows_no_words_and_is_no_look(pages, store, signed_in):
    page = signed_in("case_handler").get("/desk/cases").text

    assert "群众交来或替人录入以后列在这里" in page
    assert looks() == []


def test_a_list_longer_than_one_question_to_the_database_keeps_its_order(desk, monkeypatch):
    numbers = ["2026-000001", *(desk.receive().number for _ in range(6))]
    monkeypatch.setattr(case_lists, "LOT", 3)

    assert [case.number for case in list_cases(Wanted(), sort="-number", limit=100).cases] == numbers[::-1]
