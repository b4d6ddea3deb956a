"""How a case is said to people who work on it: days left, names of units, what a step told besides words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from survey_app.config import Settings
from survey_app.domain.cases import kinds, rules, steps
from survey_app.domain.cases.state import PENDING, SECONDING, TO_HEAD, TO_OFFICE, Event
from survey_app.domain.errors import N_, fill
from survey_app.domain.workdays import YearUnknown, read_calendar
from survey_app.publishing.book import Book
from survey_app.publishing.revisions import revising
from survey_app.store.cases import Case
from survey_app.web.language import say

SOON = 2  # working days: from here on a case is marked as due soon
_NAMED = {"outcome": rules.OUTCOMES, "ground": rules.GROUNDS, "verdict": rules.VERDICTS}


@dataclass(frozen=True)
class Countdown:
    """What the tag beside a case says. `tone`: bad, warn, good or nothing; the words say the same without colour."""

    words: str
    tone: str = ""


def countdown(case: Case, settings: Settings, today: date) -> Countdown:
    """Working days left for what is due next, or why no clock runs."""
    if case.closed_at:
        return Countdown(say(N_("✓ 已办结")), "good")
    if case.due_on is None:
        words = N_("计时暂停") if case.state == steps.PAUSED else N_("没有时限")
        return Countdown(say(words))
    return days_left(case.due_on, settings, today)


def days_left(due_on: date, settings: Settings, today: date) -> Countdown:
    """Working days left until this day, or how many it is over."""
    left, late = _days(settings, today, due_on), due_on < today
    if late:
        return Countdown(fill(N_("✕ 超期%(days)s个工作日"), {"days": left}, say), "bad")
    if due_on == today:
        return Countdown(say(N_("! 今天到期")), "warn")
    words = N_("! 还有%(days)s个工作日") if left <= SOON else N_("还有%(days)s个工作日")
    return Countdown(fill(words, {"days": left}, say), "warn" if left <= SOON else "")


def marks(case: Case) -> list[tuple[str, str]]:
    """What else is to be known of a case: (tone, words), the gravest first."""
    found = (
        ("bad", N_("已报单位负责人"), case.raised == TO_HEAD),
        ("bad", N_("已报主管办公室"), case.raised == TO_OFFICE),
        ("bad", N_("本人不满意"), case.satisfied == "no"),
        ("warn", N_("等批延期"), case.extension == "asked"),
        ("warn", N_("等裁定异议"), case.dispute == PENDING),
        ("warn", N_("等第二人裁定"), case.dispute == SECONDING),
        ("warn", N_("重办过"), bool(case.reopened)),
    )
    return [(tone, words) for tone, words, holds in found if holds]


def soon(settings: Settings, today: date) -> date:
    """The last day that counts as due soon; three days where no calendar is known."""
    try:
        return read_calendar(settings.holidays).add_workdays(today, SOON)
    except YearUnknown:
        return today + timedelta(days=SOON + 1)


def _days(settings: Settings, today: date, due: date) -> int:
    """Working days between the two, at least one where they differ; days of the week where no calendar is known."""
    first, last = sorted((today, due))
    try:
        count = read_calendar(settings.holidays).workdays_between(first, last)
    except YearUnknown:
        count = (last - first).days
    return max(count, 1) if first != last else 0


@dataclass(frozen=True)
class Names:
    """Titles of units and procedures from the published pages."""

    book: Book

    def unit(self, slug: str) -> str:
        """The unit's title; empty for none."""
        return self.book.unit_title(slug) if slug else ""

    def procedure(self, case: Case) -> str:
        """The procedure's title; its slug where the page is no more."""
        page = self.book.procedure(case.unit, case.procedure)
        return page.title if page else case.procedure

    def units(self) -> list[tuple[str, str]]:
        """(slug, title) of every unit that works."""
        return [(page.unit, page.title) for page in self.book.live_units]

    def of_class(self, unit_class: str) -> frozenset[str]:
        """Slugs of all units of a class, those that have become part of another with them."""
        return frozenset(page.unit for page in self.book.kind("unit") if page.data.get("class") == unit_class)

    def told(self, event: Event) -> Iterator[str]:
        """What an event says besides its words, as people read it."""
        for name, value in event.detail.items():
            if name == "unit":
                yield self.unit(str(value))
            elif name in _NAMED:
                yield say(_NAMED[name].get(str(value), str(value)))
            elif name == "evidence" and value:
                yield fill(N_("凭据：%(what)s"), {"what": value}, say)
            elif name == "days":
                yield fill(N_("%(days)s个工作日"), {"days": value}, say)
            elif name == "level":
                yield fill(N_("%(level)s分（满分5分）"), {"level": value}, say)
            elif name == "channel":
                yield say(kinds.CHANNEL_WORDS.get(str(value), str(value)))


def names(settings: Settings) -> Names:
    """Titles as everybody sees them now."""
    return Names(revising.book_of(settings))
