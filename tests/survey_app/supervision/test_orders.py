"""An order from its draft to its end: who may do what, by when, and that nobody changes what was done."""

import io
import os
import time
from datetime import date, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from peewee import IntegrityError

from survey_app.jobs import orders as clock_of_orders
from survey_app.jobs.queue import Queue
from survey_app.store import audit
from survey_app.store import orders as store
from survey_app.store.database import database
from tests.survey_app.supervision.conftest import TEXT, text

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82"
)


def actions():
    return [(event.actor, event.action) for event in audit.list_events(limit=50, oldest_first=True)]


def test_an_order_goes_from_draft_to_closed_by_three_people(office):
    number = office.issue()
    assert store.order(number).due_on == date(2026, 11, 17)  # ten working days after Tuesday 3 November
    assert "还有10个工作日" in text(office.head.get("/desk/orders"))
    assert office.reply(number, words="增开了两个窗口").status_code == 303
    assert office.take(office.lu, number, "verified", words="11月4日现场看过").status_code == 303
    order = store.order(number)
    assert (order.state, order.closed_on, order.followed_by) == ("closed", date(2026, 11, 3), "")
    did = [pair for pair in actions() if pair[1].startswith("order.")]
    assert did == [
        ("ji", "order.drawn"),
        ("ji", "order.issued"),
        ("head", "order.replied"),
        ("lu", "order.verified"),
    ]


def test_who_issued_an_order_cannot_check_its_reply(office):
    number = office.issue()
    office.reply(number)
    refused = office.take(office.ji, number, "verified")
    assert refused.status_code == 409
    assert "要由另一个人核查" in text(refused)
    assert store.order(number).state == "replied"


def test_a_reply_brings_its_files_which_the_office_can_save(office):
    number = office.issue()
    sent = office.reply(number, files=(io.BytesIO(PNG), "新窗口.png"))
    assert sent.status_code == 303
    [file] = store.files_of(number)
    answer = office.lu.get(f"/office/orders/{number}/files/{file.digest}")
    assert answer.status_code == 200
    assert ("lu", "download") in actions()


def test_files_of_replies_are_not_swept_away_and_those_nobody_names_are(office, settings):
    number = office.issue()
    office.reply(number, files=(io.BytesIO(PNG), "新窗口.png"))
    [file] = store.files_of(number)
    orphan = settings.var / "case-files" / ("0" * 64)
    orphan.write_bytes(b"of a form that broke off")
    three_days_ago = time.time() - 3 * 86_400
    for kept in (settings.var / "case-files").iterdir():
        os.utime(kept, (three_days_ago, three_days_ago))
    Queue(settings).sweep()
    assert [kept.name for kept in (settings.var / "case-files").iterdir()] == [file.digest]


def test_a_wrong_file_refuses_the_reply_and_keeps_what_was_typed(office):
    number = office.issue()
    refused = office.reply(number, words="改好了，见附件", files=(io.BytesIO(b"MZ\x90\x00"), "证明.exe"))
    assert refused.status_code in (415, 422)
    assert "改好了，见附件" in refused.text
    assert store.order(number).state == "issued"


@pytest.mark.parametrize("kind", ["rectify", "supervise", "named", "dispose"])
def test_the_form_begins_with_the_text_of_its_kind_and_blanks_to_fill(office, kind):
    page = office.ji.get(f"/office/orders/new?kind={kind}")
    assert page.status_code == 200
    assert "【请写问题】" in page.text


def test_an_origin_that_is_not_there_is_said(office):
    assert office.ji.get("/office/orders/new?from=rule:2026-h1/tax/none").status_code == 404
    assert office.ji.get("/office/orders/new?from=case:2026-999999").status_code == 404


def test_a_draft_with_blanks_is_not_issued(office):
    _answer, number = office.draw(text="存在的问题：【请写问题】。")
    refused = office.take(office.ji, number, "issued")
    assert refused.status_code == 422
    assert "【请写问题】" in text(refused)
    assert store.order(number).state == "draft"


def test_the_text_that_was_issued_is_not_changed(office):
    number = office.issue()
    refused = office.take(office.ji, number, "redrawn", **TEXT)
    assert refused.status_code == 409
    assert store.state(number).text == TEXT["text"]


def test_an_old_page_changes_nothing_and_keeps_the_words(office):
    number = office.issue()
    office.reply(number)
    late = office.take(office.lu, number, "verified", version=2, words="看过了，属实")
    assert late.status_code == 409
    assert "旧页面" in text(late)
    assert "看过了，属实" in late.text
    assert store.order(number).state == "replied"


def test_a_form_sent_twice_is_one_order_and_one_step(office):
    first, number = office.draw(mark="same")
    again, _number = office.draw(mark="same")
    assert (first.location, len(store.listed())) == (again.location, 1)
    for _time in range(2):
        office.take(office.ji, number, "issued", mark="once", version=1)
    assert [event.step for event in store.events_of(number)] == ["drawn", "issued"]


