"""The year's end: settled first, summed from what is published, kept in versions, written to Excel and Word."""

import csv
import io
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from peewee import IntegrityError

from survey_app.domain import yearend as rules
from survey_app.domain.yearend import COMPONENTS, DEFAULTS, POINTS
from survey_app.store import assessments, yearend
from survey_app.store.assessments import Entry
from survey_app.store.database import database
from survey_app.supervision import sheet
from tests.survey_app.domain.test_assessments import votes
from tests.survey_app.supervision.conftest import text

AT = "/office/year-end/2026"
PLAN = {
    **{f"weight-{name}": str(weight) for name, weight in DEFAULTS.items()},
    **{f"missing-{name}": "others" for name in COMPONENTS},
    **{f"points-{name}": str(usual) for name, (_words, usual) in POINTS.items()},
}


@pytest.fixture
def settled(office):
    assert office.ji.post(f"{AT}/plan", data=PLAN).status_code == 303
    return office


def assess(clock, competent, basic):
    reading = votes(competent=competent, basic=basic)
    for who in ("chen", "qian"):
        assessments.enter(Entry("tax", "team", 2026, reading, who, f"{who}-{competent}", "更正"), clock())


def test_nothing_is_summed_before_the_plan_is_settled(office):
    assert "还没有定办法" in text(office.ji.get(AT))
    assert office.ji.post(AT, data={}).status_code == 404


def test_each_component_stands_beside_the_sum(settled, clock):
    assess(clock, 9, 1)
    settled.issue()
    page = text(settled.ji.get(f"{AT}/units/tax"))
    # 90 of 15 %, 98 of 10 % (one rectification notice takes 2): (13.5 + 9.8) / 0.25 = 93.20
    assert "合计 93.20" in page
    assert "90.00×15.00% + 98.00×10.00%" in page
    assert "有数据的项目占权重的25.00%" in page
    assert "没有数据" in page
    assert "缺的全按0分算是23.30，全按100分算是98.30" in page


def test_the_sheet_as_excel_and_word_says_what_the_page_says(settled, clock):
    assess(clock, 9, 1)
    book = load_workbook(io.BytesIO(settled.ji.get(f"{AT}/sheet.xlsx").data))
    rows = list(book.active.values)
    [line] = [row for row in rows if row[1] == "办税服务厅"]
    told = dict(zip(rows[0], line, strict=True))
    assert told["民主测评（15.00%）"] == 90
    assert told["合计"] == 94  # (13.5 + 10) / 0.25
    assert told["合计（分数）"] == "94"
    assert (told["有数据的权重"], told["缺的全按0分"], told["缺的全按100分"]) == ("25.00%", 23.5, 98.5)
    document = Document(io.BytesIO(settled.ji.get(f"{AT}/sheet.docx").data))
    assert any("每份点名批评书扣10分" in line.text for line in document.paragraphs)
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert any(row[0] == "办税服务厅" and row[-2:] == ["94.00", "25.00%"] for row in cells)


def test_a_kept_sheet_stays_and_a_later_one_lists_what_changed(settled, clock):
    assess(clock, 9, 1)
    settled.ji.post(AT, data={"mark": "first"})
    settled.ji.post(AT, data={"mark": "first"})
    assert len(yearend.sheets(2026)) == 1
    assess(clock, 8, 2)
    page = text(settled.ji.get(AT))
    assert "定稿以后数据变了2处" in page  # the component and the sum
    assert " 94.00" in page
    refused = settled.ji.post(AT, data={"mark": "second"})
    assert (refused.status_code, len(yearend.sheets(2026))) == (422, 1)
    assert "要再定一版，请写明理由" in text(refused)
    settled.ji.post(AT, data={"mark": "second", "reason": "票数更正"})
    first, second = yearend.sheets(2026)
    moved = sheet.differences(first.rows, second.rows)
    assert [(one.unit, one.component, one.before, one.after) for one in moved] == [
        ("tax", "", "94.00", "88.00"),
        ("tax", "assessed", "90.00", "80.00"),
    ]
    with pytest.raises(IntegrityError, match="is kept"):
        database.execute_sql("UPDATE year_end_sheet SET sheet = '{}'")


