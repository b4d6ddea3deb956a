"""Which units' pages are late, and which promises were kept over a year: what the pages and the months say."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import yearend
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, PUBLICITY, REVIEWER
from survey_app.publishing.book import Book
from survey_app.publishing.findings import late_findings
from survey_app.publishing.revisions import revising
from survey_app.supervision import components, ledger
from survey_app.supervision.desk import blueprint
from survey_app.web import lists, waiting
from survey_app.web.context import settings, today
from survey_app.web.doors import door
from survey_app.web.lists import Column, List

waiting.place(
    N_("公开时效"),
    "supervision.disclosure",
    N_("哪些单位的页面过期没有更新"),
    DISCIPLINE_OFFICER,
    REVIEWER,
    AUDITOR,
    PUBLICITY,
)
waiting.place(
    N_("承诺和兑现"),
    "supervision.commitments",
    N_("承诺了什么，一年里兑现了多少"),
    *(DISCIPLINE_OFFICER, REVIEWER, AUDITOR, PUBLICITY),
)


@dataclass(frozen=True)
class Timely:
    """A unit's pages and how many of them are late; `days` is the longest that is known."""

    unit: str
    pages: int
    late: int
    days: int | None


@dataclass(frozen=True)
class Promised:
    """A commitment and how often it was kept over a year; None where nobody could judge it or it is too few."""

    unit: str
    title: str
    kept: int | None
    judged: int | None
    path: str


@blueprint.get("/disclosure")
@door("disclosure")
def disclosure() -> ResponseReturnValue:
    """Units by how many of their pages are late; a unit brings its subordinate units along."""
    book = revising.book_of(settings())
    made = _list(book)
    return lists.answer(made, lists.in_memory(made, timeliness(book)))


@blueprint.get("/disclosure/<unit_slug>")
@door("disclosure")
def late_pages(unit_slug: str) -> ResponseReturnValue:
    """The late pages of one unit, and why."""
    book = revising.book_of(settings())
    found = [pair for pair in late_findings(settings().pages, book, today()) if revising.unit_of(pair[0]) == unit_slug]
    return render_template("supervision/late_pages.html", unit=showing.names(settings()).unit(unit_slug), found=found)


@blueprint.get("/commitments")
@door("disclosure")
def commitments() -> ResponseReturnValue:
    """Every promise of the pages, and how often it was kept in the year chosen."""
    made = _promises()
    chosen = lists.ask(made)["year"] or str(today().year)
    return lists.answer(made, lists.in_memory(made, promised(int(chosen))))


def timeliness(book: Book) -> list[Timely]:
    """Every unit that works, the one with most late pages first."""
    late: dict[str, dict[str, int]] = {}
    for page, finding in late_findings(settings().pages, book, today()):
        of_unit = late.setdefault(revising.unit_of(page), {})
        of_unit[page.path] = max(of_unit.get(page.path, 0), int(str(finding.params.get("late", 0))))
    pages: dict[str, int] = {}
    for page in book.pages:
        pages[revising.unit_of(page)] = pages.get(revising.unit_of(page), 0) + 1
    rows = [
        Timely(
            page.unit,
            pages.get(page.unit, 0),
            len(found := late.get(page.unit, {})),
            max(found.values(), default=0) or None,
        )
        for page in book.live_units
    ]
    return sorted(rows, key=lambda row: (-row.late, row.unit))


def promised(year: int) -> list[Promised]:
    """Commitments in the order of the pages, with the year's counts."""
    book = revising.book_of(settings())
    kept = components.kept_in(year, book, settings().pages)
    found = []
    for page in book.kind("commitment"):
        part, whole = kept.get((page.unit, page.slug), (None, None))
        found.append(Promised(page.unit, page.title, part, whole, page.url))
    return found


def _list(book: Book) -> List:
    names = showing.names(settings())
    return List(
        title=N_("公开时效"),
        empty=N_("还没有单位的页面。"),
        columns=(
            Column("unit", N_("单位"), lambda row: names.unit(row.unit), href=_late_href),
            Column("pages", N_("页面"), lambda row: row.pages, number=True),
            Column("late", N_("过期没有更新"), lambda row: row.late, number=True),
            Column("days", N_("最长超了几天"), lambda row: row.days, number=True),
        ),
        filters=(
            lists.choice(
                "unit",
                N_("单位（含下属）"),
                names.units(),
                lambda row, unit: row.unit in ledger.with_children(book, unit),
            ),
        ),
        order="-late",
    )


def _late_href(row: Timely) -> str:
    return url_for("supervision.late_pages", unit_slug=row.unit)


def _promises() -> List:
    names, years = showing.names(settings()), range(today().year, today().year - 4, -1)
    return List(
        title=N_("承诺和兑现"),
        empty=N_("还没有公布服务承诺。"),
        columns=(
            Column("unit", N_("单位"), lambda row: names.unit(row.unit)),
            Column("title", N_("承诺"), lambda row: row.title, href=lambda row: url_for("site.page", path=row.path)),
            Column("judged", N_("能判断的"), lambda row: row.judged, number=True),
            Column("kept", N_("兑现"), lambda row: row.kept, number=True),
            Column("pct", N_("兑现率（%）"), _pct, text=_pct_words, number=True),
        ),
        filters=(
            lists.choice("year", N_("年份"), [(str(year), str(year)) for year in years]),
            lists.choice("unit", N_("单位"), names.units(), lambda row, unit: row.unit == unit),
        ),
    )


def _pct(row: Promised) -> float | None:
    return float(_pct_words(row)) if row.judged else None


def _pct_words(row: Promised) -> str:
    return yearend.shown(yearend.share(row.kept or 0, row.judged)) if row.judged else ""
