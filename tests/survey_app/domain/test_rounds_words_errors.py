"""When a round takes ballots, what words may be kept, and how a refusal speaks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import rounds
from survey_app.domain.errors import BadInput, Finding, Refusal, day_words
from survey_app.domain.rounds import CLOSED, DRAFT, OPEN, PUBLISHED
from survey_app.domain.words import WordsMissing, WordsNameSomeone, WordsTooLong, parse_words
from tests.factories import METHOD

OPENS, CLOSES = date(2026, 10, 9), date(2026, 11, 30)


def rate(status, today):
    rounds.require_rating_time(status=status, opens_on=OPENS, closes_on=CLOSES, today=today)


@pytest.mark.parametrize("today", [OPENS, date(2026, 11, 3), CLOSES])
def test_an_open_round_takes_ballots_on_its_first_and_its_last_day(today):
    rate(OPEN, today)


@pytest.mark.parametrize(
    ("status", "today"), [(OPEN, date(2026, 10, 8)), (DRAFT, date(2026, 11, 3)), (DRAFT, date(2027, 1, 1))]
)
def test_before_its_first_day_and_as_a_draft_a_round_says_when_it_opens(status, today):
    with pytest.raises(rounds.RoundNotYetOpen, match="2026年10月9日才开始"):
        rate(status, today)


@pytest.mark.parametrize(
    ("status", "today"),
    [(OPEN, date(2026, 12, 1)), (CLOSED, date(2026, 11, 3)), (PUBLISHED, date(2026, 11, 3)), (CLOSED, OPENS)],
)
def test_after_its_last_day_or_once_closed_a_round_counts_nothing_more(status, today):
    with pytest.raises(rounds.RoundClosed, match="没有计入"):
        rate(status, today)


def test_a_round_moves_forward_one_step_at_a_time_and_only_publishing_may_be_repeated():
    states = (DRAFT, OPEN, CLOSED, PUBLISHED)
    legal, told = set(), set()
    for now in states:
        for to in states:
            try:
                rounds.require_move(now, to)
                legal.add((now, to))
            except rounds.IllegalMove as refusal:
                told.add((rounds.STATUS_WORDS[now] in str(refusal), rounds.STEP_WORDS[to] in str(refusal)))
    assert told == {(True, True)}  # every refusal names the state and the step that was asked for
    assert legal == {(DRAFT, OPEN), (OPEN, CLOSED), (CLOSED, PUBLISHED), (PUBLISHED, PUBLISHED)}


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 2), date(2026, 11, 2)),
        (date(2026, 11, 3), date(2026, 11, 2)),
        (date(2026, 11, 8), date(2026, 11, 2)),
        (date(2026, 11, 9), date(2026, 11, 9)),
        (date(2027, 1, 1), date(2026, 12, 28)),
    ],
)
def test_a_ballot_keeps_the_monday_of_its_week(day, monday):
    assert rounds.week_of(day) == monday


@given(st.dates())
def test_any_day_lies_within_seven_days_of_its_monday(day):
    if day >= date(1, 1, 8):
        assert rounds.week_of(day).isoweekday() == 1
        assert timedelta(0) <= day - rounds.week_of(day) < timedelta(7)


def test_the_questionnaire_keeps_the_methods_order_names_and_minimum():
    asked = rounds.read_questionnaire(METHOD.encode())
    assert [(d.code, d.zh) for d in asked.dimensions] == [
        ("attitude", "服务态度"),
        ("efficiency", "办事效率"),
        ("overall", "总体评价"),
    ]
    assert [g.code for g in asked.groups] == ["citizen", "enterprise"]
    assert asked.min_n == 10
    assert asked.counted_channels == {"web", "window", "invited", "paper", "phone"}


def test_a_method_that_names_its_channels_lets_only_the_counted_ones_carry_codes():
    text = (
        METHOD
        + '\n[[channel]]\ncode = "window"\nzh = "窗口"\n[[channel]]\ncode = "open"\nzh = "公开"\ncounted = false\n'
    )
    assert rounds.read_questionnaire(text.encode()).counted_channels == {"window"}


# Words


@pytest.mark.parametrize("typed", ["", "  ", "\r\n\u3000"])
def test_words_without_a_word_are_sent_back(typed):
    with pytest.raises(WordsMissing):
        parse_words(typed)


def test_300_signs_are_kept_and_301_are_told_to_lose_one():
    assert len(parse_words("好" * 300)) == 300
    with pytest.raises(WordsTooLong, match=r"301个字.*删去1个"):
        parse_words("好" * 301)


def test_line_ends_are_kept_as_one_sign_and_margins_are_not():
    assert parse_words("  第一行\r\n第二行\n ") == "第一行\n第二行"


@pytest.mark.parametrize(
    "typed",
    [
        "请打13800138000找我",
        "电话 138 0013 8000",
        "138-0013-8000",
        "我是１３８００１３８０００",
        "+8613800138000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "身份证110101199003071234",
        "11010119900307123X",
        "110101 19900307 123x",
        "110101-1990-0307-1234",
        "两个号：1，2，以及13912345678。",
    ],
)
def test_words_with_a_mobile_or_citizen_number_are_refused(typed):
    with pytest.raises(WordsNameSomeone, match="请删去"):
        parse_words(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "2026年11月3日在3号窗口等了45分钟",
        "打12345和0000-1234567都没人接",
        "交了1234元，收据号20261103001",
        "统一社会信用代码91330000000000000X",
        "等了12800138000秒",
        "8和B分不清",
    ],
)
def test_words_with_a_date_a_hotline_or_a_sum_are_kept(typed):
    assert parse_words(typed) == typed


# Refusals


def test_a_refusal_speaks_the_readers_language_and_writes_days_as_people_do():
    refusal = rounds.RoundClosed(closes_on=date(2026, 11, 30))
    assert str(refusal).startswith("这一轮评议2026年11月30日已经结束")
    english = {
        refusal.message: "Closed on %(closes_on)s.",
        "%(year)s年%(month)s月%(day)s日": "%(year)s/%(month)s/%(day)s",
    }
    assert refusal.text(lambda text: english.get(text, text)) == "Closed on 2026/11/30."
    assert day_words(date(2026, 2, 1)) == "2026年2月1日"


@pytest.mark.parametrize("value", ["100%", "%(file)s", "%s", "50%的人"])
def test_a_per_cent_sign_in_a_file_or_a_value_breaks_no_message(value):
    assert value in str(BadInput(file=value, problem="“%(value)s”不对", value=value))
    assert value in Finding("a.md", "数据", "“%(value)s”不对", {"value": value}).text()


def test_a_text_without_places_is_left_alone():
    class Full(Refusal):
        message = "已满100%。"

    assert str(Full()) == "已满100%。"
