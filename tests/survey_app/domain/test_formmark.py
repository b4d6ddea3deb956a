"""The mark of a form: only ours passes, it grows old, and a script that sends at once is told to read first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.formmark import FormExpired, FormForeign, FormTooFast, new_mark, read_mark

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
DRAWN = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
MARK = new_mark(KEY, DRAWN)


def read(sent, after=timedelta(minutes=2), key=KEY):
    return read_mark(key, sent, now=DRAWN + after, hours=24)


def test_a_mark_of_ours_gives_back_its_nonce_and_its_age():
    found = read(MARK)

    assert found.nonce == MARK.split(".")[0]
    assert len(found.nonce) == 32
    assert found.age == timedelta(minutes=2)


def test_two_forms_drawn_in_one_second_have_two_nonces():
    assert read(MARK).nonce != read(new_mark(KEY, DRAWN)).nonce


def test_a_form_is_good_for_a_day_and_not_a_second_longer():
    assert read(MARK, timedelta(hours=24)).age == timedelta(hours=24)
    with pytest.raises(FormExpired, match="24小时"):
        read(MARK, timedelta(hours=24, seconds=1))


def test_a_form_drawn_by_another_portal_is_foreign():
    with pytest.raises(FormForeign):
        read(MARK, key=OTHER_KEY)


def test_a_form_made_younger_than_it_is_is_foreign():
    nonce, at, signature = MARK.split(".")
    with pytest.raises(FormForeign):
        read(f"{nonce}.{int(at) + 3600}.{signature}")


@given(place=st.integers(0, len(MARK) - 1), sign=st.characters(max_codepoint=0x2FF))
def test_a_mark_with_one_sign_changed_is_foreign(place, sign):
    changed = MARK[:place] + sign + MARK[place + 1 :]
    if changed != MARK:
        with pytest.raises(FormForeign):
            read(changed)


@given(st.text())
def test_no_text_is_taken_for_a_mark_and_none_is_a_fault(text):
    with pytest.raises(FormForeign):
        read(text)


def test_three_seconds_are_enough_to_have_read_a_form_and_two_are_not():
    read(MARK, timedelta(seconds=3)).require_read(3)
    with pytest.raises(FormTooFast, match="3秒"):
        read(MARK, timedelta(seconds=2)).require_read(3)