def test_a_unit_that_did_not_answer_gets_the_next_kind_which_names_the_one_before(office):
    number = office.issue()
    went_on = office.take(office.ji, number, "escalated", words="没有回复", mark="up")
    follower = store.order(number).followed_by
    assert went_on.location.endswith(f"/office/orders/{follower}")
    after = store.order(follower)
    assert (after.kind, after.previous, after.state, after.source) == ("supervise", number, "draft", "earlier")
    assert TEXT["paper_number"] in after.basis
    office.take(office.ji, number, "escalated", words="没有回复", mark="up", version=2)
    assert len(store.listed()) == 2


def test_the_last_kind_cannot_be_escalated(office):
    number = office.issue(kind="dispose")
    assert office.take(office.ji, number, "escalated").status_code == 409
    assert len(store.listed()) == 1


def test_a_missing_reply_is_noticed_once_for_each_last_day(office, settings, clock):
    number = office.issue()
    clock.at += timedelta(days=14)  # the last day itself
    assert clock_of_orders.tick(settings, clock()) == 0
    clock.at += timedelta(days=1)
    assert [clock_of_orders.tick(settings, clock()) for _time in range(3)] == [1, 0, 0]
    office.come_back()
    assert "过期没有回复" in text(office.ji.get("/office/"))
    assert [event.step for event in store.events_of(number)].count("overdue") == 1
    office.take(office.ji, number, "extended", days="3")
    assert store.order(number).overdue is False
    clock.at += timedelta(days=7)
    assert clock_of_orders.tick(settings, clock()) == 1


def test_another_unit_sees_nothing_and_its_try_is_written_down(office, signed_in):
    number = office.issue()
    water = signed_in("unit_head", unit="water")
    assert water.get(f"/desk/orders/{number}").status_code == 404
    assert ("unit-head-water", "order.refused") in actions()


def test_a_unit_reads_when_an_order_was_issued_and_not_how_the_office_wrote_it(office):
    number = office.issue()
    assert "起草督查件" in office.ji.get(f"/office/orders/{number}").text
    seen = office.head.get(f"/desk/orders/{number}").text
    assert "发出督查件" in seen
    assert "起草督查件" not in seen


def test_a_unit_does_not_see_drafts(office):
    _answer, number = office.draw()
    assert office.head.get(f"/desk/orders/{number}").status_code == 404
    assert number not in office.head.get("/desk/orders").text


@pytest.mark.parametrize("role", ["administrator", "issuer", "round_officer", "entry_clerk", "publicity"])
def test_who_has_no_part_in_orders_is_refused(office, signed_in, role):
    number = office.issue()
    client = signed_in(role)
    assert client.get("/office/orders").status_code == 403
    assert client.post(f"/office/orders/{number}", data={"step": "withdrawn", "words": "x"}).status_code == 403
    assert store.order(number).state == "issued"


def test_an_auditor_reads_and_changes_nothing(office, signed_in):
    number = office.issue()
    auditor = signed_in("auditor")
    assert auditor.get(f"/office/orders/{number}").status_code == 200
    assert auditor.post("/office/orders/new", data=TEXT).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": "0"}, "1到120"),
        ({"days": "十"}, "1到120"),
        ({"days": "9" * 30}, "1到120"),
        ({"title": ""}, "标题"),
        ({"text": "看不见\u200b的字"}, "看不见"),
        ({"unit": "nobody"}, "哪个单位"),
        ({"basis": " "}, "依据"),
        ({"kind": "fine"}, "选一种"),
    ],
)
def test_a_form_that_is_not_right_says_what_and_draws_nothing(office, wrong, said):
    refused, _number = office.draw(**wrong)
    assert refused.status_code == 422
    assert said in text(refused)
    assert store.listed() == []


def test_rare_characters_of_names_are_kept(office):
    _answer, number = office.draw(text="𠮷田㐂同志负责。")
    assert "𠮷田㐂同志负责。" in office.ji.get(f"/office/orders/{number}").text


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE order_event SET words = 'x'",
        "DELETE FROM order_event",
        "DELETE FROM order_record",
        "UPDATE order_record SET basis = 'x'",
    ],
)
def test_the_database_keeps_what_was_done(office, sql):
    office.issue()
    with pytest.raises(IntegrityError, match="is kept"):
        database.execute_sql(sql)


def test_the_word_file_says_what_the_order_says(office):
    number = office.issue()
    answer = office.ji.get(f"/office/orders/{number}/paper.docx")
    said = "\n".join(line.text for line in Document(io.BytesIO(answer.data)).paragraphs)
    for part in (TEXT["title"], TEXT["paper_number"], "窗口排队过长。", "2026年11月17日", "2026年11月3日"):
        assert part in said
    assert ("ji", "download") in actions()


def test_the_ledger_finds_by_unit_state_and_day_and_goes_to_excel(office):
    first, second = office.issue(), office.issue(unit="water", kind="supervise")
    found = text(office.ji.get("/office/orders?unit=water"))
    assert second in found
    assert first not in found
    book = load_workbook(io.BytesIO(office.ji.get("/office/orders?as=xlsx").data))
    rows = list(book.active.values)
    assert [row[0] for row in rows[1:]] == [first, second]
    assert "11月2日暗访" in rows[1]
