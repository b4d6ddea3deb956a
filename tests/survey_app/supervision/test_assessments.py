"""民主测评 at the desk: two clerks, neither seeing the other's numbers; a rule that fires becomes an order."""

import pytest
from peewee import IntegrityError

from survey_app.store import assessments as store
from survey_app.store import orders
from survey_app.store.database import database
from tests.survey_app.supervision.conftest import text

FORM = {"unit": "tax", "body": "team", "year": "2026", "sent": "40", "returned": "39"}
OLD_READING = """INSERT INTO assessment_reading (unit_slug, body, year, counts, reason, read_by, read_at, form_mark)
    VALUES (?,?,?,?,?,?,?,?)"""
WEAK = {**FORM, "competent": "26", "basic": "9", "incompetent": "4", "invalid": "0"}


@pytest.fixture
def clerks(open_round, signed_in):
    return [signed_in("entry_clerk", username=name) for name in ("chen", "qian", "sun")]


def enter(client, **how):
    return client.post("/office/assessments/enter", data={**WEAK, **how})


def test_the_second_clerk_types_blind_and_two_that_agree_settle_it(clerks):
    first, second, _third = clerks
    assert enter(first).status_code == 303
    page = text(second.get("/office/assessments?year=2026"))
    assert "等第二个人录" in page
    assert " 26 " not in page
    enter(second)
    assert " 26 " in text(second.get("/office/assessments?year=2026"))
    [found] = store.settled_in(2026)
    assert (found.unit, found.reading.competent) == ("tax", 26)


def test_readings_that_differ_say_in_what_and_not_the_numbers(clerks):
    first, second, _third = clerks
    enter(first)
    enter(second, basic="10", incompetent="3")
    said = text(second.get("/office/assessments"))
    assert "两个人录的不同：基本称职、不称职" in said
    assert store.settled_in(2026) == []
    enter(second)
    assert len(store.settled_in(2026)) == 1


def test_what_a_grade_rests_on_is_typed_twice_and_shown_once_both_agree(clerks):
    first, second, _third = clerks
    told = {"grade": "poor", "basis": "年度考核会议纪要第6号"}
    assert enter(first, grade="poor").status_code == 422
    enter(first, **told)
    enter(second, **{**told, "basis": "年度考核会议纪要第9号"})
    assert "两个人录的不同：总评的依据" in text(second.get("/office/assessments"))
    assert "第6号" not in text(second.get("/office/assessments/tax/team"))
    enter(second, **told)
    page = text(second.get("/office/assessments/tax/team"))
    assert "年度考核会议纪要第6号" in page
    assert "这一年总评：差，依据：年度考核会议纪要第6号" in page


def test_a_reading_typed_before_there_was_a_basis_still_stands(open_round, clock):
    for clerk in ("chen", "qian"):
        counts = '{"sent": 9, "returned": 9, "excellent": 0, "competent": 9, "basic": 0, "incompetent": 0, "invalid": 0'
        told = ("tax", "team", 2025, counts + ', "grade": "good"}', "", clerk, clock(), clerk)
        database.execute_sql(OLD_READING, told)
    [found] = store.settled_in(2025)
    assert (found.reading.grade, found.reading.basis) == ("good", "")


def test_a_settled_year_is_corrected_with_a_reason_by_two_people(clerks):
    first, second, third = clerks
    enter(first)
    enter(second)
    more = {"basic": "10", "incompetent": "3"}
    assert enter(third, **more).status_code == 422
    enter(third, **more, reason="票数错了一张")
    assert store.settled_in(2026)[0].reading.basic == 9
    enter(first, **more, reason="票数错了一张")
    assert store.settled_in(2026)[0].reading.basic == 10


def test_a_form_sent_twice_is_one_reading(clerks):
    first, _second, _third = clerks
    for _time in range(2):
        enter(first, mark="same")
    assert len(store.standing("tax", "team", 2026).waiting) == 1


def test_a_fired_rule_is_shown_with_its_arithmetic_and_becomes_an_order(clerks, office):
    for clerk in clerks[:2]:
        enter(clerk)
    page = office.ji.get("/office/assessments")
    assert "13/39不小于1/3" in text(page)
    answer, number = office.draw(**{"from": "assessment:tax/team/2026/third"})
    assert answer.status_code == 303
    assert "13/39" in orders.order(number).basis


def test_one_body_is_shown_with_all_its_years_and_nothing_of_others(clerks, signed_in):
    for year, team in (("2025", "team"), ("2026", "team"), ("2024", "unit")):
        for clerk in clerks[:2]:
            enter(clerk, year=year, body=team)
    page = text(signed_in("auditor").get("/office/assessments/tax/team"))
    assert "历年民主测评" in page
    assert " 2025 " in page
    assert " 2026 " in page
    assert " 2024 " not in page
    assert page.count("13/39不小于1/3") == 2


def test_a_body_that_was_never_assessed_is_said_to_be_unknown(clerks):
    for path in ("tax/team", "nobody/team", "tax/dog"):
        assert clerks[0].get(f"/office/assessments/{path}").status_code == 404


def test_a_body_waiting_for_its_second_reading_shows_no_number(clerks):
    enter(clerks[0])
    assert " 26 " not in text(clerks[1].get("/office/assessments/tax/team"))


def test_what_cannot_be_is_refused_and_nothing_is_kept(clerks):
    for wrong in ({"year": "2027"}, {"unit": "nobody"}, {"body": "dog"}, {"returned": "41"}):
        assert enter(clerks[0], **wrong).status_code == 422
    assert store.standings() == []


@pytest.mark.parametrize("role", ["administrator", "unit_head", "round_officer", "inspector"])
def test_others_are_refused(open_round, signed_in, role):
    assert enter(signed_in(role)).status_code == 403


def test_a_reading_is_kept_as_it_was_typed(clerks):
    enter(clerks[0])
    with pytest.raises(IntegrityError, match="is kept"):
        database.execute_sql("UPDATE assessment_reading SET counts = '{}'")
