"""Everyday ratings (好差评): one service, one rating, final; counted by the month.

A month is made of whole weeks: a week belongs to the month in which its Monday lies. So the week that a rating keeps
already says its month, and no week is cut in two, which would tell the day.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from survey_app.domain.errors import N_, Refusal, Translate, fill
from survey_app.domain.rounds import week_of

LEVELS = (5, 4, 3, 2, 1)
LOW = (2, 1)
KEPT, BROKEN, UNKNOWN = "kept", "broken", "unknown"
KEPT_WORDS = {KEPT: N_("做到了"), BROKEN: N_("没做到"), UNKNOWN: N_("不清楚")}
# How a rating came, as method.toml knows it: with a visit code of one's own accord, with one asked for at the window,
# without a code. The last is a stratum of its own and never counts.
WEB, WINDOW, OPEN = "web", "window", "open"
RULED_OUT = "ruled_out"  # the flag of a rating that two reviewers have excluded after the unit disputed it
GROUP = "service_user"
GRACE_DAYS = 7  # a slip given on the last day can still be used at home
FROZEN_MONTHS = 24  # how long the rows of a month are kept for recounting
MAX_CONTACT = 100
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class MonthWrong(Refusal):
    code, status = "month-wrong", 422
    message = N_("“%(month)s”不是月份，要写成2026-11这样。")


class MonthNotOver(Refusal):
    code, status = "month-not-over", 409
    message = N_("%(month)s的评价收到%(until)s，%(since)s起才能结算。")


class ContactTooLong(Refusal):
    code, status = "contact-long", 422
    message = N_("联系方式写了%(count)s个字，最多%(most)s个，留一个电话就够。")


@dataclass(frozen=True)
class Rating:
    """What a person said about one service. `kept`: commitment slug -> kept | broken | unknown."""

    unit: str
    procedure: str  # empty: the unit as a whole
    level: int
    prompted: bool = False  # asked for at the window
    ticks: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    wish: bool = False  # for an answer: it makes a case
    contact: str = ""  # given only together with the wish
    flags: tuple[str, ...] = ()

    @property
    def asks_answer(self) -> bool:
        """Whether a case is made of it."""
        return self.wish or bool(self.contact)

    def channel(self, *, verified: bool) -> str:
        """How it came, for the count."""
        if not verified:
            return OPEN
        return WINDOW if self.prompted else WEB


def parse_month(text: str) -> str:
    """A month as 2026-11. Raises MonthWrong."""
    if not _MONTH.fullmatch(text):
        raise MonthWrong(month=text)
    return text


def month_of(day: date) -> str:
    """The month that the day's week belongs to."""
    return f"{week_of(day):%Y-%m}"


def first_week(month: str) -> date:
    """The first Monday of the month: with it the month's ratings begin."""
    first = date.fromisoformat(f"{month}-01")
    return first + timedelta(days=-first.weekday() % 7)


def last_week(month: str) -> date:
    """The last Monday of the month."""
    return first_week(months_after(month, 1)) - timedelta(days=7)


def ends_on(month: str) -> date:
    """The Sunday with which the month's last week ends."""
    return last_week(month) + timedelta(days=6)


def codes_until(month: str) -> date:
    """The last day on which a visit code of the month is taken."""
    return ends_on(month) + timedelta(days=GRACE_DAYS)


def months_after(month: str, count: int) -> str:
    """The month `count` months later, or earlier where it is negative."""
    months = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def week_within(day: date, month: str) -> date:
    """The week a rating keeps: that of its day, or the nearest of the month its visit code was issued for."""
    return min(max(week_of(day), first_week(month)), last_week(month))


def is_over(month: str, today: date) -> bool:
    """Whether no more ratings of the month can come in."""
    return today > codes_until(month)


def require_over(month: str, today: date) -> None:
    """Raises MonthNotOver."""
    if not is_over(month, today):
        until = codes_until(month)
        raise MonthNotOver(month=month, until=until, since=until + timedelta(days=1))


def month_words(month: str, translate: Translate = str) -> str:
    """2026-11 as 2026年11月, or as the reader's language has it."""
    return fill(N_("%(year)s年%(month)s月"), {"year": month[:4], "month": int(month[5:])}, translate)


def round_code(month: str) -> str:
    """The name of the month's folder and of its page of results."""
    return f"everyday-{month}"


def tidy_contact(typed: str) -> str:
    """A contact on one line, as typed apart from its blanks. Raises ContactTooLong."""
    contact = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(contact) > MAX_CONTACT:
        raise ContactTooLong(count=len(contact), most=MAX_CONTACT)
    return contact
