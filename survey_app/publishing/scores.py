"""The figures of published rounds as they were published, with their digits; nothing is computed here."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from survey_app.domain.errors import N_
from survey_app.publishing.book import EVERYDAY, Book
from survey_app.publishing.pages import Page

TREND = "trend.csv"
CAMPAIGN = "campaign"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Scored:
    """One unit in one published round: figures as published, None where none was."""

    round_code: str
    round_title: str
    closes_on: str
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
    comparable: frozenset[str]  # earlier rounds whose figures this round says may be set beside its own


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


@dataclass(frozen=True)
class _Told:
    """What a round's other tables say of its units."""

    changes: dict[str, str]
    trends: dict[str, str]
    comparable: dict[str, frozenset[str]]

    def of(self, unit: str) -> tuple[str, str, frozenset[str]]:
        """Change, trend, and the rounds that may be compared."""
        return self.changes.get(unit, ""), self.trends.get(unit, ""), self.comparable.get(unit, frozenset())


def published(book: Book, pages: Path, unit: str = "") -> Iterator[Scored]:
    """Every unit of every published round, the newest first; or one unit alone."""
    shown = [page for page in book.kind("round") if page.data.get("status") == "published"]
    for page in sorted(shown, key=lambda page: str(page.data["closes_on"]), reverse=True):
        yield from _of_round(page, pages / "results" / page.slug, book, unit)


def _of_round(page: Page, folder: Path, book: Book, unit: str) -> Iterator[Scored]:
    trends = {row["unit"]: row["verdict"] for row in _table(folder, TREND)}
    told = _Told(_latest_changes(folder, book), trends, _series(folder))
    for row in _table(folder, "scores.csv"):
        if not unit or row["unit"] == unit:
            yield _scored(page, row, book, told)


def _series(folder: Path) -> dict[str, frozenset[str]]:
    """Unit -> the rounds whose method is that of this one."""
    found: dict[str, set[str]] = {}
    for row in _table(folder, "series.csv"):
        if row["comparable"] == "yes":
            found.setdefault(row["unit"], set()).add(row["round"])
    return {unit: frozenset(rounds) for unit, rounds in found.items()}


def _latest_changes(folder: Path, book: Book) -> dict[str, str]:
    """Unit -> the verdict against the latest of the earlier rounds."""
    closed = {page.slug: str(page.data["closes_on"]) for page in book.kind("round")}
    rows = sorted(_table(folder, "changes.csv"), key=lambda row: closed.get(row["round_before"], ""))
    return {row["unit"]: row["verdict"] for row in rows}


def _table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    file = folder / name
    for row in _read(file, file.stat().st_mtime_ns) if file.is_file() else ():
        yield dict(row)


def _scored(page: Page, row: dict[str, str], book: Book, told: _Told) -> Scored:
    figures = {name: _figure(row.get(name, "")) for name in FIGURES}
    instrument = "everyday" if page.slug.startswith(EVERYDAY) else CAMPAIGN
    period, title = str(page.data["closes_on"])[:4], book.unit_title(row["unit"])
    tier, exact = row.get("tier", ""), {name: row.get(name, "") for name in FIGURES}
    named = (page.slug, page.title, str(page.data["closes_on"]), period, instrument, row["unit"], title, row["class"])
    return Scored(*named, tier, figures, exact, *told.of(row["unit"]))


@lru_cache(maxsize=192)
def _read(file: Path, _stamp: int) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The rows of a published table; read again when the file changes."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(tuple(row.items()) for row in csv.DictReader(lines))


def _figure(cell: str) -> float | None:
    if not _NUMBER.fullmatch(cell):
        return None
    return float(cell) if "." in cell else int(cell)
