"""Late pages and promises by unit: counted by hand; parents answer for those below; what few said is not told."""

import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from survey_app.publishing.revisions import revising
from survey_app.store import page_versions
from survey_app.supervision.timeliness import timeliness
from tests.survey_app.supervision.conftest import text
from tests.survey_app.supervision.test_year_end import page, write

PROMISE = """---
kind: commitment
title: {title}
what: 当天答复
measure: 看记录
limit:
  value: 1
  unit: 工作日
remedy: 道歉
phone: 0000-1234567
valid_from: '2026-01-04'
valid_to: '{until}'
---
"""
ITEM = """---
kind: disclosure_item
title: {title}
number: {number}
level1: 财政
content: 收支
basis: 条例
time_limit: 每季度
unit: {unit}
channels: [政府网站]
audience: 全社会
method: 主动
levels: [县]
cadence: 每季度
last_on: '{last_on}'
---
"""
KEPT = ("unit", "procedure", "commitment", "judged", "kept", "broken", "unknown", "kept_pct", "low", "high", "status")


@pytest.fixture
def site(settings):
    """Puts pages where they belong."""

    def put(path, front):
        file = settings.pages / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(front)

    return put


def promise(site, unit, slug, title, until="2027-12-31"):
    site(f"units/{unit}/commitments/{slug}.md", PROMISE.format(title=title, until=until))


def item(site, unit, number, last_on):
    site(f"disclosure/items/{number}.md", ITEM.format(title=f"事项{number}", number=number, unit=unit, last_on=last_on))


def under_water(site):
    """办税服务厅 becomes a unit below 供水服务厅."""
    front = "kind: unit\ntitle: 办税服务厅\nclass: window\nimported: true\nupdated_on: 2026-01-05\nparent: water\n"
    site("units/tax/index.md", f"---\n{front}---\n")


def test_late_pages_are_counted_by_unit_and_say_why(office, site):
    promise(site, "tax", "dangtian", "当天答复", until="2026-10-04")
    assert "已经过了30天" in text(office.ji.get("/office/disclosure/tax"))
    rows = list(load_workbook(io.BytesIO(office.ji.get("/office/disclosure?as=xlsx").data)).active.values)
    told = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert (told["办税服务厅"]["过期没有更新"], told["办税服务厅"]["最长超了几天"]) == (1, 30)
    assert told["供水服务厅"]["过期没有更新"] == 0


def test_a_parent_answers_for_the_units_below_it(store, settings, site):
    under_water(site)
    promise(site, "tax", "a", "甲", until="2026-10-04")
    promise(site, "water", "b", "乙", until="2026-10-05")
    rows = {row.unit: row for row in timeliness(settings, revising.book_of(settings), date(2026, 11, 3))}
    assert [(rows[unit].late, rows[unit].late_below) for unit in ("water", "tax")] == [(1, 2), (1, 1)]


def test_items_in_time_and_late_renewals_are_counted(store, settings, site):
    item(site, "tax", 1, "2026-10-20")
    item(site, "tax", 2, "2026-07-01")  # every quarter: late since 2 October
    item(site, "water", 3, "2026-10-20")
    past = (("2025-09-01", 9), ("2026-01-05", 1), ("2026-04-05", 4), ("2026-07-15", 7), ("2026-10-20", 10))
    for last_on, month in past:
        data = {"kind": "disclosure_item", "cadence": "每季度", "last_on": last_on}
        at = datetime(2026, month, 28, tzinfo=UTC)
        page_versions.note_found(page="disclosure/items/1.md", digest=last_on, data=data, now=at)
    rows = {row.unit: row for row in timeliness(settings, revising.book_of(settings), date(2026, 11, 3))}
    tax = rows["tax"]
    # due 2025-12-01, 2026-04-05, 2026-07-05, 2026-10-15: the second alone came in time
    assert (tax.items, tax.in_time, tax.renewed, tax.renewed_late) == (2, 1, 4, 3)
    assert (rows["water"].items, rows["water"].in_time, rows["water"].renewed) == (1, 1, 0)


def test_a_page_broken_by_hand_does_not_take_the_list_away(office, site):
    site("disclosure/items/9.md", "---\nkind: disclosure_item\ntitle: 坏的\nunit: tax\n---\n")
    promise(site, "tax", "dangtian", "当天答复", until="这个月底")
    assert office.ji.get("/office/disclosure").status_code == 200
    assert office.ji.get("/office/disclosure/tax").status_code == 200


def test_promises_stand_with_the_years_counts_and_what_few_said_is_not_told(office, settings, site):
    for slug, title in (("a", "当天答复"), ("b", "上门办"), ("c", "不让跑两趟")):
        promise(site, "tax", slug, title)
    folder = settings.pages / "results"
    rows = {"2026-08": [("a", 40, 30, "ok"), ("b", "", "", "insufficient_n")], "2026-09": [("a", 20, 18, "ok")]}
    for month, counts in {**rows, "2025-12": [("a", 100, 0, "ok")]}.items():
        page(folder, f"everyday-{month}", f"{month}-28", "2026-10-15")
        write(folder / f"everyday-{month}" / "kept_rates.csv", [kept(*one) for one in [*counts, ("~all", 99, 9, "ok")]])
    rows = list(load_workbook(io.BytesIO(office.ji.get("/office/commitments?as=xlsx").data)).active.values)
    told = {row[1]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert len(told) == 3
    one = told["当天答复"]
    assert (one["能判断的"], one["兑现"], one["兑现率（%）"]) == (60, 48, 80)
    assert (one["几个月有数"], one["最近一个月"], one["最近一个月的误差范围（%）"]) == (2, "2026-09", "60.0–90.0")
    assert (told["上门办"]["情况"], told["上门办"]["能判断的"]) == ("人太少，不公布", None)
    assert told["不让跑两趟"]["情况"] == "没有人评过"
    assert "当天答复" in text(office.ji.get("/office/commitments?year=2025&state=measured"))
    assert "上门办" not in text(office.ji.get("/office/commitments?state=measured"))


def kept(commitment, judged, good, status):
    figures = (judged, good, "", "", "", "60.0", "90.0") if status == "ok" else ("",) * 7
    return dict(zip(KEPT, ("tax", "", commitment, *figures, status), strict=True))


def test_promises_of_a_parent_bring_those_below(office, site):
    under_water(site)
    promise(site, "tax", "a", "当天答复")
    assert "当天答复" in text(office.ji.get("/office/commitments?unit=water"))
    assert "当天答复" not in text(office.ji.get("/office/commitments?unit=noise"))
