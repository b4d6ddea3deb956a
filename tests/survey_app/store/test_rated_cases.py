"""A rating whose writer wants an answer: a case in the same moment, its code; what becomes of a rating ruled out."""

from datetime import UTC, date, datetime

import pytest

from survey_app.casework.verbs import Said
from survey_app.domain import everyday_box
from survey_app.domain.cases import figures, steps
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.refusals import AlreadyDone, SamePerson, StepNotYours
from survey_app.domain.everyday_box import CONTACT
from survey_app.store import case_private, cases
from survey_app.store import everyday as store
from survey_app.store.case_lists import Wanted, list_cases
from survey_app.store.database import write
from survey_app.store.models import AnswerWish
from survey_app.store.visits import VisitCodeUsed
from survey_app.store.wishes import turn_into_cases
from tests.everyday import rate, rate_with_case, visit_codes

NOW = datetime(2026, 11, 3, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noise(store, keys):
    """Another unit's bad rating whose writer wants an answer."""
    rate(keys, unit="water", nonce="noise", level=1, wish=True)


def of_tax():
    return list_cases(Wanted(unit="tax")).cases


def test_a_low_rating_with_a_wish_is_a_case_of_its_unit_with_all_that_the_answer_needs(keys):
    told = {"level": 1, "ticks": ("rude",), "words": "请回电话", "kept": {"chuzheng": "broken"}}
    done = rate_with_case(keys, **told, wish=True, contact="0000-8110000")
    [case] = of_tax()

    assert cases.case_by_code(done.case_code).number == case.number
    assert (case.kind, case.procedure, case.state, case.due_on) == (
        "bad_rating",
        "wanshui",
        "assigned",
        date(2026, 11, 4),
    )
    [kept] = [words for words in case_private.words_of(case.number, keys).values()]
    rating = kept.pop("rating")
    assert kept == {"level": 1, "ticks": ["rude"], "flags": [], "words": "请回电话", "kept": {"chuzheng": "broken"}}
    assert len(bytes.fromhex(rating)) == 32
    assert "tax" not in store.words_by_unit(keys)


def test_nobody_has_to_leave_a_contact_to_get_an_answer(keys):
    rate(keys, level=2, wish=True)

    assert [case.has_contact for case in of_tax()] == [False]


def test_a_contented_person_s_wish_is_a_question_and_a_rating_without_one_no_case(keys):
    rate(keys, level=4, wish=True, nonce="asks")
    rate(keys, level=1, nonce="asks nothing")

    assert [case.kind for case in of_tax()] == ["question"]


def test_the_same_form_again_is_one_rating_one_case_one_code(keys):
    code, *_ = visit_codes(keys)
    first, again = (rate_with_case(keys, code=code, level=1, wish=True) for _ in range(2))

    assert first == again
    assert len(of_tax()) == 1


def test_a_rating_that_is_refused_leaves_no_case(keys):
    code, *_ = visit_codes(keys)
    rate(keys, code=code, nonce="first")
    with pytest.raises(VisitCodeUsed):
        rate(keys, code=code, nonce="second", level=1, wish=True)

    assert of_tax() == []


def test_wishes_from_before_become_cases_once(keys):
    told = {"level": 1, "ticks": [], "flags": [], "procedure": "wanshui", "kept": {}, "words": "等太久"}
    sealed = everyday_box.seal(keys.everyday, CONTACT, {**told, "contact": "0000-8110000"})
    with write():
        AnswerWish.insert(wish_key=bytes(32), unit="tax", month="2026-10", sealed=sealed).execute()

    assert [turn_into_cases(keys, Clocks(), NOW) for _ in range(2)] == [1, 0]
    [case] = of_tax()
    assert (case.kind, case.procedure, AnswerWish.select().count()) == ("bad_rating", "wanshui", 0)
    assert case_private.contact_of(case.number, by="clerk", keys=keys, now=NOW) == "0000-8110000"


@pytest.fixture
def disputed(desk, keys):
    """A rating of level 1 that its unit has disputed; another of the same level beside it."""
    rate(keys, level=1, wish=True)
    rate(keys, level=1, nonce="another's")
    [case] = of_tax()
    desk.take(case.number, steps.DISPUTED, said=Said(internal="不是我们办的", detail={"ground": "mistaken"}))
    return case.number


def ruled(desk, number, verdict, by):
    return desk.take(
        number, steps.DISPUTE_RULED, steps.OFFICE, Said(internal="查了", detail={"verdict": verdict}), by=by
    )


def flags_of_tax(keys):
    mine = [one for one in store.ratings_of("2026-11", keys) if one.unit == "tax"]
    assert {one.level for one in mine} == {1}
    return sorted(one.flags for one in mine)


def test_one_reviewer_alone_excludes_nothing_and_not_twice_either(desk, disputed, keys):
    assert ruled(desk, disputed, "excluded", "anna").dispute == "seconding"
    with pytest.raises(SamePerson):
        ruled(desk, disputed, "excluded", "anna")

    assert flags_of_tax(keys) == [(), ()]


def test_two_reviewers_exclude_a_rating_which_stays_in_the_log_with_a_flag(desk, disputed, keys):
    ruled(desk, disputed, "excluded", "anna")
    assert ruled(desk, disputed, "excluded", "boris").dispute == "excluded"

    assert flags_of_tax(keys) == [(), ("ruled_out",)]
    assert cases.events_of(disputed)[-1].detail == {"verdict": "excluded", "level": 1, "in_count": True}
    assert figures.handled("bad_rating", cases.events_of(disputed), Clocks()).ruled_out == 1


def test_a_second_reviewer_who_disagrees_keeps_it(desk, disputed, keys):
    ruled(desk, disputed, "excluded", "anna")
    assert ruled(desk, disputed, "kept", "boris").dispute == "kept"

    assert flags_of_tax(keys) == [(), ()]


def test_a_rating_whose_month_is_settled_is_no_longer_taken_out_of_the_count_and_the_ruling_says_so(
    desk, disputed, keys
):
    store.delete_month("2026-11", [], by="night", now=NOW)
    ruled(desk, disputed, "excluded", "anna")
    ruled(desk, disputed, "excluded", "boris")

    assert cases.events_of(disputed)[-1].detail == {"verdict": "excluded", "level": 1, "in_count": False}


def test_no_unit_rules_on_its_own_dispute_or_disputes_twice(desk, disputed):
    with pytest.raises(StepNotYours):
        desk.take(disputed, steps.DISPUTE_RULED, said=Said(internal="算了", detail={"verdict": "excluded"}))
    with pytest.raises(AlreadyDone):
        desk.take(disputed, steps.DISPUTED, said=Said(internal="再说一遍", detail={"ground": "malicious"}))
