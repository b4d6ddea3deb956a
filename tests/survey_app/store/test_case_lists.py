"""Lists of cases: whose, which, in what order; what a person wrote, opened and deleted with proof."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from survey_app.casework.access import state_for_unit
from survey_app.casework.verbs import Said
from survey_app.domain.cases import box, refusals, steps
from survey_app.store import audit, case_private
from survey_app.store.case_lists import NEWEST, Wanted, counts_by_state, due_cases, list_cases
from survey_app.store.cases import case
from survey_app.store.database import checkpoint
from survey_app.store.models import CaseContact, CaseWords


def numbers(**wanted):
    return [one.number for one in list_cases(Wanted(**wanted)).cases]


def test_a_unit_sees_its_own_by_deadline_and_those_it_helps_with(desk):
    question, complaint = desk.receive("question").number, desk.receive().number
    desk.take("2026-000001", steps.CO_UNIT_ADDED, steps.OFFICE, Said(detail={"unit": "tax"}))

    assert numbers(unit="tax") == ["2026-000001", complaint, question]
    assert numbers(unit="water") == ["2026-000001"]
    assert numbers(unit="noise") == []


def test_filters_name_kind_state_day_number_and_what_waits_for_the_office(desk, clock):
    question = desk.receive("question").number
    lost = desk.receive("suggestion", unit="").number
    desk.take("2026-000001", steps.CONTACTED, unit="water")
    desk.take("2026-000001", steps.EXTENSION_ASKED, unit="water")

    assert numbers(kinds=["question"]) == [question]
    assert numbers(states=[steps.HEARD]) == numbers(extensions=True) == ["2026-000001"]
    assert numbers(without_unit=True) == [lost]
    assert numbers(number="2026-00000") == [lost, "2026-000001", question]
    assert numbers(received_from=clock.today + timedelta(days=1)) == []
    assert len(numbers(received_from=clock.today, received_to=clock.today)) == 3
    assert numbers(overdue_on=date(2026, 11, 6)) == [lost]
    assert counts_by_state() == {steps.HEARD: 1, steps.TAKEN: 1, steps.NEW: 1}


def test_a_page_of_a_list_is_shown_with_what_each_person_wrote_first(desk, keys):
    number = desk.receive().number

    assert case_private.first_words([number], keys) == {number: {"words": "窗口让我跑了三趟"}}


def test_a_list_is_shown_page_by_page_with_the_number_of_all(desk):
    for _ in range(4):
        desk.receive()
    page = list_cases(Wanted(), sort=NEWEST, offset=1, limit=2)

    assert ([one.number for one in page.cases], page.total) == (["2026-000004", "2026-000003"], 5)


def test_what_a_clock_has_to_look_at_is_what_is_due_and_open(desk):
    soon, later = desk.receive().number, desk.receive("question").number

    assert list(due_cases(date(2026, 11, 3))) == []
    assert list(due_cases(date(2026, 11, 4))) == ["2026-000001", soon]
    assert later in list(due_cases(date(2026, 11, 10)))


def test_a_contact_is_opened_for_whom_the_case_needs_and_every_look_is_recorded(desk, keys, clock):
    number = desk.receive(contact="0000-8110000").number

    assert case(number).has_contact
    assert case_private.contact_of(number, by="clerk", keys=keys, now=clock()) == "0000-8110000"
    [looked] = audit.events_of(subject=number, actions=["case.contact_seen"])
    assert (looked.actor, looked.detail) == ("clerk", {})


def test_another_unit_is_refused_and_the_try_is_recorded(desk, clock):
    with pytest.raises(refusals.NotYourCase):
        state_for_unit("2026-000001", unit="tax", by="clerk", now=clock())

    [tried] = audit.events_of(subject="2026-000001", actions=["case.refused"])
    assert (tried.actor, tried.detail) == ("clerk", {"unit": "tax"})
    assert state_for_unit("2026-000001", unit="water", by="other", now=clock()).unit == "water"


def test_neither_words_nor_contact_nor_code_can_be_read_from_any_file_of_the_database(desk, settings):
    received = desk.receive(contact="0000-8110000")
    looked_for = [text.encode() for text in ("窗口让我跑了三趟", "8110000", received.code)]
    for step in (lambda: None, checkpoint):
        step()
        files = [file.read_bytes() for file in settings.var.glob("pingyi.sqlite3*")]
        assert any(b"case_record" in content for content in files)
        assert [text for text in looked_for if any(text in content for content in files)] == []


def test_another_key_opens_nothing_and_says_so(desk, keys):
    with pytest.raises(box.WrongCaseKey):
        case_private.words_of("2026-000001", replace(keys, case=bytes(32)))
    assert case_private.words_of("2026-000001", keys) == {1: {"words": "窗口让我跑了三趟"}}


class TestForgetting:
    @pytest.fixture
    def closed(self, desk, clock):
        """A question closed on 3 November; a second one, with a contact too, stays open."""
        desk.receive("question", contact="0000-8110001", nonce="stays")
        number = desk.receive("question", contact="0000-8110000").number
        desk.take(number, steps.ANSWERED)
        desk.take(number, steps.SATISFIED, steps.CITIZEN)
        return number

    def test_a_contact_goes_with_proof_and_an_open_case_keeps_its_own(self, closed, keys, clock):
        sealed = [bytes(row.sealed) for row in CaseContact.select().where(CaseContact.case == closed)]
        assert case_private.forget_contacts(clock(), clock()) == []
        clock.later(seconds=1)
        [gone] = case_private.forget_contacts(clock(), clock())

        assert (gone.number, gone.rows, gone.digest) == (closed, 1, sha256(sealed[0]).hexdigest())
        [proof] = audit.events_of(subject=closed, actions=["case.deleted"])
        assert proof.detail == {"what": "contact", "rows": 1, "digest": gone.digest}
        assert (case_private.count_contacts(), case(closed).has_contact) == (1, False)
        assert case_private.contact_of(closed, by="clerk", keys=keys, now=clock()) == ""

    def test_words_go_later_and_what_was_done_stays(self, closed, keys):
        case_private.forget_words(datetime(2027, 11, 4, tzinfo=UTC), datetime(2027, 11, 4, tzinfo=UTC))

        assert case_private.words_of(closed, keys) == {}
        assert CaseWords.select().count() == 2
        assert case(closed).satisfied == "yes"
