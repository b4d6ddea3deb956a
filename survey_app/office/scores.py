"""Scores of all published rounds in one list, by year, class, unit and way of rating: to look at, and as Excel."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_
from survey_app.domain.roles import ADMINISTRATOR, ROLES
from survey_app.office.desk import blueprint
from survey_app.office.offers import EVERYDAY
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.words import CLASSES
from survey_app.web import lists, waiting
from survey_app.web.context import settings
from survey_app.web.doors import door
from survey_app.web.downloads import INSTRUMENTS
from survey_app.web.lists import Column, List

TREND = "trend.csv"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

waiting.place(N_("历次得分"), "office.scores", N_("按年份、类别、单位找，可以下载"), *(set(ROLES) - {ADMINISTRATOR}))


@dataclass(frozen=True)
class Scored:
    """One unit in one published round: figures as published, None where none was."""

    round_code: str
    round_title: str
    period: str
    instrument: str
    unit: str
    unit_title: str
    class_code: str
    tier: str
    figures: dict[str, float | None]
    published: dict[str, str]  # the same as they stand in the file, with their digits
    change: str  # verdict against the round before; empty where there is none
    trend: str  # verdict over three comparable rounds or more


# The words of the result pages (analysis.view), which this side does not import.
TIERS = {
    "above": N_("高于平均"),
    "average": N_("与平均无显著差异"),
    "below": N_("低于平均"),
    "review": N_("档次待核"),
}
# As analysis has tested them; nothing is compared here. A changed method is said, and there is no test (S13).
CHANGES = {
    "up": N_("上升"),
    "down": N_("下降"),
    "no_difference": N_("未见显著变化"),
    "incomparable": N_("口径变化，不可比"),
    "not_scored": N_("有一轮没有得分"),
    "new": N_("前一轮没有这个单位"),
}
TRENDS = {"up": N_("逐轮上升"), "down": N_("逐轮下降"), "no_trend": N_("未见显著趋势")}
FIGURES = {
    "n": N_("有效票"),
    "score": N_("得分"),
    "low": N_("得分下限"),
    "high": N_("得分上限"),
    "rank_low": N_("可能名次从"),
    "rank_high": N_("可能名次到"),
    "satisfied_pct": N_("满意率（%）"),
    "unrated_pct": N_("未评价率（%）"),
}


@blueprint.get("/scores")
@door("results")
def scores() -> ResponseReturnValue:
    """The figures as they were published, with their intervals; nothing is computed here."""
    book = revising.book_of(settings())
    rows = list(_rows(book, settings().pages))
    made = _list_of(rows)
    return lists.answer(made, lists.in_memory(made, rows))


def _rows(book: Book, pages: Path) -> Iterator[Scored]:
    published = [page for page in book.kind("round") if page.data.get("status") == "published"]
    for page in sorted(published, key=lambda page: str(page.data["closes_on"]), reverse=True):
        folder = pages / "results" / page.slug
        changes, trends = _latest_changes(folder, book), {row["unit"]: row["verdict"] for row in _table(folder, TREND)}
        for row in _table(folder, "scores.csv"):
            yield _scored(page, row, book, changes.get(row["unit"], ""), trends.get(row["unit"], ""))


def _latest_changes(folder: Path, book: Book) -> dict[str, str]:
    """Unit -> the verdict against the latest of the earlier rounds."""
    closed = {page.slug: str(page.data["closes_on"]) for page in book.kind("round")}
    rows = sorted(_table(folder, "changes.csv"), key=lambda row: closed.get(row["round_before"], ""))
    return {row["unit"]: row["verdict"] for row in rows}


def _table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    file = folder / name
    for row in _read(file, file.stat().st_mtime_ns) if file.is_file() else ():
        yield dict(row)


def _scored(page: Page, row: dict[str, str], book: Book, change: str, trend: str) -> Scored:
    figures = {name: _figure(row.get(name, "")) for name in FIGURES}
    instrument = "everyday" if page.slug.startswith(EVERYDAY) else "campaign"
    period, title = str(page.data["closes_on"])[:4], book.unit_title(row["unit"])
    tier, published = row.get("tier", ""), {name: row.get(name, "") for name in FIGURES}
    named = (page.slug, page.title, period, instrument, row["unit"], title, row["class"])
    return Scored(*named, tier, figures, published, change, trend)


@lru_cache(maxsize=192)
def _read(file: Path, _stamp: int) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The rows of a published table; read again when the file changes."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(tuple(row.items()) for row in csv.DictReader(lines))


def _figure(cell: str) -> float | None:
    if not _NUMBER.fullmatch(cell):
        return None
    return float(cell) if "." in cell else int(cell)


def _list_of(rows: list[Scored]) -> List:
    years = sorted({row.period for row in rows}, reverse=True)
    units = sorted({(row.unit, row.unit_title) for row in rows}, key=lambda pair: pair[1].encode("gb18030"))
    classes = {code: words for code, words in CLASSES.items() if any(row.class_code == code for row in rows)}
    return List(
        title=N_("历次得分"),
        empty=N_("还没有公布过结果。第一轮结果公布以后，各单位的得分列在这里。"),
        columns=(
            Column("unit", N_("单位"), lambda row: row.unit_title, key=lambda row: row.unit_title.encode("gb18030")),
            Column("round", N_("轮次"), lambda row: row.round_title, key=lambda row: row.round_code),
            Column("class", N_("类别"), lambda row: CLASSES.get(row.class_code, row.class_code)),
            Column("tier", N_("档次"), lambda row: TIERS.get(row.tier, row.tier)),
            *(_column(name, title) for name, title in FIGURES.items()),
            Column("change", N_("与前一轮比"), lambda row: CHANGES.get(row.change, row.change)),
            Column("trend", N_("逐轮趋势"), lambda row: TRENDS.get(row.trend, row.trend)),
        ),
        filters=(
            lists.choice("period", N_("年份"), ((year, year) for year in years), lambda row, year: row.period == year),
            lists.choice("class", N_("类别"), classes.items(), lambda row, code: row.class_code == code),
            lists.choice("unit", N_("单位"), units, lambda row, unit: row.unit == unit),
            lists.choice("instrument", N_("评议方式"), INSTRUMENTS.items(), lambda row, one: row.instrument == one),
        ),
    )


def _column(name: str, title: str) -> Column:
    return Column(
        name,
        title,
        lambda row: row.figures[name],
        text=lambda row: row.published[name],
        number=True,
        on_page=name not in ("satisfied_pct", "unrated_pct"),
    )
