"""Promised against kept (承诺和兑现): every commitment of the pages beside what those who were served saw of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flask import url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import yearend
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, PUBLICITY, REVIEWER
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.supervision import components, ledger
from survey_app.supervision.components import Row
from survey_app.supervision.desk import blueprint
from survey_app.web import lists, waiting
from survey_app.web.context import settings, today
from survey_app.web.doors import door
from survey_app.web.lists import Column, List

MEASURED, FEW, NEVER = "measured", "few", "never"
STATES: Mapping[str, str] = {MEASURED: N_("有数"), FEW: N_("人太少，不公布"), NEVER: N_("没有人评过")}

waiting.place(
    N_("承诺和兑现"),
    "supervision.commitments",
    N_("承诺了什么，一年里兑现了多少"),
    *(DISCIPLINE_OFFICER, REVIEWER, AUDITOR, PUBLICITY),
)


@dataclass(frozen=True)
class Promised:
    """A commitment over a year: sums over the months that may be shown. `last` is the row of the last such month,
    whose interval was published with it; a sum of months has none."""

    page: Page
    kept: int
    judged: int
    months: int
    few: bool
    month: str
    last: Row

    @property
    def state(self) -> str:
        """Whether there is something to show."""
        return MEASURED if self.judged else FEW if self.few else NEVER

    @property
    def pct(self) -> Fraction | None:
        """100 · kept ÷ judged."""
        return yearend.share(self.kept, self.judged) if self.judged else None


@blueprint.get("/commitments")
@door("disclosure")
def commitments() -> ResponseReturnValue:
    """Every promise of the pages, and how often it was kept in the year chosen, this year where none is."""
    return listing("supervision/promises.html")


def listing(template: str, unit: str = "") -> ResponseReturnValue:
    """The list for all units, or for one at its own desk."""
    book = revising.book_of(settings())
    made = _list(book)
    if unit:
        columns, filters = made.columns, made.filters
        made = replace(made, columns=columns[1:], filters=tuple(one for one in filters if one.name != "unit"))
    chosen = int(lists.ask(made)["year"] or today().year)
    rows = [row for row in promised(chosen, book) if unit in ("", row.page.unit)]
    return lists.answer(made, lists.in_memory(made, rows), template, year=chosen)


def promised(year: int, book: Book) -> list[Promised]:
    """Commitments of units that work, in the order of the pages."""
    found: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for month, row in components.kept_rows(year, book, settings().pages):
        found.setdefault((row["unit"], row["commitment"]), []).append((month, row))
    live = {page.unit for page in book.live_units}
    pages = [page for page in book.kind("commitment") if page.unit in live]
    return [_promised(page, found.get((page.unit, page.slug), [])) for page in pages]


def _promised(page: Page, rows: Sequence[tuple[str, Row]]) -> Promised:
    shown = [(month, row) for month, row in rows if row["status"] == "ok"]
    kept, judged = (sum(int(row[name]) for _month, row in shown) for name in ("kept", "judged"))
    month, last = shown[-1] if shown else ("", {})
    return Promised(page, kept, judged, len({month for month, _row in shown}), bool(rows), month, last)


def _list(book: Book) -> List:
    names, years = showing.names(settings()), range(today().year, today().year - 4, -1)
    return List(
        title=N_("承诺和兑现"),
        empty=N_("还没有公布服务承诺。单位写好、审核公布以后，兑现的情况按月列在这里。"),
        columns=(
            Column("unit", N_("单位"), lambda row: names.unit(row.page.unit)),
            Column("title", N_("承诺"), lambda row: row.page.title, href=_href),
            Column("state", N_("情况"), lambda row: STATES[row.state], tag=_tag),
            Column("judged", N_("能判断的"), lambda row: row.judged or None, number=True),
            Column("kept", N_("兑现"), lambda row: row.kept if row.judged else None, number=True),
            Column("pct", N_("兑现率（%）"), _pct, text=_pct_words, number=True),
            Column("months", N_("几个月有数"), lambda row: row.months or None, number=True, on_page=False),
            Column("month", N_("最近一个月"), lambda row: row.month, on_page=False),
            Column("range", N_("最近一个月的误差范围（%）"), _range, sort=False),
        ),
        filters=(
            lists.choice("year", N_("年份"), [(str(year), str(year)) for year in years]),
            lists.choice(
                "unit",
                N_("单位（含下属）"),
                names.units(),
                lambda row, unit: row.page.unit in ledger.with_children(book, unit),
            ),
            lists.choice("state", N_("情况"), STATES.items(), lambda row, state: row.state == state),
        ),
    )


def _href(row: Promised) -> str:
    return url_for("site.page", path=row.page.url)


def _tag(row: Promised) -> str:
    return "" if row.state == MEASURED else "warn"


def _pct(row: Promised) -> float | None:
    return float(_pct_words(row)) if row.judged else None


def _pct_words(row: Promised) -> str:
    return yearend.shown(row.pct) if row.judged else ""


def _range(row: Promised) -> str:
    return f"{row.last['low']}–{row.last['high']}" if row.last else ""
