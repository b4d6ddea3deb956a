"""Cases at the office: what no unit decides of itself, by people who did not do the work."""

import html
import re

import pytest

from survey_app.domain.cases import steps
from survey_app.store import cases as store
from tests.survey_app.casework.test_desks import answer_of, at, desk_said, send, steps_of
from tests.survey_app.unit.pages import give_desk_pages


@pytest.fixture
def reviewer(settings, desk, signed_in):
    give_desk_pages(settings.pages)
    return signed_in("reviewer")


def listed_on(page):
    """Numbers of the cases in the table, from top to bottom."""
    return re.findall(r'<th scope="row" role="rowheader">\s*<a [^>]*>(2026-\d+)</a>', page)


def disputed(desk):
    """A low rating that the unit calls malicious."""
    number = desk.receive("bad_rating").number
    desk.take(number, steps.CONTACTED)
    desk.take(number, steps.DISPUTED, said=desk_said(ground="malicious"))
    return number


def test_every_filter_finds_its_cases_and_says_how_many(reviewer, desk):
    nowhere = desk.receive("question", unit="", procedure="").number
    asked = desk.receive("question").number
    desk.take(asked, steps.EXTENSION_ASKED)
    in_dispute = disputed(desk)

    for show, number in (("unassigned", nowhere), ("extension", asked), ("dispute", in_dispute)):
        page = answer_of(reviewer.get(f"/office/cases?show={show}"))
        assert listed_on(page) == [number], show
        assert "（1）" in page[page.index(f"show={show}") :][:80]
    assert len(listed_on(answer_of(reviewer.get("/office/cases")))) == 4  # with the water works' complaint


def test_a_case_without_a_unit_is_assigned(reviewer, desk):
    number = desk.receive("question", unit="", procedure="").number

    assert send(reviewer, number, "assigned", "office", unit="").status_code == 422
    assert send(reviewer, number, "assigned", "office", unit="tax").status_code == 303
    assert store.case(number).unit == "tax"


def test_a_rating_is_excluded_by_two_people_and_stays_in_the_record(reviewer, desk, signed_in):
    number = disputed(desk)
    ruling = {"verdict": "excluded", "internal": "同一人当天评了九次"}

    assert send(reviewer, number, "dispute_ruled", "office", **ruling).status_code == 303
    assert store.case(number).dispute == "seconding"
    again = send(reviewer, number, "dispute_ruled", "office", **ruling)
    assert again.status_code == 403
    assert "换一个人" in answer_of(again)

    second = signed_in("reviewer", username="second-reviewer")
    assert send(second, number, "dispute_ruled", "office", **ruling).status_code == 303
    assert (store.case(number).dispute, store.case(number).kind) == ("excluded", "bad_rating")
    assert steps_of(number).count("dispute_ruled") == 2


def test_one_person_is_enough_to_say_that_a_rating_stands(reviewer, desk):
    number = disputed(desk)

    assert send(reviewer, number, "dispute_ruled", "office", verdict="kept", internal="没有依据").status_code == 303
    assert store.case(number).dispute == "kept"


def test_no_unit_rules_on_its_own_dispute(desk, reviewer, signed_in):
    number = disputed(desk)
    for role in ("case_handler", "unit_head"):
        refused = send(signed_in(role), number, "dispute_ruled", verdict="excluded", internal="恶意")
        assert refused.status_code == 403
        assert 'id="step-dispute_ruled"' not in answer_of(signed_in(role).get(at(number)))
    assert store.case(number).dispute == "pending"


def test_an_extension_is_granted_in_days_and_told_to_the_person(reviewer, desk):
    number = desk.receive("question").number
    before = store.case(number).due_on
    desk.take(number, steps.EXTENSION_ASKED)

    for days in ("", "0", "31", "三", "-5", "99999999999999999999"):
        answer = send(reviewer, number, "extension_granted", "office", days=days, public="等上级批复")
        assert answer.status_code == 422, days
    assert send(reviewer, number, "extension_granted", "office", days="3", public="等上级批复").status_code == 303
    assert store.case(number).due_on > before
    assert store.events_of(number)[-1].public == "等上级批复"


def test_the_responsibility_of_a_complaint_is_confirmed_by_the_office(reviewer, desk):
    number = desk.receive().number
    desk.answer(number)

    assert 'id="step-responsibility_confirmed"' in answer_of(reviewer.get(at(number, "office")))
    assert send(reviewer, number, "responsibility_confirmed", "office", internal="属实").status_code == 303
    assert store.state(number).confirmed


def test_a_case_refused_twice_is_closed_by_the_office_with_a_reason_only(reviewer, desk):
    number = desk.receive("question").number
    for _ in range(2):
        desk.take(number, steps.ANSWERED)
        desk.take(number, steps.DISSATISFIED, steps.CITIZEN)

    assert listed_on(answer_of(reviewer.get("/office/cases?show=refused"))) == [number]
    assert send(reviewer, number, "closed", "office", public="").status_code == 422
    assert send(reviewer, number, "closed", "office", public="政策如此，途径已告知").status_code == 303
    assert (store.case(number).state, store.case(number).satisfied) == ("closed", "no")


def test_the_discipline_office_reads_complaints_and_changes_nothing(desk, settings, signed_in):
    give_desk_pages(settings.pages)
    complaint, question = desk.receive().number, desk.receive("question").number
    officer = signed_in("discipline_officer")

    page = answer_of(officer.get("/office/cases"))
    assert complaint in page
    assert question not in page
    assert officer.get(at(question, "office")).status_code == 403
    read = answer_of(officer.get(at(complaint, "office")))
    assert "窗口让我跑了三趟" in read
    assert 'name="step"' not in read
    assert send(officer, complaint, "note", "office", internal="看过").status_code == 403
    assert steps_of(complaint) == ["received", "assigned"]


def test_an_auditor_reads_all_and_changes_nothing(desk, settings, signed_in):
    give_desk_pages(settings.pages)
    number = desk.receive("question").number
    auditor = signed_in("auditor")

    assert auditor.get(at(number, "office")).status_code == 200
    assert 'name="step"' not in auditor.get(at(number, "office")).text
    assert send(auditor, number, "note", "office", internal="看过").status_code == 403
    assert auditor.post(f"{at(number, 'office')}/contact").status_code in (404, 405)


@pytest.mark.parametrize("role", ["administrator", "publicity", "issuer", "entry_clerk", "unit_editor", "case_handler"])
def test_others_have_no_door_to_the_offices_cases(role, desk, settings, signed_in):
    give_desk_pages(settings.pages)
    number = desk.receive().number

    for address in ("/office/cases", at(number, "office"), "/office/cases/figures"):
        assert signed_in(role).get(address).status_code == 403


def test_a_case_that_is_not_there_is_said(reviewer):
    for number in ("2026-999999", "nonsense", "2026-000001%00"):
        assert reviewer.get(f"/office/cases/{number}").status_code in (400, 404)
    assert "没有这个办件" in html.unescape(reviewer.get("/office/cases/2026-999999").text)
