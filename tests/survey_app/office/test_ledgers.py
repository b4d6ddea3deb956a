"""A ledger narrowed by period, class, unit and way of rating, under a name that says to what it was narrowed."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from survey_app.domain.assessments import Reading
from survey_app.domain.cases import steps
from survey_app.domain.inspections import Seen
from survey_app.domain.orders.rules import Text, Wish
from survey_app.jobs import preparing
from survey_app.store import assessments, audit, inspections, orders
from survey_app.store.assessments import Entry
from survey_app.store.orders import Drawn, Step
from survey_app.web.downloads import NoSuchFile
from survey_app.web.ledgers import Narrowed, narrowed

PAGE = "/office/downloads"
TEXT = Text("清河区作风办", "整改", "〔2026〕1号", "窗口排队过长。", 10)


def files(client, query):
    """The files that these conditions give."""
    answer = client.get(f"/office/ledgers?{query}")
    assert answer.status_code == 200
    return [part.split('"')[0] for part in answer.text.split(f'<a href="{PAGE}/')[1:]]


def table(client, name):
    """The rows of an Excel file without its head, as its columns are named."""
    [head, *rows] = load_workbook(io.BytesIO(client.get(f"{PAGE}/{name}").data)).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


def made(client, settings, name):
    """A file prepared in the background, as bytes."""
    assert client.post(f"{PAGE}/{name}").status_code == 303
    preparing.prepare_all(settings)
    return client.get(f"{PAGE}/{name}/file", buffered=True).data


def numbers(content):
    return [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))][1:]


@pytest.fixture
def issued(open_round, clock):
    """Orders to two units: from a campaign on 3 November, from a month of ratings on the 10th, and a draft."""

    def draw(unit, ref, source, issue=True):
        drawn = Drawn("rectify", unit, source, "依据", TEXT, f"{unit}{ref}", "ji", source_ref=ref)
        number = orders.draw(drawn, now=clock(), today=clock.today).number
        if issue:
            wish = Wish("issued", "ji", "office", "", {"days": 10, "due_on": "2026-12-01"})
            orders.take(number, Step(wish, f"i{number}"), now=clock(), today=clock.today)

    draw("tax", "2026-h1/v1", "result")
    draw("water", "2026-h1/v1/rule", "rule", issue=False)
    clock.later(days=7)
    draw("water", "everyday-2026-10/v1", "result")


def test_orders_are_narrowed_by_unit_period_and_way_of_rating(issued, signed_in):
    ji = signed_in("discipline_officer")

    def found(query):
        [name] = files(ji, f"ledger=orders&{query}")
        return name, [row["单位"] for row in table(ji, name)]

    assert found("") == ("orders-20261110.xlsx", ["办税服务厅", "供水服务厅", "供水服务厅"])
    assert found("unit=tax") == ("orders-unit-tax-20261110.xlsx", ["办税服务厅"])
    assert found("since=2026-11-04") == ("orders-from-20261104-20261110.xlsx", ["供水服务厅"])
    assert found("until=2026-11-03") == ("orders-to-20261103-20261110.xlsx", ["办税服务厅"])
    assert found("since=2026-11-03&until=2026-11-10")[1] == ["办税服务厅", "供水服务厅"]
    assert found("instrument=everyday") == ("orders-by-everyday-20261110.xlsx", ["供水服务厅"])
    assert found("instrument=campaign")[1] == ["办税服务厅", "供水服务厅"]
    assert found("class=window") == (
        "orders-class-window-20261110.xlsx",
        ["办税服务厅", "供水服务厅", "供水服务厅"],
    )
    assert found("class=village")[1] == []
    [event, *_] = audit.list_events(audit.Wanted(action="download"))
    assert event.subject == "orders-class-village-20261110.xlsx"
    assert event.detail["title"] == "督查件台账，村社区"


def test_assessments_are_narrowed_by_year_and_findings_by_day(open_round, clock, signed_in):
    reading = Reading(30, 28, 10, 12, 4, 2, 0, "good")
    for year in (2025, 2026):
        for who in ("ji", "lu"):
            assessments.enter(Entry("tax", "team", year, reading, who, f"{year}{who}"), clock())
    for day, unit in ((1, "tax"), (2, "water")):
        seen = Seen(unit, date(2026, 11, day), "", "窗口", False, "other", "排队")
        inspections.keep_finding(seen, by="guo", mark=str(day), files=[], now=clock())
    ji = signed_in("discipline_officer")
    [years] = files(ji, "ledger=assessments&since=2026-03-01&until=2026-12-31")
    [days] = files(ji, "ledger=findings&since=2026-11-02&unit=water")

    assert years == "assessments-from-20260301-to-20261231-20261103.xlsx"
    assert [row["年份"] for row in table(ji, years)] == [2026]
    assert days == "findings-from-20261102-unit-water-20261103.xlsx"
    assert [row["哪天"].date() for row in table(ji, days)] == [date(2026, 11, 2)]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("ledger=orders&since=2026-11-04&until=2026-11-03", "请对调"),
        ("ledger=orders&since=4.11.2026", "日期不对"),
        ("ledger=orders&unit=nobody", "没有这一项"),
        ("ledger=orders&class=bakers", "没有这一项"),
        ("ledger=orders&class=village&unit=tax", "办税服务厅不在所选的类别里"),
        ("ledger=findings&instrument=everyday", "不能这样按评议方式找"),
        ("ledger=cases", "没有这一项"),  # hers is of complaints alone
    ],
)
def test_what_cannot_be_asked_for_is_said_and_gives_no_file(open_round, signed_in, query, says):
    answer = signed_in("discipline_officer").get(f"/office/ledgers?{query}")

    assert answer.status_code == 422
    assert says in answer.text
    assert ".xlsx" not in answer.text


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("auditor", ["cases-2026-20261103.xlsx", "cases-2026-20261103.csv"]),
        ("reviewer", ["cases-2026-20261103.xlsx", "cases-2026-20261103.csv"]),
        ("discipline_officer", ["complaints-2026-20261103.xlsx", "complaints-2026-20261103.csv"]),
        ("case_handler", ["cases-2026-unit-tax-20261103.xlsx", "cases-2026-unit-tax-20261103.csv"]),
        ("unit_head", ["cases-2026-unit-tax-20261103.xlsx", "cases-2026-unit-tax-20261103.csv"]),
        ("round_officer", []),
        ("administrator", []),
    ],
)
def test_each_role_takes_the_cases_it_may_read_and_no_others(open_round, desk, signed_in, role, offered):
    client = signed_in(role)
    page = client.get(PAGE).text
    every = [f"{code}-20261103.{ending}" for code in ("cases-2026", "complaints-2026") for ending in ("xlsx", "csv")]
    every += [f"cases-2026-unit-{unit}-20261103.xlsx" for unit in ("tax", "water")]

    assert [name for name in offered if f'"{PAGE}/{name}"' not in page] == []
    allowed = {name for name in every if client.get(f"{PAGE}/{name}").status_code == 200}
    whole = {"cases-2026-unit-tax-20261103.xlsx", "cases-2026-unit-water-20261103.xlsx"}
    assert allowed == {name for name in offered if name in every} | (
        whole if role in ("auditor", "reviewer") else set()
    )


def test_the_ledger_of_cases_in_excel_says_in_words_where_each_stands(open_round, desk, settings, signed_in):
    question = desk.receive(kind="question", contact="13800000000").number
    desk.take(question, steps.ANSWERED)
    content = made(signed_in("reviewer"), settings, "cases-2026-20261103.xlsx")
    [head, *rows] = load_workbook(io.BytesIO(content)).active.values
    first, second = (dict(zip(head, row, strict=True)) for row in rows)

    assert (first["种类"], first["单位"], first["收到"].date()) == ("投诉", "供水服务厅", date(2026, 11, 3))
    assert (second["编号"], second["种类"], second["单位"], second["怎么来的"]) == (
        question,
        "咨询",
        "办税服务厅",
        "网上",
    )
    assert second["重办次数"] == 0
    assert "13800000000" not in str(rows)


def test_the_discipline_officer_s_ledger_holds_complaints_and_a_handler_s_the_own_unit_s(
    open_round, desk, settings, clock, signed_in
):
    complaint, question = desk.receive().number, desk.receive(kind="question").number
    officer, handler = signed_in("discipline_officer"), signed_in("case_handler")

    assert numbers(made(officer, settings, "complaints-2026-20261103.csv")) == ["2026-000001", complaint]
    assert numbers(made(handler, settings, "cases-2026-unit-tax-20261103.csv")) == [complaint, question]


def test_cases_are_narrowed_by_period_class_and_to_those_from_ratings(open_round, desk, settings, clock, signed_in):
    clock.later(days=3)
    later, rated = desk.receive().number, desk.receive(kind="bad_rating").number
    reviewer = signed_in("reviewer")

    def found(query):
        name = files(reviewer, f"ledger=cases&{query}")[1]
        return name, numbers(made(reviewer, settings, name))

    assert found("since=2026-11-06") == ("cases-from-20261106-20261106.csv", [later, rated])
    assert found("until=2026-11-05") == ("cases-to-20261105-20261106.csv", ["2026-000001"])
    assert found("instrument=everyday") == ("cases-by-everyday-20261106.csv", [rated])
    assert found("class=village") == ("cases-class-village-20261106.csv", [])
    assert found("since=2026-01-01&until=2026-12-31")[0] == "cases-2026-20261106.csv"


def test_a_handler_chooses_no_unit_and_gets_the_own_one_whatever_the_address_says(open_round, signed_in):
    handler = signed_in("case_handler")

    assert 'name="unit"' not in handler.get("/office/ledgers").text
    assert files(handler, "ledger=cases&unit=water") == [
        "cases-unit-tax-20261103.xlsx",
        "cases-unit-tax-20261103.csv",
    ]


def test_the_page_of_ledgers_lies_below_the_tab_of_downloads(open_round, signed_in):
    page = signed_in("auditor").get("/office/ledgers").text

    assert f'<a href="{PAGE}" aria-current="page">' in page
    assert page.count("aria-current") == 1


def test_who_has_no_ledger_is_told_so(open_round, signed_in):
    assert "没有台账可以下载" in signed_in("administrator").get("/office/ledgers").text


def test_one_narrowing_has_one_name():
    wanted = Narrowed(
        "cases", date(2026, 1, 1), date(2026, 6, 30), "party_general", "everyday", "tax-by-1", date(2026, 7, 1)
    )
    name = "cases-from-20260101-to-20260630-class-party_general-by-everyday-unit-tax-by-1-20260701.csv"

    assert wanted.name(date(2026, 7, 1), "csv") == name
    assert narrowed(name) == wanted
    for other in ("cases.csv", "cases-20261399.csv", "../cases-20260701.csv", "cases-0000-20260701.csv"):
        with pytest.raises(NoSuchFile):
            narrowed(other)


def test_a_name_written_otherwise_or_of_another_day_is_no_file(open_round, issued, signed_in):
    ji = signed_in("discipline_officer")

    for name in (
        "orders-from-20260101-to-20261231-20261110.xlsx",
        "orders-20261109.xlsx",
        "orders-unit-no-20261110.xlsx",
    ):
        assert ji.get(f"{PAGE}/{name}").status_code == 404
    assert ji.get(f"{PAGE}/orders-2026-20261110.xlsx").status_code == 200
