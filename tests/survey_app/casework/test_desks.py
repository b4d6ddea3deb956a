"""Cases at the desks: one screen, a step at a time, nobody else's, nothing typed lost."""

import html
import io

import pytest
from PIL import Image

from survey_app.domain.cases import steps
from survey_app.store import audit, case_papers
from survey_app.store import cases as store
from tests.hostile.nasty import OWN, big_list
from tests.survey_app.unit.pages import give_desk_pages


@pytest.fixture
def pages(settings):
    give_desk_pages(settings.pages)


@pytest.fixture
def clerk(pages, desk, signed_in):
    """The case handler of the tax office; a case of the water works stands beside hers."""
    return signed_in("case_handler")


def at(number, place="desk"):
    return f"/{place}/cases/{number}"


def send(client, number, step, place="desk", **typed):
    version = typed.pop("version", store.case(number).version)
    data = {"step": step, "version": version, "mark": typed.pop("mark", f"{step}-{version}"), **typed}
    return client.post(at(number, place), data=data)


def answer_of(page):
    return html.unescape(page.text)


def steps_of(number):
    return [event.step for event in store.events_of(number)]


def test_the_clerk_sees_her_own_cases_with_days_left_in_words(clerk, desk):
    number = desk.receive().number
    page = answer_of(clerk.get("/desk/cases"))

    assert f">{number}</a>" in page
    assert "! 还有1个工作日" in page  # a complaint of Tuesday is gone into by Wednesday
    assert page.count(">2026-") == 1  # not the water works'


def test_from_the_list_a_case_is_written_down_for_somebody(clerk, desk):
    assert 'href="/desk/cases/new"' in clerk.get("/desk/cases").text
    assert clerk.get("/desk/cases/new").status_code == 200


def test_filters_stand_in_the_address(clerk, desk):
    question, complaint = desk.receive("question").number, desk.receive().number

    only = answer_of(clerk.get("/desk/cases?kind=question"))
    assert question in only
    assert complaint not in only
    assert "没有符合条件的" in answer_of(clerk.get("/desk/cases?show=closed"))
    assert clerk.get("/desk/cases?show=nonsense&kind=nonsense&page=-3").status_code == 200


def test_one_screen_shows_what_was_written_and_the_steps_that_are_allowed_now(clerk, desk):
    page = answer_of(clerk.get(at(desk.receive().number)))

    assert "窗口让我跑了三趟" in page
    assert 'id="step-contacted"' in page
    assert 'id="step-answered"' not in page  # the facts come first
    assert 'id="step-suspended"' not in page  # the head's to decide


def test_a_case_of_another_unit_is_refused_and_the_attempt_is_recorded(clerk, desk):
    other = desk.receive(unit="water").number

    for answer in (clerk.get(at(other)), send(clerk, other, "contacted", internal="看看")):
        assert answer.status_code == 403
        assert "窗口让我跑了三趟" not in answer.text
    assert clerk.post(f"{at(other)}/contact").status_code == 403
    assert clerk.post(f"{at(other)}/publish", data={"into": "mended"}).status_code == 403
    found = [event.subject for event in audit.list_events() if event.action == "case.refused"]
    assert found == [other] * 4
    assert steps_of(other) == ["received", "assigned"]


def test_a_unit_that_works_along_reads_and_leaves_notes_only(pages, desk, signed_in):
    number = desk.receive().number
    desk.take(number, steps.CO_UNIT_ADDED, said=desk_said(unit="water"))
    helper = signed_in("case_handler", unit="water")

    page = answer_of(helper.get(at(number)))
    assert 'id="step-note"' in page
    assert 'id="step-contacted"' not in page
    assert send(helper, number, "note", internal="水表已查").status_code == 303
    assert send(helper, number, "contacted", internal="打过电话").status_code == 403
    assert steps_of(number)[-1] == "note"


def desk_said(**detail):
    from survey_app.casework.verbs import Said

    return Said(public="说明", internal="说明", detail=detail)


