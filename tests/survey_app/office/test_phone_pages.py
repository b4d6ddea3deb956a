"""The interviewer: exact words, a code for each person, a receipt that gives the person the last word."""

import re

import pytest

from survey_app.domain import scale
from survey_app.store import ballots
from tests.factories import make_codes
from tests.survey_app.citizen.sending import send

PAGE = "/office/phone/2026-h2/tax"


@pytest.fixture
def interviewer(open_round, signed_in):
    return signed_in("interviewer")


@pytest.fixture
def codes(open_round, keys, clock):
    make_codes(keys, clock)
    return make_codes(keys, clock, channel="phone")


def ask(interviewer, code, page=PAGE, **answers):
    nonce = re.search(r'name="nonce" value="([^"]+)"', interviewer.get(PAGE).text)[1]
    return interviewer.post(page, data={"code": code, "nonce": nonce, **answers})


def test_the_screen_holds_every_question_and_level_in_the_words_of_the_questionnaire(interviewer):
    page = interviewer.get(PAGE).text

    for words in ("办税服务厅的“服务态度”，就是说话办事是否耐心、平等", "“办事效率”，就是等多久、跑几趟、推不推"):
        assert words in page
    assert page.count("、".join(scale.LEVELS.values()) + "。") == 3
    assert " checked" not in page


def test_an_interview_is_one_ballot_of_the_channel_phone_with_a_receipt_that_replaces_it(
    interviewer, codes, citizen, open_round, clock
):
    answer = ask(interviewer, codes[0], **{"q-attitude": "2", "q-efficiency": "0"})
    receipt = re.search(r"[\w]{4}-[\w]{4}-[\w]{4}-[\w]{5}", answer.text)[0]

    assert [(b.channel, b.group) for b in ballots.sealed_ballots("2026-h2")] == [("phone", "citizen")]
    assert "不满意" not in answer.text
    changed = send(citizen, receipt, **{"q-attitude": "5"})
    assert changed.status_code in (200, 303)
    assert ballots.count_ballots("2026-h2") == 1


def test_the_same_interview_sent_twice_is_one_ballot_and_a_code_asked_twice_is_refused(interviewer, codes):
    form = {"code": codes[0], "nonce": "n" * 32, "q-attitude": "4"}
    first, second = (interviewer.post(PAGE, data=form).text for _ in range(2))
    assert re.search(r"[\w]{4}-[\w]{4}-[\w]{4}-[\w]{5}", first)[0] in second

    again = ask(interviewer, codes[0], **{"q-attitude": "1"})
    assert (again.status_code, "已经评过这个单位" in again.text) == (409, True)
    assert ballots.count_ballots("2026-h2") == 1


def test_a_code_that_is_not_for_interviews_and_an_empty_interview_are_refused(interviewer, codes, keys, clock):
    invited, *_ = make_codes(keys, clock)
    wrong = ask(interviewer, invited, **{"q-attitude": "4"})
    assert (wrong.status_code, wrong.text.count("不是电话访问用的")) == (422, 2)
    empty = ask(interviewer, codes[0])
    assert (empty.status_code, empty.text.count("请至少选一题")) == (422, 2)
    assert ballots.count_ballots("2026-h2") == 0


def test_only_interviewers_come_in_and_only_while_the_round_runs(interviewer, signed_in, clock):
    assert signed_in("entry_clerk").get(PAGE).status_code == 403
    assert "2026-h2群众评议" in interviewer.get("/office/phone").text
    assert "供水服务厅" in interviewer.get("/office/phone/2026-h2").text
    assert interviewer.get("/office/phone/2026-h2/library").status_code == 404
    assert interviewer.get("/office/phone/2027-h1/tax").status_code == 409
