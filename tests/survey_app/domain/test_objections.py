"""What a ruling may change, who may make it, and until when a unit may object."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import objections as rules
from survey_app.domain.objections import CLASS, NOTE, PANEL, Correction
from survey_app.domain.workdays import Calendar

KNOWN = {"groups": frozenset({"deputy", "citizen"}), "classes": frozenset({"window", "village"})}


def typed(kind, *, group="deputy", people="20", class_code="village"):
    return rules.typed_correction(kind, group=group, people=people, class_code=class_code, **KNOWN)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(NOTE, {}), (PANEL, {"group": "deputy", "people": 20}), (CLASS, {"class": "village"})],
)
def test_a_correction_holds_what_its_kind_needs_and_comes_back_as_it_was_stored(kind, values):
    correction = typed(kind)
    assert correction == Correction(kind, values)
    assert rules.read_correction(correction.as_data()) == correction


@given(st.text(max_size=12))
def test_a_number_of_people_is_a_whole_number_up_to_a_million_or_refused(said):
    fits = said.isascii() and said.isdigit() and len(said) <= 8 and 0 < int(said) <= 1_000_000
    if fits:
        assert typed(PANEL, people=said).values["people"] == int(said)
    else:
        with pytest.raises(rules.CorrectionWrong):
            typed(PANEL, people=said)


@pytest.mark.parametrize(
    "how", [{"kind": PANEL, "group": "noise"}, {"kind": CLASS, "class_code": ""}, {"kind": "delete"}, {"kind": ""}]
)
def test_what_is_not_offered_is_refused(how):
    with pytest.raises(rules.CorrectionWrong):
        typed(how.pop("kind"), **how)


def test_five_working_days_step_over_a_weekend_and_over_national_day():
    assert rules.last_day(date(2026, 12, 1), 5, Calendar()) == date(2026, 12, 8)
    # 2026 国庆: 1 to 7 October are free, Saturday 10 October is worked.
    assert rules.last_day(date(2026, 9, 30), 3, Calendar()) == date(2026, 10, 10)


def test_an_objection_keeps_its_lines_and_nothing_unseen():
    assert rules.require_words(" 第一行\r\n第二行 ") == "第一行\n第二行"
    with pytest.raises(rules.WordsMissing):
        rules.require_words(" \n ")


def test_what_two_people_decide_one_cannot():
    rules.require_other_hand("zhou", "wu")
    with pytest.raises(rules.SameHand):
        rules.require_other_hand("zhou", "zhou")
