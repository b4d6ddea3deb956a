"""Briefs, timeliness and promises: counted from what is there."""

import io

from docx import Document

from tests.survey_app.supervision.conftest import text
from tests.survey_app.supervision.test_inspections import SEEN


def test_a_brief_counts_what_happened(office, signed_in, desk):
    office.issue()
    office.issue(unit="water", kind="supervise")
    signed_in("inspector").post("/office/inspections/new", data=SEEN)
    page = text(office.ji.get("/office/briefs/2026-11-a"))
    assert "收到办件1件。" in page
    assert "发出督查件2份：整改通知1份、督办通知单1份。" in page
    assert "督查发现1条：在岗纪律1条。" in page
    answer = office.ji.get("/office/briefs/2026-11-a.docx")
    said = "\n".join(line.text for line in Document(io.BytesIO(answer.data)).paragraphs)
    assert "发出督查件2份：整改通知1份、督办通知单1份。" in said
    assert office.ji.get("/office/briefs/2026-11-a.docx").data == answer.data


def test_an_empty_period_says_so(office):
    page = text(office.ji.get("/office/briefs/2026-10"))
    assert "收到办件0件。 没有办结的办件。" in page
    assert "没有督查发现。" in page


def test_a_period_that_is_none_is_not_found(office):
    assert office.ji.get("/office/briefs/2026-13").status_code == 404


def test_late_pages_are_counted_by_unit_and_say_why(office, settings):
    front = (
        "---\nkind: commitment\ntitle: 当天答复\nunit: tax\nvalid_to: '2026-10-04'\n"
        "promise: 当天答复\nmeasure: 看记录\nremedy: 道歉\n---\n"
    )
    file = settings.pages / "units" / "tax" / "commitments" / "dangtian.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(front)
    assert "已经过了30天" in text(office.ji.get("/office/disclosure/tax"))
    line = text(office.ji.get("/office/disclosure?unit=tax"))
    assert "办税服务厅" in line
    assert " 30 " in line


def test_every_promise_stands_with_what_was_kept(office, settings):
    page = text(office.ji.get("/office/commitments"))
    assert office.ji.get("/office/commitments?as=xlsx").status_code == 200
    assert "承诺和兑现" in page
