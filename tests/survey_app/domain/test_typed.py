"""What people type: kept exactly, or refused with its place."""

import pytest

from survey_app.domain import revisions as rules
from survey_app.domain.typed import (
    TooLong,
    TooManyRows,
    Unseen,
    require_all_plain,
    require_plain,
    require_rows,
    tidy_text,
)


@pytest.mark.parametrize(
    "text", ["𠮷𡘙𪚥", "e\u0301", "👩‍👧", "مرحبا", "བོད", "a\tb\nc", "①Ⅳ㎡", "\U0001f1e8\U0001f1f3"]
)
def test_every_script_is_plain(text):
    require_plain(text)


@pytest.mark.parametrize("sign", list("\x00\x07\x1b\x7f\x85\u200b\u202e\u2066\ufeff\ufffe\u2028\xad"))
def test_a_sign_nobody_sees_is_refused_with_its_place(sign):
    with pytest.raises(Unseen, match="第3个字"):
        require_plain(f"甲乙{sign}丙")


def test_it_is_found_at_any_depth():
    with pytest.raises(Unseen):
        require_all_plain({"a": [{"b": ["好", "坏\x07"]}]})
    with pytest.raises(Unseen):
        require_all_plain({"坏\x07": 1})
    require_all_plain({"a": [1, None, True, {"b": "好"}]})


def test_lengths_are_told_in_numbers():
    with pytest.raises(TooLong, match="写了12个字，最多10个，请删去2个"):
        require_plain("字" * 12, most=10)
    with pytest.raises(TooManyRows, match="有201行，最多200行"):
        require_rows(201)
    require_plain("字" * 10, most=10)
    require_rows(200)


def test_line_ends_of_any_system_become_one_sign():
    assert tidy_text("  甲\r\n乙\r丙\n  ") == "甲\n乙\n丙"


@pytest.mark.parametrize(("state", "second", "to"), [("submitted", False, "approved"), ("submitted", True, "second")])
def test_an_approval_leads_to_publication_or_to_a_second_person(state, second, to):
    assert rules.after_approval(state, second_wanted=second) == to
    assert rules.after_approval("second", second_wanted=second) == "approved"


def test_every_state_and_step_has_its_words():
    assert rules.OPEN | {rules.PUBLISHED, rules.WITHDRAWN} == set(rules.STATE_WORDS)
    assert set(rules.ACTION_WORDS) > rules.MOVES