def test_public_and_internal_words_stand_apart(clerk, desk):
    number = desk.receive("question").number
    assert send(clerk, number, "note", internal="先问一下财务科").status_code == 303
    assert send(clerk, number, "asked", public="请说一下是哪一年的票").status_code == 303
    page = answer_of(clerk.get(at(number)))

    assert (
        '<div class="p-inside"><p class="p-small"><b>内部，本人看不到</b></p><p class="p-said">先问一下财务科' in page
    )
    assert '<div class="p-open"><p class="p-small"><b>公开给本人的话</b></p><p class="p-said">请说一下是哪一年' in page


def test_a_prepared_answer_is_refused_until_it_has_been_written(clerk, desk):
    number = desk.receive("question").number
    begun = answer_of(clerk.get(f"{at(number)}?text=answer"))
    raw = begun[begun.index("您好。您问的事") : begun.index("</textarea>", begun.index("您好。您问的事"))]

    unchanged = send(clerk, number, "answered", public=raw, outcome="solved")
    half = send(clerk, number, "answered", public=raw.replace("【请写科室电话】", "0000-8110101"), outcome="solved")
    assert (unchanged.status_code, half.status_code) == (422, 422)
    assert "一个字没有改" in answer_of(unchanged)
    assert "这里还没有写" in answer_of(half)
    assert "0000-8110101" in answer_of(half)  # what was typed is still there
    assert steps_of(number) == ["received", "assigned"]

    done = send(clerk, number, "answered", public="您好，可以办，带身份证来1号窗口。", outcome="solved")
    assert done.status_code == 303
    assert steps_of(number)[-1] == "answered"


def test_a_page_drawn_before_another_step_keeps_what_was_typed(clerk, desk):
    number = desk.receive("question").number
    desk.take(number, steps.NOTE)

    stale = send(clerk, number, "asked", public="请补一张票据", version=2)
    assert stale.status_code == 409
    page = answer_of(stale)
    assert "没有保存：您打开以后，clerk已经做了“内部备注”" in page
    assert "请补一张票据</textarea>" in page
    assert 'name="version" value="3"' in page  # the next press sees the case as it is now
    assert steps_of(number)[-1] == "note"


def test_a_button_pressed_twice_is_one_step(clerk, desk):
    number = desk.receive("question").number
    first = send(clerk, number, "note", internal="问过了", version=2, mark="one page")
    again = send(clerk, number, "note", internal="问过了", version=2, mark="one page")

    assert (first.status_code, again.status_code) == (303, 303)
    assert steps_of(number) == ["received", "assigned", "note"]


def test_words_that_are_missing_are_asked_for_and_nothing_is_stored(clerk, desk):
    number = desk.receive().number

    assert send(clerk, number, "contacted", internal="  ").status_code == 422
    assert send(clerk, number, "transferred", public="不归我们", unit="").status_code in (409, 422)
    assert send(clerk, number, "nonsense").status_code == 422
    assert steps_of(number) == ["received", "assigned"]


def test_the_contact_is_shown_while_it_is_needed_and_every_look_is_recorded(clerk, desk):
    number = desk.receive(contact="139-0000-1111").number
    assert "139-0000-1111" not in clerk.get(at(number)).text

    assert "139-0000-1111" in clerk.post(f"{at(number)}/contact").text
    looked = [(e.actor, e.subject) for e in audit.list_events() if e.action == "case.contact_seen"]
    assert looked == [(clerk.person, number)]

    desk.answer(number)
    refused = clerk.post(f"{at(number)}/contact")
    assert refused.status_code == 409
    assert "139-0000-1111" not in refused.text


def test_an_editor_without_the_role_has_no_door_to_cases(pages, desk, signed_in):
    number = desk.receive().number

    assert signed_in("unit_editor").get(at(number)).status_code == 403
    assert signed_in("administrator").get(at(number, "office")).status_code == 403


def test_the_head_sees_what_went_to_them_and_may_stop_the_clock(pages, desk, signed_in):
    number = desk.receive("question").number
    head = signed_in("unit_head")

    assert 'id="step-suspended"' in answer_of(head.get(at(number)))
    assert send(head, number, "suspended", public="等您补交票据").status_code == 303
    assert "计时暂停" in answer_of(head.get("/desk/cases")) or "还有" in answer_of(head.get("/desk/cases"))


