"""The office reads a change, approves it, returns it or passes it on; and says truthfully what became of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from survey_app import jobs
from survey_app.store import audit
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, form_of, put, read

FORM = "/desk/page/units/tax/procedures/wanshui"


@pytest.fixture
def waiting(editor):
    sent = form_of(editor.get(FORM))
    changes = {"promised_limit_days": "3", "steps-0-text": "到任一窗口说要开证明。", "note": "多一道核对"}
    editor.post(FORM, data={**sent, **changes, "do": "submit"})
    return store.waiting()[0]


def decide(office, revision, verdict, words="", **more):
    data = {"verdict": verdict, "words": words, "version": revision.version, **more}
    return office.post(f"/desk/review/revision/{revision.number}", data=data)


def test_the_change_stands_field_by_field_with_what_went_and_what_came(office, waiting):
    page = office.get(f"/desk/review/revision/{waiting.number}").text

    assert "改了2处" in page
    assert re.search(r"承诺办结时限</th>.*?<del>1</del>工作日.*?<ins>3</ins>工作日", page, re.DOTALL)
    assert "步骤1 申请，做什么" in page
    assert "多一道核对" in page
    assert re.search(r"没有变化的\d+项", page)
    assert "检查没有查出问题" in page


def test_an_approval_is_live_and_says_so_with_a_link(office, waiting, worker, desk_pages):
    answer = decide(office, waiting, "ok")

    page = office.get(answer.location).text
    assert "已公布，网站上已经是新的。" in page
    assert 'href="/units/tax/procedures/wanshui/"' in page
    assert read(desk_pages, PROCEDURE_PATH)["promised_limit_days"] == 3
    assert (store.get(waiting.number).state, worker.asked) == ("published", 1)
    assert audit.verify() == []


def test_while_it_is_not_live_nobody_is_told_that_it_is(office, waiting, worker):
    worker.says = jobs.WAITING

    page = office.get(decide(office, waiting, "ok").location).text

    assert "正在公布" in page
    assert "已公布，网站上已经是新的。" not in page


def test_a_build_that_fails_tells_the_approver_why(office, waiting, worker):
    worker.says = "网站没有建成：磁盘满了"

    page = office.get(decide(office, waiting, "ok").location).text

    assert "磁盘满了" in page
    assert store.get(waiting.number).state == "approved"


def test_a_return_needs_a_reason_and_brings_it_to_the_desk(office, editor, waiting):
    empty = decide(office, waiting, "back", " ")
    assert (empty.status_code, store.get(waiting.number).state) == (422, "submitted")
    assert "请写明原因" in empty.text
    decide(office, waiting, "back", "窗口号请写全")
    assert "窗口号请写全" in editor.get("/desk/").text
    assert "窗口号请写全" in editor.get(f"/desk/revision/{waiting.number}").text


def test_editor_mends_what_was_returned_and_it_comes_back(office, editor, waiting, worker):
    decide(office, waiting, "back", "窗口号请写全")
    address = f"/desk/revision/{waiting.number}"

    editor.post(address, data={**form_of(editor.get(address)), "place": "1号窗口", "do": "submit"})

    [again] = store.waiting()
    assert (again.number, again.data["place"], again.decision) == (waiting.number, "1号窗口", "")
    assert decide(office, again, "ok").status_code == 303


def test_passing_on_takes_a_second_person(office, second, waiting, worker):
    decide(office, waiting, "pass", "请再看时限")
    passed = store.get(waiting.number)
    assert passed.state == "second"
    assert decide(office, passed, "ok").status_code == 403
    assert "要由另一位审核人" in office.get(f"/desk/review/revision/{waiting.number}").text
    decide(second, passed, "ok")
    assert store.get(waiting.number).state == "published"


def test_where_every_change_needs_two_one_is_not_enough(office, second, waiting, worker, app, settings):
    app.config["SETTINGS"] = replace(settings, second_approval=True)

    decide(office, waiting, "ok")
    assert (store.get(waiting.number).state, worker.asked) == ("second", 0)
    decide(second, store.get(waiting.number), "ok")

    assert store.get(waiting.number).state == "published"


def test_what_changed_after_it_was_opened_is_not_decided(office, editor, waiting, worker):
    editor.post(f"/desk/revision/{waiting.number}/take-back")
    address = f"/desk/revision/{waiting.number}"
    editor.post(address, data={**form_of(editor.get(address)), "place": "别处", "do": "submit"})

    answer = decide(office, waiting, "ok")

    assert (answer.status_code, worker.asked) == (409, 0)
    assert "又变过" in answer.text


def test_a_page_changed_by_hand_meanwhile_is_not_overwritten(office, waiting, worker, desk_pages):
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "place": "三楼"})

    answer = decide(office, waiting, "ok")

    assert answer.status_code == 409
    assert read(desk_pages, PROCEDURE_PATH)["place"] == "三楼"
    assert store.get(waiting.number).state == "conflict"


def test_errors_found_since_the_submission_stop_the_approval(office, editor, waiting, worker):
    bad = {**waiting.data, "promised_limit_days": 99}
    store.take_back(number=waiting.number, by="zhou", now=datetime(2026, 11, 3, tzinfo=UTC))
    fresh = store.get(waiting.number)
    how = {"title": fresh.title, "note": "", "by": "zhou", "now": datetime(2026, 11, 3, tzinfo=UTC)}
    fresh = store.save(number=fresh.number, version=fresh.version, data=bad, **how)
    fresh = store.submit(number=fresh.number, version=fresh.version, by="zhou", now=datetime(2026, 11, 3, tzinfo=UTC))

    page = office.get(f"/desk/review/revision/{fresh.number}").text
    answer = decide(office, fresh, "ok")

    assert "承诺99个工作日比法定5个工作日长" in page
    assert answer.status_code == 422
    assert store.get(fresh.number).state == "submitted"


def test_without_a_choice_nothing_is_decided_and_the_words_stay(office, waiting):
    answer = decide(office, waiting, "", "我还没想好")

    assert answer.status_code == 422
    assert "我还没想好" in answer.text
    assert store.get(waiting.number).state == "submitted"


def test_several_are_approved_together_in_one_publication_and_what_changed_is_left(office, editor, waiting, worker):
    editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "发错了"})
    one, two = store.waiting()
    ticked = [f"{one.number}:{one.version}", f"{two.number}:{two.version - 1}", "x:1", "999:1"]

    office.post("/desk/review/approve-many", data={"revision": ticked})

    assert [store.get(r.number).state for r in (one, two)] == ["approved", "submitted"]
    assert worker.asked == 1
    assert "有3份没有通过" in office.get("/desk/review/").text


def test_the_queue_is_oldest_first_and_says_how_long_each_has_waited(signed_in, waiting, clock):
    clock.later(days=7)
    editor, office = signed_in("unit_editor", "tax"), signed_in("publicity", "")
    editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "发错了"})

    page = office.get("/desk/review/").text

    assert page.index("开具完税证明") < page.index("办税厅周六开放")
    assert "等了5个工作日" in page
    assert "（2）" in page


OFFICE_PAGES = [
    "/desk/review/",
    "/desk/review/builds",
    "/desk/review/reminders",
    "/desk/review/units",
    "/desk/review/units/tax",
    "/desk/review/revision/1",
    "/desk/review/revision/1/preview/",
    "/desk/review/history/units/tax/procedures/wanshui",
]


@pytest.mark.parametrize("address", OFFICE_PAGES)
def test_the_office_is_closed_to_editors(editor, waiting, address):
    assert editor.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/desk/review/revision/1", "/desk/review/approve-many", "/desk/review/units/tax"])
def test_editors_decide_nothing(editor, waiting, address):
    answer = editor.post(address, data={"verdict": "ok", "version": waiting.version, "revision": "1:3"})

    assert answer.status_code == 403
    assert store.get(waiting.number).state == "submitted"


@pytest.mark.parametrize("address", [page for page in OFFICE_PAGES if "preview" not in page])
def test_every_page_of_the_office_opens(office, waiting, address):
    assert office.get(address).status_code == 200


def test_a_form_without_its_token_decides_nothing(office, waiting):
    data = {"verdict": "ok", "version": waiting.version}

    answer = office.post_without_token(f"/desk/review/revision/{waiting.number}", data=data)

    assert answer.status_code == 400
    assert store.get(waiting.number).state == "submitted"


def test_reminders_stand_unit_by_unit_and_are_narrowed_by_level_and_kind(office, desk_pages):
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "promised_limit_days": 99})
    late = {"code": "00002201000001", "version_on": "2025-06-01", "review_by": "2026-01-01"}
    put(desk_pages, "units/water/procedures/baozhuang.md", {**PROCEDURE, "title": "用水报装", **late})

    everything, errors_only = (office.get(f"/desk/review/reminders{q}").text for q in ("", "?level=error"))

    assert "比法定5个工作日长" in everything
    assert "用水报装" in everything
    assert "用水报装" not in errors_only
    assert "开具完税证明" in errors_only
    assert "开具完税证明" not in office.get("/desk/review/reminders?kind=notice").text
