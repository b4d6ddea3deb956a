"""A case told at a window, on the telephone or in a letter: the same form, the same code, another channel."""

import re

import pytest

from survey_app.domain.cases import steps
from survey_app.store import case_papers
from survey_app.store import cases as store
from tests.hostile.nasty import OWN
from tests.survey_app.citizen.casing import WORDS, code_of, follow, main_of, messages, number_of
from tests.survey_app.citizen.sending import nonce_of

TOLD = {"kind": "complaint", "channel": "phone", "words": WORDS, "unit": "tax"}


def write_down(clerk, address, **typed):
    nonce = nonce_of(clerk.get(address))
    return clerk.post(address, data={"nonce": nonce, **TOLD, **typed}, content_type="multipart/form-data")


@pytest.mark.parametrize("role", ["interviewer", "entry_clerk", "reviewer"])
def test_the_office_writes_down_what_it_is_told_and_gives_the_code(signed_in, app, keys, role):
    page = write_down(signed_in(role), "/office/cases/new")
    case = store.case(number_of(page))

    assert page.status_code == 200
    assert (case.kind, case.channel, case.unit, case.state) == ("complaint", "phone", "tax", steps.TAKEN)
    assert case_papers.written(case.number, keys) == {1: WORDS}
    assert store.events_of(case.number)[0].role == steps.OFFICE
    assert "昨天在3号窗口" in follow(app.test_client(), code_of(page)).text


@pytest.mark.parametrize("role", ["case_handler", "unit_editor", "unit_head"])
def test_a_unit_s_window_writes_down_cases_of_its_own_unit_alone(signed_in, role):
    page = write_down(signed_in(role), "/desk/cases/new", unit="water", channel="window", kind="question")
    case = store.case(number_of(page))

    assert (case.unit, case.channel, case.kind) == ("tax", "window", "question")


def test_the_person_s_contact_may_stay_open_and_wrongdoing_is_not_written_down_here(signed_in):
    page = main_of(signed_in("interviewer").get("/office/cases/new"))

    assert "怎么找到对方（可以不留）" in page
    assert "请告诉对方打12388" in page


def test_the_slip_says_what_is_next_and_where_to_look_and_names_nobody(signed_in):
    page = write_down(signed_in("interviewer"), "/office/cases/new", contact="王五 0000-8110000")

    assert "单位最晚2026年11月4日核实情况" in page.text
    assert "/case，输入查询码" in main_of(page)
    assert "王五" not in page.text
    assert WORDS not in page.text


def test_the_same_form_again_is_the_same_case(signed_in):
    clerk = signed_in("interviewer")
    data = {"nonce": nonce_of(clerk.get("/office/cases/new")), **TOLD}
    first, again = (clerk.post("/office/cases/new", data=data) for _ in "12")

    assert code_of(first) == code_of(again)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"kind": ""}, "kind", "请选是咨询"),
        ({"kind": "bad_rating"}, "kind", "请选是咨询"),
        ({"channel": "web"}, "channel", "请选是怎么来的"),
        ({"words": ""}, "words", "还没有写"),
        ({"unit": "nobody"}, "unit", "没有这个单位"),
    ],
)
def test_what_is_wrong_is_one_message_and_what_was_typed_is_kept(signed_in, wrong, field, says):
    page = write_down(signed_in("interviewer"), "/office/cases/new", contact="0000-8110000", **wrong)

    assert page.status_code == 422
    assert says in messages(page)[field]
    assert f'id="{field}"' in page.text
    assert 'value="0000-8110000"' in page.text


@pytest.mark.parametrize("field", ["kind", "channel", "words", "unit", "contact"])
def test_texts_that_break_careless_programs_are_kept_or_refused_in_words(signed_in, field):
    clerk = signed_in("interviewer")
    for text in OWN[::3]:
        page = write_down(clerk, "/office/cases/new", **{field: text})
        assert page.status_code in (200, 422), text
        assert "<script>alert" not in page.text


def test_others_do_not_come_in(signed_in, app):
    assert signed_in("administrator").get("/office/cases/new").status_code == 403
    assert signed_in("case_handler").get("/office/cases/new").status_code == 403
    assert signed_in("interviewer").get("/desk/cases/new").status_code == 403
    assert app.test_client().get("/desk/cases/new").status_code == 303


def test_a_sign_in_that_ran_out_gives_the_words_back(signed_in, clock):
    clerk = signed_in("interviewer")
    nonce = nonce_of(clerk.get("/office/cases/new"))
    clock.later(minutes=31)
    page = clerk.post("/office/cases/new", data={"nonce": nonce, **TOLD})

    assert page.status_code == 401
    assert re.search(rf'name="words"[^>]*>\s*{WORDS}', page.text)
