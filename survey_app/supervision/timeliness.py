"""公开时效: which pages of a unit are past their day, and how often it renewed what it must publish in time.

What is late is what the page checks of the day say (publishing.checks.fresh): desk and office read the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from survey_app.config import Settings
from survey_app.domain.workdays import add_months
from survey_app.publishing.book import Book
from survey_app.publishing.checks.days import is_day
from survey_app.publishing.checks.fresh import CADENCE_MONTHS
from survey_app.publishing.findings import Found, late_findings
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.store import page_versions
from survey_app.supervision import ledger

ITEM = "disclosure_item"
HISTORY_DAYS = 365


@dataclass(frozen=True)
class Timely:
    """A unit's pages; `late_below` counts those of its subordinate units, too, `days` is the longest delay known.

    `items` are rows of the catalogue with a cadence, `in_time` those that are not late now. `renewed` counts how often
    they were renewed in the last year by the revision history, `renewed_late` how often after their day.
    """

    unit: str
    pages: int
    late: int
    late_below: int
    days: int | None
    items: int
    in_time: int
    renewed: int
    renewed_late: int


def timeliness(settings: Settings, book: Book, on: date) -> list[Timely]:
    """Every unit that works, the one with most late pages first."""
    late = _by_unit(late_findings(settings.pages, book, on))
    below = {page.unit: ledger.with_children(book, page.unit) for page in book.live_units}
    pages, items = _pages(book), _items(book)
    renewed = renewals(on, page_versions.last_number())
    rows = [_row(unit, late, family, pages, items.get(unit, []), renewed) for unit, family in below.items()]
    return sorted(rows, key=lambda row: (-row.late, row.unit))


def _row(
    unit: str,
    late: Mapping[str, Mapping[str, int]],
    family: frozenset[str],
    pages: Mapping[str, int],
    items: Sequence[Page],
    renewed: Mapping[str, Sequence[int]],
) -> Timely:
    own, history = late.get(unit, {}), [days for page in items for days in renewed.get(page.path, ())]
    return Timely(
        unit,
        pages.get(unit, 0),
        len(own),
        sum(len(late.get(one, ())) for one in family),
        max(own.values(), default=0) or None,
        len(items),
        sum(page.path not in own for page in items),
        len(history),
        sum(days > 0 for days in history),
    )


def _by_unit(found: Sequence[Found]) -> dict[str, dict[str, int]]:
    """Unit -> its late pages -> the longest delay in days, 0 where none can be told."""
    late: dict[str, dict[str, int]] = defaultdict(dict)
    for page, finding in found:
        days, of_unit = finding.params.get("late", 0), late[revising.unit_of(page)]
        of_unit[page.path] = max(of_unit.get(page.path, 0), days if isinstance(days, int) else 0)
    return late


def _pages(book: Book) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for page in book.pages:
        found[revising.unit_of(page)] += 1
    return found


def _items(book: Book) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = defaultdict(list)
    for page in book.kind(ITEM):
        if page.data.get("cadence") in CADENCE_MONTHS:
            found[revising.unit_of(page)].append(page)
    return found


@lru_cache(maxsize=2)
def renewals(on: date, _newest: int) -> Mapping[str, Sequence[int]]:
    """Page -> how many days after its day each renewal of the last year came, 0 for in time; by its revisions."""
    found: dict[str, list[int]] = defaultdict(list)
    before: dict[str, dict[str, Any]] = {}
    since = on - timedelta(days=HISTORY_DAYS)
    for path, data in page_versions.texts_of_kind(ITEM):
        earlier = before.get(path, {})
        due, renewed, was = _due(earlier), _day(data), _day(earlier)
        if due and renewed and was and was < renewed and since <= renewed <= on:
            found[path].append(max(0, (renewed - due).days))
        before[path] = data
    return found


def _due(data: Mapping[str, Any]) -> date | None:
    """The day by which a text of an item was to be renewed."""
    months, last = CADENCE_MONTHS.get(str(data.get("cadence", ""))), _day(data)
    return add_months(last, months) if months and last else None


def _day(data: Mapping[str, Any]) -> date | None:
    """The day on which an item was last renewed; None for what a hand wrote there that is no day."""
    last = str(data.get("last_on", ""))
    return date.fromisoformat(last) if is_day(last) else None
