"""Drawings of supervision: orders by month, late pages by unit, the parts of a year's sum; each figure by hand."""

import re
from datetime import date
from fractions import Fraction

import pytest

from survey_app.domain.orders import steps
from survey_app.domain.yearend import COMPONENTS, NO_SUM, Plan
from survey_app.store import orders as store
from survey_app.store.orders import Order
from survey_app.supervision import ledger_months, sheet_drawn
from tests.survey_app.supervision.test_promises_and_timeliness import promise, site
from tests.survey_app.supervision.test_year_end import AT, assess, settled

__all__ = ["settled", "site"]


def told(page):
    return re.findall(r'<svg class="p-trend" role="img" aria-label="([^"]*)"', page)


def bars(page):
    """Name, figures and the pieces of every bar: kind, where it begins, width."""
    found = re.findall(r"<li><b>(.*?)</b><span>(.*?)</span><svg.*?>(.*?)</svg></li>", page, re.DOTALL)
    pieces = r'<rect class="c-(\w+)" x="([\d.]+)%" width="([\d.]+)%"'
    return [(re.sub(r"<[^>]+>", "", name), words, re.findall(pieces, drawn)) for name, words, drawn in found]


# Orders by month


def order(number, issued_on, closed_on=None, state=steps.ISSUED):
    same = dict.fromkeys(Order.__dataclass_fields__, "")
    return Order(**{**same, "number": number, "issued_on": issued_on, "closed_on": closed_on, "state": state})


def test_orders_are_counted_in_the_months_they_were_issued_closed_and_late():
    orders = [
        order("1", date(2026, 9, 1), date(2026, 10, 5), steps.CLOSED),
        order("2", date(2026, 9, 30)),
        order("3", date(2026, 10, 1), date(2026, 10, 31), steps.ESCALATED),
        order("4", None, None, steps.DRAFT),
    ]
    passed = [("2", date(2026, 10, 20)), ("2", date(2026, 11, 2)), ("9", date(2026, 10, 3))]
    months = ledger_months.year_of(orders, passed, date(2026, 11, 3))["months"]
    assert (months[0].month, len(months)) == ("2025-12", 12)
    last = [(one.month, one.issued, one.closed, one.late, one.open) for one in months[-4:]]
    assert last == [("2026-08", 0, 0, 0, 0), ("2026-09", 2, 0, 0, 2), ("2026-10", 1, 1, 1, 1), ("2026-11", 0, 0, 1, 1)]


def test_the_ledgers_columns_say_what_its_table_says_and_follow_the_conditions(office):
    number = office.issue()
    office.issue(unit="water")
    office.reply(number)
    office.take(office.lu, number, "verified")
    assert store.order(number).state == steps.CLOSED
    page = office.ji.get("/office/orders").text
    assert told(page) == [
        "督查件：没有办结的、办结的和过期的: 月底没有办结的 2026-11 1; / 当月办结的 2026-11 1; / 当月过期没有回复的 "
    ]
    assert month(page, "2026-11") == ["2", "1", "1", "0"]
    assert month(office.ji.get("/office/orders?unit=water").text, "2026-11") == ["1", "1", "0", "0"]


def test_a_ledger_without_an_issued_order_draws_nothing(office):
    office.draw()
    assert told(office.ji.get("/office/orders").text) == []


def month(page, name):
    [cells] = re.findall(rf'<th scope="row">{name}</th>((?:<td.*?</td>)+)', page)
    return re.findall(r">([^<]*)</td>", cells)


# Late pages by unit


def test_a_units_late_pages_are_drawn_against_all_it_has(office, site):
    for slug, until in (("a", "2026-10-04"), ("b", "2027-12-31"), ("c", "2027-12-31")):
        promise(site, "tax", slug, slug, until=until)
    page = office.ji.get("/office/disclosure").text
    # Its own page and three promises, one of them over: three of four in time.
    assert bars(page) == [("办税服务厅", "4页，过期1页", [("used", "0", "75"), ("late", "75", "25")])]
    assert re.search(r'data-label="页面" class="p-num-end">\s*4\s*</td>', page)


def test_of_many_units_with_late_pages_the_ten_furthest_behind_are_drawn(office, site):
    front = "kind: unit\ntitle: 第{n}局\nclass: window\nimported: true\nupdated_on: 2026-01-05\n"
    for number in range(31):
        site(f"units/u{number:02}/index.md", f"---\n{front.format(n=number)}---\n")
        promise(site, f"u{number:02}", "late", "晚了", until="2026-10-04")
        if number != 30:
            promise(site, f"u{number:02}", "good", "没晚")
    page = office.ji.get("/office/disclosure").text
    assert len(bars(page)) == 10
    assert bars(page)[0][:2] == ("第30局", "2页，过期1页")
    assert "一共31个单位有过期页面，图里只画最差的10个" in page


def test_where_no_page_is_late_there_is_no_drawing(office):
    page = office.ji.get("/office/disclosure").text
    assert bars(page) == []
    assert "这些单位都没有过期的页面" in page


# The parts of a year's sum


def plan(**weights):
    shares = {name: Fraction(weights.get(name, 0), 100) for name in COMPONENTS}
    return Plan(shares, dict.fromkeys(COMPONENTS, NO_SUM), {})


def row(**values):
    return {"values": {name: values.get(name) for name in COMPONENTS}}


def test_a_component_reaches_as_far_as_its_score_of_its_weight():
    first, second, third, *_ = COMPONENTS
    found = sheet_drawn.parts(plan(**{first: 60, second: 30, third: 10}), row(**{first: "75", second: "199/3"}))
    # 60 × 75% = 45 of 60; 30 × 66.33% = 19.9 of 30; nothing known of 10.
    assert [(bar.row.words, bar.row.most) for bar in found] == [("45.00", "60.00"), ("19.90", "30.00"), ("–", "10.00")]
    assert [[(part.kind, part.width) for part in bar.parts] for bar in found] == [
        [("planned", "100"), ("used", "75")],
        [("planned", "50"), ("used", "33.17")],
        [("planned", "16.67")],
    ]


def test_the_parts_of_a_sum_lie_one_after_the_other_under_their_numbers():
    first, second, third, *_ = COMPONENTS
    units = [("tax", row(**{first: "75", third: "100"}))]
    [bar] = sheet_drawn.sums(plan(**{first: 60, second: 30, third: 10}), units)
    assert [(part.kind, part.number, part.x, part.width) for part in bar.parts] == [
        ("planned", 0, "0", "100"),
        ("odd", 1, "0", "45"),
        ("even", 3, "45", "10"),
    ]
    assert sheet_drawn.sums(plan(), units * 31) == []


@pytest.mark.parametrize(("path", "bar"), [(AT, "办税服务厅"), (f"{AT}/units/tax", "民主测评")])
def test_the_pages_draw_what_they_say(settled, clock, path, bar):
    assess(clock, 9, 1)
    found = {name: (words, pieces) for name, words, pieces in bars(settled.ji.get(path).text)}
    # 90 of 15% add 13.5; no order takes anything, so 100 of 10% add 10: 23.5 of 100, shared out over 25%.
    assert (
        found[bar]
        == {
            "办税服务厅": (
                "合计94.00，只有权重的25.00%有数据",
                [("planned", "0", "100"), ("odd", "0", "13.5"), ("even", "13.5", "10")],
            ),
            "民主测评": ("加13.50，最多15.00", [("planned", "0", "37.5"), ("used", "0", "33.75")]),
        }[bar]
    )
