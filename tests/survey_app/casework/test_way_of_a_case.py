"""The way of a case from the form to its close, and what keeps it from being closed too early."""

from datetime import date

import pytest

from survey_app.domain.cases import refusals, steps
from survey_app.store import cases as store
from survey_app.store.cases import case, case_by_code


def names(number):
    return [event.step for event in store.events_of(number)]


def test_a_complaint_answered_verified_confirmed_and_accepted_closes_of_itself(desk):
    received = desk.receive()
    desk.answer(received.number)
    desk.take(received.number, steps.VERIFIED, steps.HEAD)
    desk.take(received.number, steps.RESPONSIBILITY_CONFIRMED, steps.OFFICE)
    assert case(received.number).state == steps.CHECKED
    state = desk.take(received.number, steps.SATISFIED, steps.CITIZEN)

    assert (state.state, state.satisfied) == (steps.DONE, "yes")
    assert case_by_code(received.code).closed_at == desk.clock()
    assert names(received.number) == [
        "received",
        "assigned",
        "contacted",
        "answered",
        "responsibility_stated",
        "verified",
        "responsibility_confirmed",
        "satisfied",
        "closed",
    ]


def test_a_no_takes_it_up_again_once_and_the_second_no_goes_to_the_office(desk):
    number = desk.receive("question").number
    desk.take(number, steps.ANSWERED)
    again = desk.take(number, steps.DISSATISFIED, steps.CITIZEN)
    assert (again.state, again.reopened, again.satisfied) == (steps.TAKEN, 1, "")
    desk.take(number, steps.ANSWERED)
    refused = desk.take(number, steps.DISSATISFIED, steps.CITIZEN)

    assert (refused.state, refused.raised, refused.is_open) == (steps.REPLIED, "office", True)
    assert desk.take(number, steps.CLOSED, steps.OFFICE).satisfied == "no"


def test_the_same_form_sent_again_is_the_same_case_with_the_same_code(desk):
    first, again = (desk.receive(nonce="one form") for _ in range(2))

    assert (again.number, again.code, again.first) == (first.number, first.code, False)
    assert len(store.events_of(first.number)) == 2


def test_a_page_drawn_before_another_step_is_told_so_and_changes_nothing(desk):
    number = desk.receive().number
    desk.take(number, steps.CONTACTED)
    with pytest.raises(refusals.StaleCase, match="clerk已经做了“联系核实”"):
        desk.take(number, steps.ANSWERED, seen=2)

    assert names(number) == ["received", "assigned", "contacted"]


def test_a_step_sent_twice_is_taken_once(desk):
    number = desk.receive().number
    for _ in range(2):
        desk.take(number, steps.CONTACTED, mark="one button", seen=2)

    assert names(number) == ["received", "assigned", "contacted"]


def test_no_unit_answers_a_case_of_another(desk):
    number = desk.receive().number
    with pytest.raises(refusals.NotYourCase):
        desk.take(number, steps.CONTACTED, unit="water")

    assert names(number) == ["received", "assigned"]


def test_a_complaint_of_tuesday_is_gone_into_by_wednesday_and_answered_in_five_working_days(desk):
    number = desk.receive().number
    assert (case(number).stage, case(number).due_on) == ("verify", date(2026, 11, 4))
    desk.take(number, steps.CONTACTED)

    assert (case(number).stage, case(number).due_on) == ("answer", date(2026, 11, 10))
