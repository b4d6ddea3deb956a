"""Forms that are old, foreign, broken or sent again: the right status, one reason, what was chosen still there."""

from datetime import UTC, datetime

import pytest

from survey_app.domain.formmark import new_mark
from survey_app.store import ballots
from tests.survey_app.citizen.sending import FORM, nonce_of, send

DRAWN = datetime(2026, 11, 3, 4, tzinfo=UTC)


def stored():
    return ballots.count_ballots("2026-h2") - 1  # the noise ballot of the fixture


FOREIGN = {"none": "", "nonsense": "x", "no-signature": "n" * 43, "of-another-portal": new_mark(b"another key", DRAWN)}


@pytest.mark.parametrize("mark", FOREIGN.values(), ids=FOREIGN)
def test_a_form_that_was_not_drawn_here_is_given_back_whole_and_the_next_press_is_taken(citizen, code, mark):
    page = citizen.post(FORM, data={"code": code, "nonce": mark, "q-attitude": "5"})

    assert page.status_code == 400
    assert "不是在这里打开的" in page.text
    assert 'value="5" checked' in page.text
    assert code in page.text
    assert stored() == 0
    assert "评议已经存好" in send(citizen, code, nonce=nonce_of(page)).text
    assert stored() == 1


def test_a_form_left_open_over_night_and_a_day_is_given_back_whole_and_the_next_press_is_taken(citizen, code, clock):
    nonce = nonce_of(citizen.get(FORM))
    clock.later(hours=24, seconds=1)
    page = send(citizen, code, nonce=nonce)

    assert page.status_code == 400
    assert "超过24小时" in page.text
    assert 'value="5" checked' in page.text
    assert stored() == 0
    assert send(citizen, code, nonce=nonce_of(page)).status_code == 303


def test_a_form_opened_in_the_morning_is_still_good_in_the_evening(citizen, code, clock):
    nonce = nonce_of(citizen.get(FORM))
    clock.later(hours=10)

    assert send(citizen, code, nonce=nonce).status_code == 303


def test_a_form_keeps_its_mark_while_its_fields_are_put_right(citizen, code):
    nonce = nonce_of(citizen.get(FORM))
    page = send(citizen, "23456-789AB", nonce=nonce)

    assert nonce_of(page) == nonce


def test_a_form_of_another_unit_makes_no_second_ballot_of_this_one(citizen, code):
    nonce = nonce_of(citizen.get("/rate/2026-h2/noise"))
    send(citizen, code, nonce=nonce)
    again = send(citizen, code)

    assert again.status_code == 409
    assert stored() == 1
