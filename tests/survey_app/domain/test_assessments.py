"""民主测评: the rules at their thresholds, by hand; two readings that must agree."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import assessments as rules
from survey_app.domain.assessments import Reading
from survey_app.domain.typed import TooLong
from survey_app.domain.words import WordsNameSomeone


def votes(competent=0, basic=0, incompetent=0, excellent=0, grade=""):
    total = competent + basic + incompetent + excellent
    return Reading(total, total, excellent, competent, basic, incompetent, 0, grade)


def fires(this, before=None):
    return [one.rule for one in rules.fired(this, before)]


@pytest.mark.parametrize(
    ("reading", "fired"),
    [
        (votes(competent=26, basic=9, incompetent=4), ["third"]),  # 13 of 39 is one third
        (votes(competent=27, basic=9, incompetent=4), []),  # 13 of 40 is below
        (votes(competent=25, basic=9, incompetent=4), ["third"]),  # 13 of 38 is above
        (votes(excellent=2, basic=1), ["third"]),
        (votes(competent=2_000_001, basic=1_000_000), []),  # no rounding: 1,000,000 of 3,000,001
    ],
)
def test_one_third_is_reached_exactly(reading, fired):
    assert fires(reading) == fired


@pytest.mark.parametrize(
    ("before", "this", "fired"),
    [
        (votes(80, 0, 20), votes(4, 0, 1), ["fifth"]),  # 20 of 100, then 1 of 5
        (votes(81, 0, 19), votes(4, 0, 1), []),
        (votes(4, 0, 1), votes(81, 0, 19), []),
        (None, votes(80, 0, 20), []),  # one year makes no two
    ],
)
def test_a_fifth_counts_two_years_running(before, this, fired):
    assert fires(this, before) == fired


def test_a_poor_grade_fires_at_once_and_a_fair_one_in_its_second_year():
    assert fires(votes(9, 1, grade="poor")) == ["poor"]
    assert fires(votes(9, 1, grade="plain")) == []
    assert fires(votes(9, 1, grade="plain"), votes(9, 1, grade="plain")) == ["plain"]
    assert fires(votes(9, 1, grade="plain"), votes(9, 1, grade="poor")) == []


def test_the_arithmetic_stands_beside_the_rule():
    [one] = rules.fired(votes(26, 9, 4), None)
    assert one.arithmetic(str) == "基本称职9票加不称职4票是13票，有效39票，13/39不小于1/3"


counts = st.integers(0, 60)


@given(counts, counts, counts, counts)
def test_the_third_is_the_count_of_whole_votes_times_three(competent, basic, incompetent, excellent):
    reading = votes(competent, basic, incompetent, excellent)
    if reading.valid:
        assert ("third" in fires(reading)) == (3 * (basic + incompetent) >= reading.valid)
        both = "fifth" in fires(reading, reading)
        assert both == (Fraction(incompetent, reading.valid) >= Fraction(1, 5))


ONE, TWO = votes(10, 2), votes(10, 3)


def test_two_people_who_read_the_same_settle_it():
    assert rules.settled([("a", ONE), ("b", ONE)]) == (ONE, [])


def test_one_person_twice_settles_nothing():
    assert rules.settled([("a", ONE), ("a", ONE)]) == (None, [("a", ONE)])


def test_who_was_wrong_types_again():
    assert rules.settled([("a", ONE), ("b", TWO)])[0] is None
    assert rules.settled([("a", ONE), ("b", TWO), ("b", ONE)]) == (ONE, [])


def test_what_was_settled_holds_until_two_people_correct_it():
    first = [("a", ONE), ("b", ONE), ("c", TWO)]
    assert rules.settled(first) == (ONE, [("c", TWO)])
    assert rules.settled([*first, ("a", TWO)]) == (TWO, [])


FORM = {"sent": "40", "returned": "39", "competent": "26", "basic": "9", "incompetent": "3", "invalid": "1"}


def test_a_form_is_read():
    assert rules.typed_reading(FORM) == Reading(40, 39, 0, 26, 9, 3, 1, "")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"returned": "38"}, rules.CountsCross),
        ({"sent": "38"}, rules.MoreBackThanSent),
        ({"basic": "-9"}, rules.CountWrong),
        ({"basic": "九"}, rules.CountWrong),
        ({"basic": "９"}, rules.CountWrong),
        ({"basic": ""}, rules.CountWrong),
        ({"competent": "9" * 9}, rules.CountWrong),
        ({"grade": "best"}, rules.ChoiceMissing),
        ({"grade": "poor"}, rules.BasisMissing),
        ({"grade": "poor", "basis": " —— "}, rules.BasisMissing),
        ({"basis": "年度考核会议纪要"}, rules.BasisOfNothing),
        ({"grade": "poor", "basis": "字" * 201}, TooLong),
        ({"grade": "poor", "basis": "王主任13800138000"}, WordsNameSomeone),
        ({"competent": "0", "basic": "0", "incompetent": "0", "invalid": "39"}, rules.NobodyVoted),
    ],
)
def test_a_form_that_cannot_be_is_refused(wrong, refusal):
    with pytest.raises(refusal):
        rules.typed_reading({**FORM, **wrong})


def test_the_basis_of_a_grade_is_read_and_compared_by_its_letters():
    told = {"grade": "poor", "basis": "  清委办〔2026〕3号， 第四条 "}
    one = rules.typed_reading({**FORM, **told})
    same = rules.typed_reading({**FORM, **told, "basis": "清委办〔2026〕3号,第四条"})
    other = rules.typed_reading({**FORM, **told, "basis": "清委办〔2026〕8号，第四条"})

    assert one.basis == "清委办〔2026〕3号， 第四条"
    assert one.differs(same) == []
    assert one.differs(other) == ["总评的依据"]
    assert rules.settled([("chen", one), ("qian", same)])[0] == same
    assert rules.settled([("chen", one), ("qian", other)])[0] is None


def test_a_poor_grade_shows_what_it_rests_on():
    [fired] = rules.fired(Reading(10, 10, 0, 9, 1, 0, 0, "poor", "年度考核会议纪要"), None)

    assert fired.arithmetic(str) == "这一年总评：差，依据：年度考核会议纪要"