def test_a_transfer_goes_once_with_a_reason_and_takes_the_case_off_the_desk(clerk, desk):
    number = desk.receive("question").number
    gone = send(clerk, number, "transferred", public="供水的事归供水公司", unit="water")

    assert gone.status_code == 303
    assert gone.headers["Location"].endswith("/desk/cases")
    assert store.case(number).unit == "water"
    assert clerk.get(at(number)).status_code == 403


def test_words_nobody_sees_are_refused_with_their_place(clerk, desk):
    number = desk.receive("question").number

    assert send(clerk, number, "note", internal="问\u202e过").status_code == 422
    assert steps_of(number) == ["received", "assigned"]


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def test_evidence_comes_with_the_answer_and_is_saved_never_shown(clerk, desk, signed_in):
    number = desk.receive("question").number
    evidence = {"files": [(io.BytesIO(picture()), "收据<b>.jpg")]}
    assert send(clerk, number, "answered", public="您好，票已补开。", outcome="solved", **evidence).status_code == 303
    [file] = case_papers.files(number)

    answer = clerk.get(f"{at(number)}/files/{file.digest}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data[:3] == b"\xff\xd8\xff"
    assert "<b>" not in clerk.get(at(number)).text.split("p-history")[1].split("</ol>")[0].replace(
        "<b>本人写的</b>", ""
    ).replace("<b>公开给本人的话</b>", "")
    assert clerk.get(f"{at(number)}/files/{'0' * 64}").status_code == 410
    other = desk.receive("question").number
    assert clerk.get(f"{at(other)}/files/{file.digest}").status_code == 410
    assert signed_in("case_handler", unit="water").get(f"{at(number)}/files/{file.digest}").status_code == 403


def test_a_file_deleted_in_time_leaves_its_place_in_the_history_and_a_proof(clerk, desk):
    number = desk.receive("question").number
    evidence = {"files": [(io.BytesIO(picture()), "收据.jpg")]}
    send(clerk, number, "answered", public="您好，票已补开。", outcome="solved", **evidence)
    [file] = case_papers.files(number)
    case_papers.mark_file_deleted(file.digest, desk.clock())

    page = answer_of(clerk.get(at(number)))
    assert "一个附件，到期已删除" in page
    assert file.digest not in page
    assert clerk.get(f"{at(number)}/files/{file.digest}").status_code == 410
    [deleted] = [event for event in audit.list_events() if event.action == "case.deleted"]
    assert (deleted.subject, deleted.detail["digest"]) == (number, file.digest)


def test_a_file_that_is_no_picture_is_refused_with_the_answer_kept(clerk, desk):
    number = desk.receive("question").number
    evidence = {"files": [(io.BytesIO(b"<svg onload=alert(1)>"), "收据.jpg")]}
    refused = send(clerk, number, "answered", public="您好，票已补开。", outcome="solved", **evidence)

    assert refused.status_code in (415, 422)
    assert "您好，票已补开。" in answer_of(refused)
    assert (steps_of(number), case_papers.files(number)) == (["received", "assigned"], [])


def test_what_counts_as_solved_is_shown_by_something(clerk, desk):
    number = desk.receive().number
    desk.take(number, steps.CONTACTED)

    bare = send(clerk, number, "answered", public="您好，已经改了。", outcome="solved", evidence=" ")
    assert bare.status_code == 422
    assert "凭什么说已经解决" in answer_of(bare)
    with_file = {"files": [(io.BytesIO(picture()), "改后.jpg")]}
    assert send(clerk, number, "answered", public="您好，已经改了。", outcome="solved", **with_file).status_code == 303
    assert store.events_of(number)[-1].detail["evidence"]


def test_no_text_in_any_box_breaks_the_page_or_runs_in_it(clerk, desk):
    number = desk.receive("question").number
    for text in dict.fromkeys([*OWN, *big_list()[::80]]):
        for box in ("public", "internal", "evidence", "outcome", "version", "mark", "step"):
            typed = {"step": "note", "internal": "", "version": "2", "mark": "m", box: text}
            answer = clerk.post(at(number), data=typed)
            assert answer.status_code in (303, 409, 422), (box, text)
            assert "<script>alert" not in answer.text, (box, text)


def test_the_words_of_the_person_are_opened_from_the_box_only(clerk, desk, keys):
    number = desk.receive().number

    assert case_papers.written(number, keys) == {1: "窗口让我跑了三趟"}