def test_why_there_is_a_later_version_stands_with_what_it_changed_on_the_page_in_excel_and_in_word(settled, clock):
    assess(clock, 9, 1)
    settled.ji.post(AT, data={"mark": "first", "reason": "头一版不用理由"})
    assess(clock, 8, 2)
    settled.ji.post(AT, data={"mark": "second", "reason": "票数更正"})
    settled.ji.post(AT, data={"mark": "third", "reason": "重新盖章"})
    page = text(settled.ji.get(AT))
    assert "第2版改了2处 理由：票数更正" in page
    assert "第3版改了0处 理由：重新盖章" in page
    assert "头一版不用理由" not in page
    book = load_workbook(io.BytesIO(settled.ji.get(f"{AT}/sheet.xlsx").data))
    assert list(book["各版的改动"].values) == [
        ("版本", "理由", "单位", "项目", "原来", "现在"),
        ("第2版", "票数更正", "办税服务厅", "合计", "94.00", "88.00"),
        ("第2版", "票数更正", "办税服务厅", "民主测评", "90.00", "80.00"),
        ("第3版", "重新盖章", None, "合计", "–", "–"),
    ]
    document = Document(io.BytesIO(settled.ji.get(f"{AT}/sheet.docx").data))
    cells = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert cells[1] == ["第2版", "票数更正", "办税服务厅", "合计", "94.00", "88.00"]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({}, {"办税服务厅", "供水服务厅", "无关单位"}),
        ({"way": "units", "unit": ["tax"], "class": ["village"]}, {"办税服务厅"}),
        ({"way": "classes", "class": ["window"], "unit": ["tax"]}, {"办税服务厅", "供水服务厅", "无关单位"}),
        ({"way": "classes", "class": ["village"]}, set()),
    ],
)
def test_the_units_of_the_plan_take_part_and_no_others(office, asked, listed):
    assert office.ji.post(f"{AT}/plan", data={**PLAN, **asked}).status_code == 303
    rows = list(load_workbook(io.BytesIO(office.ji.get(f"{AT}/sheet.xlsx").data)).active.values)

    assert {row[1] for row in rows[1:]} == listed
    assert (office.ji.get(f"{AT}/units/water").status_code == 200) == ("供水服务厅" in listed)


def test_the_page_and_the_plan_say_who_takes_part(office):
    office.ji.post(f"{AT}/plan", data={**PLAN, "way": "units", "unit": ["tax"]})
    assert "参加的单位：办税服务厅。" in text(office.ji.get(AT))
    form = office.ji.get(f"{AT}/plan").text
    assert 'value="units" checked' in form
    assert 'value="tax" checked' in form
    assert 'value="water" checked' not in form
    assert any("参加的单位：办税服务厅。" in line.text for line in word(office).paragraphs)


@pytest.mark.parametrize(
    "asked", [{"way": "units"}, {"way": "classes"}, {"way": "units", "unit": ["nobody"]}, {"way": "some"}]
)
def test_a_plan_for_nobody_or_for_who_is_not_there_is_refused(office, asked):
    assert office.ji.post(f"{AT}/plan", data={**PLAN, **asked}).status_code == 422
    assert yearend.plans(2026) == []


def word(office):
    return Document(io.BytesIO(office.ji.get(f"{AT}/sheet.docx").data))


ANOTHER = """INSERT INTO year_end_plan (year, version, plan, digest, reason, settled_by, settled_at, form_mark)
    VALUES (2026, ?, '{}', '', '', 'ji', ?, ?)"""


@pytest.mark.parametrize(("at", "kept"), [("2026-12-31 15:59:59.5", True), ("2026-12-31 16:00:00", False)])
def test_the_database_takes_no_other_plan_once_the_year_is_over(settled, at, kept):
    """The year ends at 16:00 UTC."""
    if kept:
        database.execute_sql(ANOTHER, (2, at, "late"))
        return
    with pytest.raises(IntegrityError, match="is fixed"):
        database.execute_sql(ANOTHER, (2, at, "late"))


def test_the_database_takes_no_other_plan_once_the_year_was_summed_and_no_later_sheet_without_a_reason(settled):
    settled.ji.post(AT, data={"mark": "first"})
    with pytest.raises(IntegrityError, match="is fixed"):
        database.execute_sql(ANOTHER, (2, "2026-11-03 04:00:00", "seen"))
    with pytest.raises(IntegrityError, match="says no reason"):
        database.execute_sql(
            "INSERT INTO year_end_sheet (year, version, plan_version, sheet, digest, reason, kept_by, kept_at,"
            " form_mark) VALUES (2026, 2, 1, '{}', '', ' ', 'ji', '2026-11-03 04:00:00', 'again')"
        )


def test_a_plan_of_before_units_could_be_chosen_is_for_all():
    held = rules.plan_from({"weights": {"rounds": "1"}, "missing": {}, "points": {}})
    assert held.takes_part("tax", "window")


def test_a_settled_plan_changes_with_a_reason_alone(settled):
    other = {**PLAN, "weight-rounds": "50", "weight-everyday": "5"}
    assert settled.ji.post(f"{AT}/plan", data=other).status_code == 422
    assert settled.ji.post(f"{AT}/plan", data={**other, "reason": "常委会议定"}).status_code == 303
    assert [one.version for one in yearend.plans(2026)] == [1, 2]
    assert "常委会议定" in text(settled.ji.get(AT))


