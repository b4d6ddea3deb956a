"""Months of whole weeks, contacts on one line, boxes that one key opens, visit codes with their check sign."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import everyday, everyday_box
from survey_app.domain.codes import new_code, spoken
from survey_app.domain.everyday_box import RATING, SIZES, WrongEverydayKey, seal, unseal
from survey_app.domain.padding import pad, unpad
from survey_app.domain.rounds import week_of
from survey_app.domain.visit_codes import (
    VisitCodeImpossibleSign,
    VisitCodeMistyped,
    VisitCodeWrongLength,
    parse_visit_code,
    visit_tag,
    visit_use_tag,
)

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


class TestAMonth:
    def test_november_2026_is_five_weeks_from_its_first_monday_on(self):
        assert everyday.first_week("2026-11") == date(2026, 11, 2)
        assert everyday.last_week("2026-11") == date(2026, 11, 30)
        assert everyday.ends_on("2026-11") == date(2026, 12, 6)

    def test_the_first_sunday_of_november_still_belongs_to_october(self):
        assert everyday.month_of(date(2026, 11, 1)) == "2026-10"
        assert everyday.month_of(date(2026, 11, 2)) == "2026-11"

    def test_a_slip_is_taken_a_week_longer_and_the_month_is_over_the_day_after(self):
        assert everyday.codes_until("2026-11") == date(2026, 12, 13)
        assert not everyday.is_over("2026-11", date(2026, 12, 13))
        assert everyday.is_over("2026-11", date(2026, 12, 14))

    def test_whoever_settles_it_too_early_hears_from_which_day_on(self):
        with pytest.raises(everyday.MonthNotOver, match=r"2026年12月13日.*2026年12月14日起"):
            everyday.require_over("2026-11", date(2026, 12, 13))

    def test_months_are_counted_over_the_turn_of_the_year(self):
        assert everyday.months_after("2026-11", 2) == "2027-01"
        assert everyday.months_after("2027-01", -1) == "2026-12"
        assert everyday.months_after("2026-11", -24) == "2024-11"

    @pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-11", "2026-1", "2026-11-01", "", "../../x", "２026-11"])
    def test_what_is_no_month_is_refused(self, text):
        with pytest.raises(everyday.MonthWrong):
            everyday.parse_month(text)

    @given(DAYS)
    def test_every_day_lies_between_the_ends_of_exactly_its_month(self, day):
        month = everyday.month_of(day)

        assert everyday.first_week(month) <= day <= everyday.ends_on(month)
        assert everyday.first_week(everyday.months_after(month, 1)) == everyday.ends_on(month) + timedelta(days=1)

    @given(DAYS, DAYS)
    def test_a_rating_keeps_a_week_of_its_code_s_month_and_its_own_where_it_can(self, day, other):
        month = everyday.month_of(other)
        week = everyday.week_within(day, month)

        assert everyday.month_of(week) == month
        assert week == week_of(week)
        assert (week == week_of(day)) == (everyday.month_of(day) == month)


class TestAContact:
    def test_is_kept_on_one_line(self):
        assert everyday.tidy_contact("  0000-8110000 \n 下班后 ") == "0000-8110000 下班后"

    def test_too_long_is_refused_with_its_length(self):
        with pytest.raises(everyday.ContactTooLong, match="101"):
            everyday.tidy_contact("1" * 101)


class TestABox:
    KEY, OTHER = b"k" * 32, b"o" * 32

    @given(st.integers(1, 5), st.lists(st.text("abc-", min_size=1, max_size=10), max_size=10))
    def test_opens_to_what_was_put_in_and_its_size_says_nothing(self, level, ticks):
        content = {"level": level, "ticks": ticks, "flags": []}
        sealed = seal(self.KEY, RATING, content)

        assert unseal(self.KEY, RATING, sealed) == content
        assert len(sealed) == SIZES[RATING] + 40  # nonce and tag

    def test_another_key_or_purpose_does_not_open_it(self):
        sealed = seal(self.KEY, RATING, {"level": 1})

        for key, purpose in ((self.OTHER, RATING), (self.KEY, everyday_box.CONTACT)):
            with pytest.raises(WrongEverydayKey):
                unseal(key, purpose, sealed)

    def test_the_same_rating_looks_different_every_time(self):
        assert seal(self.KEY, RATING, {"level": 1}) != seal(self.KEY, RATING, {"level": 1})

    @given(st.binary(max_size=63))
    def test_padding_is_taken_off_again_whatever_was_in_it(self, content):
        assert unpad(pad(content, 64)) == content

    def test_what_does_not_fit_is_refused(self):
        with pytest.raises(ValueError, match="64"):
            pad(b"x" * 64, 64)


class TestAVisitCode:
    def test_may_be_left_open(self):
        assert parse_visit_code(" 　- ") == ""

    def test_forgives_small_letters_spaces_dashes_and_full_width(self):
        code = new_code()
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code[:5])

        assert parse_visit_code(f" {wide} — {code[5:].lower()} ") == code
        assert parse_visit_code(spoken(code)) == code

    def test_says_which_sign_never_occurs(self):
        with pytest.raises(VisitCodeImpossibleSign, match="“O、0”"):
            parse_visit_code("23456O780A")

    def test_says_how_many_signs_there_are(self):
        with pytest.raises(VisitCodeWrongLength, match="您填了9位"):
            parse_visit_code("234567892")

    def test_finds_a_wrong_check_sign_without_any_database(self):
        assert parse_visit_code("23456789AA") == "23456789AA"  # 240 mod 29 = 8, the ninth sign: A
        with pytest.raises(VisitCodeMistyped):
            parse_visit_code("23456789AB")

    def test_its_two_tags_differ_from_each_other_and_under_another_key(self):
        tags = {tag(key, "23456789AA") for tag in (visit_tag, visit_use_tag) for key in (b"k" * 32, b"o" * 32)}

        assert len(tags) == 4

    @given(st.text(max_size=40))
    def test_whatever_is_typed_is_a_code_nothing_or_one_refusal(self, typed):
        try:
            outcome = len(parse_visit_code(typed))
        except (VisitCodeImpossibleSign, VisitCodeWrongLength, VisitCodeMistyped) as refusal:
            outcome = refusal.status

        assert outcome in (0, 10, 422)
