"""Briefs: counted from what is there."""

import io
from datetime import timedelta

from docx import Document

from survey_app.domain.cases import steps
from tests.survey_app.supervision.conftest import text
from tests.survey_app.supervision.test_inspections import SEEN
from tests.survey_app.supervision.test_year_end import month


def test_a_brief_counts_what_happened(office, signed_in, desk):
    office.issue()
    office.issue(unit="water", kind="supervise")
    signed_in("inspector").post("/office/inspections/new", data=SEEN)
    page = text(office.ji.get("/office/briefs/2026-11-a"))
    assert "收到办件1件，转给别的单位0次。" in page
    assert "发出督查件2份：整改通知1份、督办通知单1份。" in page
    assert "督查发现1条：在岗纪律1条。" in page
    answer = office.ji.get("/office/briefs/2026-11-a.docx")
    said = "\n".join(line.text for line in Document(io.BytesIO(answer.data)).paragraphs)
    assert "发出督查件2份：整改通知1份、督办通知单1份。" in said
    assert office.ji.get("/office/briefs/2026-11-a.docx").data == answer.data


def test_what_few_people_said_of_their_cases_is_not_told(office, desk):
    number = desk.receive().number
    desk.answer(number)
    desk.take(number, steps.VERIFIED, steps.HEAD)
    desk.take(number, steps.RESPONSIBILITY_CONFIRMED, steps.OFFICE)
    desk.take(number, steps.SATISFIED, steps.CITIZEN)
    page = text(office.ji.get("/office/briefs/2026-11-a"))
    assert "办结1件，其中按时1件，占100.0%" in page
    assert "办结的不足10件，本人满意不满意不列。" in page
    assert "本人满意1件" not in page


def test_cases_past_their_day_are_counted_and_one_in_time_is_not(office, desk, clock):
    clock.at += timedelta(days=40)
    desk.receive()
    office.come_back()
    page = text(office.ji.get("/office/briefs/2026-12-a"))
    assert "到2026年12月13日过了期限的1件" in page  # the noise case of November, not the one of today


def test_the_opening_alone_is_written_by_hand(office):
    written = {"opening": "本月突出抓窗口。\n请各单位对照。"}
    answer = office.ji.post("/office/briefs/2026-10", data=written)
    lines = [line.text for line in Document(io.BytesIO(answer.data)).paragraphs]
    assert lines.index("请各单位对照。") == lines.index("本月突出抓窗口。") + 1 < lines.index("一、群众评价")
    assert office.ji.post("/office/briefs/2026-10", data=written).data == answer.data
    refused = office.ji.post("/office/briefs/2026-10", data={"opening": "请找13812345678"})
    assert refused.status_code == 422
    assert "请找13812345678" in refused.text


def test_a_month_published_in_the_period_is_told_by_its_counts(office, settings):
    folder = settings.pages / "results"
    month(folder, "2026-09", [("tax", 40, 30), ("water", 20, 15)])
    page = text(office.ji.get("/office/briefs/2026-10"))
    assert "2个单位的评价可以公布，共60次，满意45次，占75.0%" in page


def test_an_empty_period_says_so(office):
    page = text(office.ji.get("/office/briefs/2026-10"))
    assert "收到办件0件，转给别的单位0次。 没有办结的办件。" in page
    assert "没有督查发现。" in page


def test_a_period_that_is_none_is_not_found(office):
    assert office.ji.get("/office/briefs/2026-13").status_code == 404
