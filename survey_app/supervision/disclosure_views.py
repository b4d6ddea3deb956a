"""Which units' pages are late, in one list by unit, and the late pages of one unit."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import yearend
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, PUBLICITY, REVIEWER
from survey_app.publishing.book import Book
from survey_app.publishing.findings import late_findings
from survey_app.publishing.revisions import revising
from survey_app.supervision import ledger
from survey_app.supervision.desk import blueprint
from survey_app.supervision.timeliness import Timely, timeliness
from survey_app.web import charts, lists, waiting
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


@blueprint.get("/disclosure")
@door("disclosure")
def disclosure() -> ResponseReturnValue:
    """Units by how many of their pages are late; a unit brings its subordinate units along."""
    book = revising.book_of(settings())
    made = _list(book)
    find = lists.in_memory(made, timeliness(settings(), book, today()))
    found = find(lists.ask(made))
    drawn = _drawn([*found.fetch(found.count, 0)])
    return lists.answer(made, find, "supervision/timeliness.html", unit_title=showing.names(settings()).unit, **drawn)


def _drawn(rows: Sequence[Timely]) -> dict[str, Any]:
    """Units that have late pages, as bars of all their pages; of many those with the smallest share in time."""
    late = [row for row in rows if row.late]
    shown = charts.worst(late, key=lambda row: Fraction(row.pages - row.late, row.pages))
    bars = [charts.stacked(row, (("used", row.pages - row.late), ("late", row.late)), row.pages) for row in shown]
    return {"drawn": bars, "late_units": len(late), "fresh_units": sum(row.pages > 0 for row in rows) - len(late)}


@blueprint.get("/disclosure/<unit_slug>")
@door("disclosure")
def late_pages(unit_slug: str) -> ResponseReturnValue:
    """The late pages of one unit, and why."""
    book = revising.book_of(settings())
    found = [pair for pair in late_findings(settings().pages, book, today()) if revising.unit_of(pair[0]) == unit_slug]
    return render_template("supervision/late_pages.html", unit=showing.names(settings()).unit(unit_slug), found=found)


def _list(book: Book) -> List:
    names = showing.names(settings())
    return List(
        title=N_("公开时效"),
        empty=N_("还没有单位的页面。政务公开办公布单位以后，各单位更新得及时不及时列在这里。"),
        columns=(
            Column("unit", N_("单位"), lambda row: names.unit(row.unit), href=_late_href),
            Column("pages", N_("页面"), lambda row: row.pages, number=True),
            Column("late", N_("过期没有更新"), lambda row: row.late, number=True),
            Column("late_below", N_("含下属"), lambda row: row.late_below, number=True),
            Column("days", N_("最长超了几天"), lambda row: row.days, number=True),
            Column("items", N_("按周期公开的事项"), lambda row: row.items, number=True, on_page=False),
            Column("in_time", N_("没有过期的事项"), lambda row: row.in_time, number=True, on_page=False),
            Column("in_time_pct", N_("及时率（%）"), _in_time, text=_in_time_words, number=True),
            Column("renewed", N_("一年内更新次数"), lambda row: row.renewed, number=True, on_page=False),
            Column("renewed_late", N_("一年内迟更次数"), lambda row: row.renewed_late, number=True),
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


def _in_time(row: Timely) -> float | None:
    return float(_in_time_words(row)) if row.items else None


def _in_time_words(row: Timely) -> str:
    return yearend.shown(yearend.share(row.in_time, row.items)) if row.items else ""


def _late_href(row: Timely) -> str:
    return url_for("supervision.late_pages", unit_slug=row.unit)