def test_who_has_seen_the_figures_changes_no_weight(settled, clock):
    other = {**PLAN, "weight-rounds": "50", "weight-everyday": "5", "reason": "再议"}
    settled.ji.post(AT, data={"mark": "first"})
    refused = settled.ji.post(f"{AT}/plan", data=other)
    assert refused.status_code == 409
    assert "办法不能再改" in text(refused)
    assert [one.version for one in yearend.plans(2026)] == [1]
    assert "改办法" not in text(settled.ji.get(AT))


def test_a_plan_does_not_change_once_the_year_is_over(settled, clock):
    clock.at += timedelta(days=60)
    settled.come_back()
    refused = settled.ji.post(f"{AT}/plan", data={**PLAN, "weight-rounds": "50", "weight-everyday": "5", "reason": "x"})
    assert refused.status_code == 409
    assert "已经看得到数" not in text(settled.ji.get(AT))  # it was settled in its year


def test_a_plan_settled_after_its_year_says_so(office):
    assert office.ji.post("/office/year-end/2025/plan", data=PLAN).status_code == 303
    assert "定的时候已经看得到数" in text(office.ji.get("/office/year-end/2025"))


def test_weights_that_do_not_sum_settle_nothing(office):
    refused = office.ji.post(f"{AT}/plan", data={**PLAN, "weight-rounds": "39"})
    assert refused.status_code == 422
    assert "差1.00" in text(refused)
    assert yearend.plans(2026) == []


def test_published_figures_enter_exactly(settled, settings):
    """Two published rounds and two months: means by hand."""
    folder = settings.pages / "results"
    for slug, closes, published in (("2026-h1", "2026-06-30", "2026-07-15"), ("2026-h0", "2026-03-31", "2026-04-15")):
        page(folder, slug, closes, published)
    write(folder / "2026-h1" / "scores.csv", [{"unit": "tax", "score_exact": "241/3"}])
    write(folder / "2026-h0" / "scores.csv", [{"unit": "tax", "score_exact": "90"}])
    month(folder, "2026-08", [("tax", 30, 20), ("water", 40, 1)])
    month(folder, "2026-09", [("tax", 10, 9)])
    month(folder, "2025-12", [("tax", 100, 0)], closes="2026-01-04")  # last year's by its name
    month(folder, "2026-10", [("tax", 100, 0)], status="open")
    told = text(settled.ji.get(f"{AT}/units/tax"))
    assert "85.17" in told  # (80 1/3 + 90) / 2
    assert "72.50" in told  # (20 + 9) / (30 + 10); by rounded monthly percentages it would be 72.53
    assert "2个月，评价40次，满意29次" in told


def month(folder, name, counts, closes="", status="published"):
    """A month of everyday ratings; beside each unit's cell one of another question and one of pooled groups."""
    slug = f"everyday-{name}"
    page(folder, slug, closes or f"{name}-28", "2026-10-15", status)
    (folder / slug / "method.toml").write_text('[[dimension]]\ncode = "wait"\n[[dimension]]\ncode = "overall"\n')
    wanted = [row for unit, all_, good in counts for row in cells(unit, all_, good)]
    write(folder / slug / "counts.csv", wanted)


def cells(unit, answered, good):
    for group, dimension in (("citizen", "overall"), ("citizen", "wait"), ("~rest", "overall")):
        levels = {"level_1": answered - good, "level_2": 0, "level_3": 1, "level_4": good - 1, "level_5": 0}
        if (group, dimension) != ("citizen", "overall"):
            levels = {"level_1": 99, **dict.fromkeys(("level_2", "level_3", "level_4", "level_5"), 0)}
        yield {"unit": unit, "group": group, "dimension": dimension, "answered": sum(levels.values()), **levels}


def page(folder, slug, closes, published, status="published"):
    (folder / slug).mkdir(parents=True, exist_ok=True)
    front = {"kind": "round", "title": f"{slug}评议", "status": status, "opens_on": "2026-01-05"}
    lines = [f"{key}: {value}" for key, value in {**front, "closes_on": closes, "published_on": published}.items()]
    (folder / slug / "index.md").write_text("---\n" + "\n".join(lines) + "\n---\n")


def write(file, rows):
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("role", ["unit_head", "administrator", "issuer", "inspector"])
def test_others_do_not_see_it(office, signed_in, role):
    client = signed_in(role)
    assert client.get(AT).status_code == 403
    assert client.post(f"{AT}/plan", data=PLAN).status_code == 403


def test_an_auditor_reads_and_settles_nothing(settled, signed_in):
    auditor = signed_in("auditor")
    assert auditor.get(AT).status_code == 200
    assert auditor.post(AT, data={}).status_code == 403
