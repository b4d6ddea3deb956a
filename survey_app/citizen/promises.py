"""What a unit has promised, beside the questions about it: its commitments in force, and how often each was kept."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from survey_app.publishing.pages import Page, parse_page
from survey_app.web.context import settings, today

MOST_SHOWN = 5
KEPT_RATES = "kept_rates.csv"  # of the newest everyday release: docs/frozen-folder.md


@dataclass(frozen=True)
class Promise:
    """One commitment. `kept_pct` with its number of answers and its month; empty where nobody has judged it yet."""

    title: str
    url: str
    valid_from: str
    valid_to: str
    kept_pct: str = ""
    judged: int = 0
    month: str = ""


def promises_of(unit_slug: str) -> list[Promise]:
    """The commitments of a unit that are in force today, by title."""
    folder, day = settings().pages / "units" / unit_slug / "commitments", today().isoformat()
    found = _read_folder(folder, _stamp(folder)) if folder.is_dir() else []
    rates, month = _latest_rates(settings().pages / "results")
    return [_with_rate(p, rates.get((unit_slug, slug)), month) for slug, p in found if _in_force(p, day)]


def _in_force(promise: Promise, day: str) -> bool:
    return promise.valid_from <= day and (not promise.valid_to or day <= promise.valid_to)


def _with_rate(promise: Promise, counts: tuple[int, int] | None, month: str) -> Promise:
    """A commitment that stands with several procedures is kept as often as all its judges together say."""
    if not counts:
        return promise
    kept, judged = counts
    tenths = round(Fraction(kept * 1000, judged))  # half to even, as every published rate
    return replace(promise, kept_pct=f"{tenths // 10}.{tenths % 10}", judged=judged, month=month)


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    with os.scandir(folder) as entries:
        return tuple(sorted((e.name, e.stat().st_mtime_ns) for e in entries if e.name.endswith(".md")))


@lru_cache(maxsize=512)
def _read_folder(folder: Path, stamp: tuple[tuple[str, int], ...]) -> list[tuple[str, Promise]]:
    """Read again when a file of the folder changes; a page that cannot be read is for `pages check` to say."""
    base = f"units/{folder.parent.name}/commitments"
    pages = [parse_page(f"{base}/{name}", (folder / name).read_bytes()) for name, _ in stamp]
    made = [
        (p.slug, Promise(p.title, p.url, str(p.data.get("valid_from", "")), str(p.data.get("valid_to") or "")))
        for p in pages
        if isinstance(p, Page)
    ]
    return sorted(made, key=lambda pair: pair[1].title)


def _latest_rates(results: Path) -> tuple[Mapping[tuple[str, str], tuple[int, int]], str]:
    """(kept, judged) of the newest month that has them, by unit and commitment, and that month (2026-11)."""
    files = sorted(results.glob(f"everyday-*/{KEPT_RATES}"))
    if not files:
        return {}, ""
    return _read_rates(files[-1], files[-1].stat().st_mtime_ns), files[-1].parent.name.removeprefix("everyday-")


@lru_cache(maxsize=4)
def _read_rates(file: Path, _stamp: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Released rows alone: a row that is withheld has no figures."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    with file.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["status"] == "ok":
                kept, judged = counts.get((row["unit"], row["commitment"]), (0, 0))
                counts[row["unit"], row["commitment"]] = kept + int(row["kept"]), judged + int(row["judged"])
    return counts
