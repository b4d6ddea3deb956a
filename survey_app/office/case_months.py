"""A year of cases in months, counted and drawn: received, closed, late; and the share on time that was published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from survey_app.casework.figures import decimal
from survey_app.domain.errors import N_
from survey_app.domain.workdays import last_months
from survey_app.publishing.book import Book
from survey_app.store import case_months
from survey_app.web import charts
from survey_app.web.charts import PER_CENT, Columns, Point, Trend

MONTHS = 12
LINES = {"received": N_("收到"), "closed": N_("办结"), "late": N_("到期还没办结")}


@dataclass(frozen=True)
class Month:
    """One month; `on_time` of `handled` as its public page has it, None where there is none."""

    month: str
    received: int
    closed: int
    late: int
    on_time: int | None
    handled: int

    @property
    def on_time_pct(self) -> Fraction | None:
        """The share on time in per cent."""
        return Fraction(100 * self.on_time, self.handled) if self.on_time is not None and self.handled else None

    @property
    def on_time_words(self) -> str:
        """The same with one decimal; empty where there is none."""
        return "" if self.on_time_pct is None else f"{decimal(self.on_time_pct)}%"


def year_of(book: Book, kinds: Collection[str], today: date) -> dict[str, Any]:
    """The last twelve months for these kinds, the present one included, as rows and as drawings."""
    firsts = last_months(today, MONTHS)
    counts = case_months.by_month(firsts, kinds, today=today)
    published = {str(page.data["month"]): page.data["kinds"] for page in book.kind("handling")}
    months = [_month(one, published.get(f"{one.first:%Y-%m}", ()), kinds) for one in counts]
    return {"months": months, "flow": _flow(months), "on_time": _on_time(months)}


def _month(one: case_months.MonthCount, rows: Sequence[Mapping[str, Any]], kinds: Collection[str]) -> Month:
    mine = [row for row in rows if not kinds or row.get("code") in kinds]
    on_time = sum(row["on_time"] for row in mine) if mine else None
    handled = sum(row["closed"] for row in mine)
    return Month(f"{one.first:%Y-%m}", one.received, one.closed, one.late, on_time, handled)


def _flow(months: Sequence[Month]) -> Columns | None:
    """Three columns a month; None where nothing came, was closed or is late."""
    lines = {words: [_counted(one, name) for one in months] for name, words in LINES.items()}
    return charts.columns(lines)


def _counted(one: Month, name: str) -> Point:
    count: int = getattr(one, name)
    return Point(one.month, count, str(count))


def _on_time(months: Sequence[Month]) -> Trend | None:
    return charts.trend({"": [Point(one.month, one.on_time_pct, one.on_time_words) for one in months]}, PER_CENT)
