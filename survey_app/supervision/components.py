"""Where the components of a year's end come from: published results, settled months, assessments, cases, orders."""

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from survey_app.casework import figures
from survey_app.config import Settings
from survey_app.domain import yearend
from survey_app.domain.errors import N_, fill
from survey_app.domain.orders import steps
from survey_app.domain.yearend import Part, Plan
from survey_app.publishing.book import EVERYDAY, Book
from survey_app.publishing.keptrates import KEPT_FILE
from survey_app.publishing.pages import Page
from survey_app.store import assessments, inspections, orders

ALL = "~all"  # a unit's commitments together
POOLED = "~rest"  # groups too small for a cell of their own
# As analysis has it: the question about the service as a whole, and what counts where a method does not say.
OVERALL, SATISFIED = "overall", (3, 4, 5)
Row = dict[str, str]
Values = Mapping[str, Part]
Pairs = Mapping[str, tuple[int, int]]  # unit -> (part, whole)
NOTHING = N_("没有数据")


def parts_of(year: int, plan: Plan, book: Book, settings: Settings, say: Callable[[str], str]) -> dict[str, Values]:
    """Component -> unit -> its part, for units that have one. Raises YearUnknown where a deadline cannot be counted."""
    kept = kept_in(year, book, settings.pages)
    return {
        yearend.ROUNDS: _rounds(year, book, settings.pages, say),
        yearend.EVERYDAY: _everyday(year, book, settings.pages, say),
        yearend.ASSESSED: _shares(_assessed(year), N_("%(whole)s张有效票，优秀和称职%(part)s张"), say),
        yearend.KEPT: _shares(
            {unit: pair for (unit, one), pair in kept.items() if one == ALL},
            N_("能判断%(whole)s次，兑现%(part)s次"),
            say,
        ),
        yearend.CASES: _shares(_cases(year, settings), N_("办结%(whole)s件，按时%(part)s件"), say),
        yearend.INSPECTED: _inspected(year, plan, book, say),
        yearend.ORDERED: _ordered(year, plan, book, say),
    }


def kept_in(year: int, book: Book, pages: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """(unit, commitment) -> (kept, judged) over the published months of a year; "~all" is the unit's together."""
    found: Counter[tuple[str, str, int]] = Counter()
    for _month, row in kept_rows(year, book, pages):
        if row["status"] == "ok":
            for place, name in enumerate(("kept", "judged")):
                found[row["unit"], row["commitment"], place] += int(row[name])
    named = {(unit, one) for unit, one, _place in found}
    return {(unit, one): (found[unit, one, 0], found[unit, one, 1]) for unit, one in sorted(named)}


def kept_rows(year: int, book: Book, pages: Path) -> Iterator[tuple[str, Row]]:
    """Month and row of every commitment in the published months of a year, in order; what is withheld, too."""
    for page in sorted(_months(year, book), key=lambda page: page.slug):
        for row in _rows(pages / "results" / page.slug / KEPT_FILE):
            yield page.slug.removeprefix(EVERYDAY), row


def _rounds(year: int, book: Book, pages: Path, say: Callable[[str], str]) -> Values:
    scores: dict[str, list[Fraction]] = defaultdict(list)
    for page in book.rounds("published"):
        if str(page.data["closes_on"])[:4] == str(year):
            for row in _rows(pages / "results" / page.slug / "scores.csv"):
                if row["score_exact"]:
                    scores[row["unit"]].append(Fraction(row["score_exact"]))
    return {
        unit: Part(sum(found, Fraction(0)) / len(found), fill(N_("%(count)s轮有得分"), {"count": len(found)}, say))
        for unit, found in scores.items()
    }


def _everyday(year: int, book: Book, pages: Path, say: Callable[[str], str]) -> Values:
    """Counts, not the months' percentages: those are rounded to a tenth before they are published."""
    good, answered, months = Counter[str](), Counter[str](), Counter[str]()
    for page in _months(year, book):
        for unit, satisfied, all_ in rated_in(pages, page):
            good[unit] += satisfied
            answered[unit] += all_
            months[unit] += 1
    told = N_("%(months)s个月，评价%(whole)s次，满意%(part)s次")
    return {
        unit: Part(
            yearend.share(good[unit], whole),
            fill(told, {"months": months[unit], "whole": whole, "part": good[unit]}, say),
        )
        for unit, whole in answered.items()
    }


def rated_in(pages: Path, page: Page) -> Iterator[tuple[str, int, int]]:
    """(unit, satisfied, answered) of a month: its published cells about the service as a whole."""
    folder = pages / "results" / page.slug
    rows = [row for row in _rows(folder / "counts.csv") if row["group"] != POOLED and int(row["answered"] or 0)]
    method = tomllib.loads((folder / "method.toml").read_text("utf-8-sig")) if rows else {}
    codes = [str(one["code"]) for one in method.get("dimension", [])]
    wanted = OVERALL if OVERALL in codes else next(iter(codes), "")
    for row in rows:
        if row["dimension"] == wanted:
            levels = method.get("satisfied_levels", SATISFIED)
            yield row["unit"], sum(int(row[f"level_{level}"]) for level in levels), int(row["answered"])


def _assessed(year: int) -> Pairs:
    good: Counter[str] = Counter()
    valid: Counter[str] = Counter()
    for one in assessments.settled_in(year):
        good[one.unit] += one.reading.excellent + one.reading.competent
        valid[one.unit] += one.reading.valid
    return {unit: (good[unit], valid[unit]) for unit in valid}


def _cases(year: int, settings: Settings) -> Pairs:
    on_time: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for case in figures.handled_between(date(year, 1, 1), date(year + 1, 1, 1), settings):
        closed[case.unit] += 1
        on_time[case.unit] += case.on_time
    return {unit: (on_time[unit], closed[unit]) for unit in closed}


def _inspected(year: int, plan: Plan, book: Book, say: Callable[[str], str]) -> Values:
    found = Counter(one.unit for one in inspections.findings_in(*_days(year)) if one.kind != "good")
    told = N_("督查发现%(count)s条")
    return {
        page.unit: Part(
            yearend.after_points(found[page.unit] * plan.points["finding"]),
            fill(told, {"count": found[page.unit]}, say),
        )
        for page in book.live_units
    }


def _ordered(year: int, plan: Plan, book: Book, say: Callable[[str], str]) -> Values:
    taken: Counter[str] = Counter()
    count: Counter[str] = Counter()
    overdue = orders.ever_overdue()
    for order in orders.orders_in(*_days(year)):
        if order.state != steps.WITHDRAWN:
            count[order.unit] += 1
            late = plan.points["overdue"] if order.number in overdue else 0
            taken[order.unit] += plan.points[order.kind] + late
    told = N_("督查件%(count)s份，扣%(points)s分")
    return {
        page.unit: Part(
            yearend.after_points(taken[page.unit]),
            fill(told, {"count": count[page.unit], "points": taken[page.unit]}, say),
        )
        for page in book.live_units
    }


def _shares(pairs: Pairs, told: str, say: Callable[[str], str]) -> Values:
    return {
        unit: Part(yearend.share(part, whole), fill(told, {"part": part, "whole": whole}, say))
        for unit, (part, whole) in pairs.items()
        if whole
    }


def _months(year: int, book: Book) -> Iterator[Page]:
    """Published months; a month belongs to the year of its name, though its last week may end in the next."""
    months = (page for page in book.months() if page.data.get("status") == "published")
    return (page for page in months if page.slug.startswith(f"{EVERYDAY}{year}-"))


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _rows(file: Path) -> Iterable[Row]:
    """The rows of a published table; none where the round has no such table."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
