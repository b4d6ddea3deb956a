"""What the publicity office's lists show: revisions that wait, findings of the whole site, units with their people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from zoneinfo import ZoneInfo

from flask import url_for

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Finding
from survey_app.publishing.book import Book
from survey_app.publishing.findings import Found
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.fields import kind_title
from survey_app.publishing.words import CLASSES
from survey_app.store.accounts import Listed
from survey_app.store.revisions import Revision
from survey_app.web import lists
from survey_app.web.context import settings
from survey_app.web.language import say
from survey_app.web.lists import Column, Filter, List
from survey_app.web.staff import called, waited

LEVELS = {"error": N_("要改"), "warning": N_("留意")}
NEW_PAGE, OF_DISTRICT, NOBODY = N_("新的一页"), N_("区级页面"), N_("还没有人")
NO_CLASS = "none"  # an empty value asks for nothing
CLASS_CHOICES = tuple((code or NO_CLASS, words) for code, words in CLASSES.items())


@dataclass(frozen=True)
class Waiting:
    """A revision that somebody has to decide on, with what the checks say is wrong; `unit`: its title."""

    revision: Revision
    unit: str
    wrong: Sequence[Finding]


@dataclass(frozen=True)
class Unit:
    """One unit of the list."""

    page: Page
    people: Sequence[Listed]
    pages: int
    open: int


def queue(book: Book) -> List:
    """What waits, the oldest first."""
    return List(
        N_("待审核"),
        N_("没有要审的。单位送审以后列在这里，首页也会提醒。"),
        columns=(
            Column("title", N_("标题"), lambda one: one.revision.title),
            Column("what", N_("做什么"), _what),
            Column("kind", N_("哪一类页面"), lambda one: kind_title(one.revision.kind)),
            Column("unit", N_("单位"), lambda one: one.unit or OF_DISTRICT),
            Column("author", N_("谁写的"), lambda one: called(one.revision.author)),
            Column("since", N_("送审"), _sent_on, key=lambda one: one.revision.submitted_at),
            Column("waited", N_("等了多久"), lambda one: waited(one.revision.submitted_at), sort=False),
            Column("state", N_("情况"), lambda one: rules.STATE_WORDS[one.revision.state], sort=False),
            Column("wrong", N_("要改几处"), lambda one: len(one.wrong), number=True),
        ),
        filters=(
            lists.words("q", N_("标题"), lambda one, words: words in one.revision.title),
            lists.choice("kind", N_("哪一类页面"), kinds_of(book), lambda one, kind: one.revision.kind == kind),
            lists.choice("unit", N_("单位"), units_of(book), lambda one, unit: one.revision.unit_slug == unit),
            lists.choice("checks", N_("检查"), CHECKED, lambda one, wanted: bool(one.wrong) == (wanted == "wrong")),
        ),
        order="since",
    )


CHECKED = (("wrong", N_("查出要改的")), ("fine", N_("没有查出要改的")))


def _what(one: Waiting) -> str:
    return NEW_PAGE if one.revision.base is None else rules.ACTION_WORDS[one.revision.action]


def _sent_on(one: Waiting) -> date | None:
    at = one.revision.submitted_at
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(settings().timezone)).date() if at else None


def findings(book: Book) -> List:
    """What the checks say of the whole site, the unit with most to mend first."""
    return List(
        N_("更新提醒"),
        N_("没有要提醒的。页面到期该核对、查出要改的，列在这里，单位在自己的“待办”里也看得到。"),
        columns=(
            Column("page", N_("页面"), lambda one: one[0].title, href=_history),
            Column("level", N_("轻重"), lambda one: LEVELS[one[1].level], tag=_tag),
            Column("field", N_("哪一处"), lambda one: one[1].field),
            Column("words", N_("怎么改"), lambda one: one[1].text(say), text=_with_reason, sort=False),
            Column("why", N_("为什么"), lambda one: one[1].reason(say), sort=False, on_page=False),
            Column("unit", N_("单位"), lambda one: _unit_title(book, one[0])),
            Column("kind", N_("哪一类页面"), lambda one: kind_title(one[0].kind)),
        ),
        filters=_narrowing(book),
    )


def _narrowing(book: Book) -> tuple[Filter, ...]:
    return (
        lists.choice("level", N_("轻重"), LEVELS.items(), lambda one, level: one[1].level == level),
        lists.choice("kind", N_("哪一类页面"), kinds_of(book), lambda one, kind: one[0].kind == kind),
        lists.choice("unit", N_("单位"), units_of(book), lambda one, unit: revising.unit_of(one[0]) == unit),
        lists.words("q", N_("页面"), lambda one, words: words in one[0].title),
    )


def _history(one: Found) -> str:
    return url_for("review.history", path=one[0].path.removesuffix(".md"))


def _tag(one: Found) -> str:
    return "bad" if one[1].level == "error" else "warn"


def _with_reason(one: Found) -> str:
    return f"{one[1].text(say)} {one[1].reason(say)}".rstrip()


def _unit_title(book: Book, page: Page) -> str:
    slug = revising.unit_of(page)
    return book.unit_title(slug) if slug else OF_DISTRICT


def units() -> List:
    """Every unit with its people, by class."""
    return List(
        N_("全部单位"),
        N_("还没有单位。请在“表格导入导出”里导入单位名单，或由运维执行pingyi import。"),
        columns=(
            Column("title", N_("单位"), lambda one: one.page.title, href=_to_unit),
            Column("class", N_("类别"), lambda one: CLASSES.get(_class(one), _class(one))),
            Column("people", N_("谁在写"), lambda one: _people(one) or NOBODY, sort=False),
            Column("pages", N_("页数"), lambda one: one.pages, number=True),
            Column("open", N_("没办完的"), lambda one: one.open, number=True),
        ),
        filters=(
            lists.words("q", N_("单位"), lambda one, words: words in one.page.title),
            lists.choice(
                "class", N_("类别"), CLASS_CHOICES, lambda one, code: _class(one) == code.removeprefix(NO_CLASS)
            ),
            lists.choice("people", N_("谁在写"), STAFFED, lambda one, who: bool(one.people) == (who == "some")),
            lists.choice("open", N_("修订稿"), (("some", N_("有没办完的")),), lambda one, _some: one.open > 0),
        ),
        a_page=100,
    )


STAFFED = (("some", N_("有人写")), ("none", NOBODY))


def _to_unit(one: Unit) -> str:
    return url_for("review.unit", unit_slug=one.page.unit)


def _class(one: Unit) -> str:
    return str(one.page.data.get("class", ""))


def _people(one: Unit) -> str:
    return say(N_("、")).join(account.name for account in one.people)


def kinds_of(book: Book) -> list[tuple[str, str]]:
    """(code, title) of the kinds of pages there are."""
    return [(kind, kind_title(kind)) for kind in sorted({page.kind for page in book.pages})]


def units_of(book: Book) -> list[tuple[str, str]]:
    """(slug, title) of the units that work."""
    return [(page.unit, page.title) for page in book.live_units]
