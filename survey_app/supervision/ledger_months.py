"""The ledger in months: how many orders were issued, closed and not answered in time, and how many stood open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from survey_app.domain.errors import N_
from survey_app.domain.orders import steps
from survey_app.domain.workdays import add_months, last_months
from survey_app.store.orders import Order
from survey_app.web import charts
from survey_app.web.charts import Columns, Point

MONTHS = 12
LINES = {"open": N_("月底没有办结的"), "closed": N_("当月办结的"), "late": N_("当月过期没有回复的")}


@dataclass(frozen=True)
class Month:
    """One month; `open`: on its last day, or today; `late`: how often a last day passed without a reply."""

    month: str
    issued: int
    closed: int
    late: int
    open: int


def year_of(orders: Sequence[Order], passed: Sequence[tuple[str, date]], today: date) -> dict[str, Any]:
    """The last twelve months of these orders, the present one included. `passed`: (order, day) without a reply."""
    firsts = last_months(today, MONTHS)
    numbers = {one.number for one in orders}
    days = [day for number, day in passed if number in numbers]
    months = [_month(first, orders, days) for first in firsts]
    return {"months": months, "drawn": _drawn(months)}


def _month(first: date, orders: Sequence[Order], late: Sequence[date]) -> Month:
    last = add_months(first, 1) - timedelta(days=1)
    issued = [one for one in orders if one.issued_on and one.issued_on <= last]
    return Month(
        f"{first:%Y-%m}",
        sum(one.issued_on is not None and one.issued_on >= first for one in issued),
        sum(one.state == steps.CLOSED and _within(one.closed_on, first, last) for one in issued),
        sum(_within(day, first, last) for day in late),
        sum(one.closed_on is None or one.closed_on > last for one in issued),
    )


def _within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def _drawn(months: Sequence[Month]) -> Columns | None:
    """Three columns a month; None where nothing was ever issued."""
    lines = {words: [_point(one, name) for one in months] for name, words in LINES.items()}
    return charts.columns(lines)


def _point(one: Month, name: str) -> Point:
    count: int = getattr(one, name)
    return Point(one.month, count, str(count))
