"""A unit's course over the months of everyday ratings: its rates with their intervals, and the five levels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.errors import N_
from survey_app.domain.scale import DONT_KNOW, LEVELS
from survey_app.exports.releases import Released, Row
from survey_app.web import charts
from survey_app.web.charts import PER_CENT, Columns, Point, Trend

RATINGS = N_("有效评价")
REST = "~rest"  # groups too small for themselves, which no published rate counts


@dataclass(frozen=True)
class Month:
    """What was published of a unit for a month; None and empty where too few rated. `levels`: 不了解 is among them."""

    month: str
    row: Row | None
    low: float | None
    high: float | None
    levels: Mapping[int, int]

    @property
    def pct(self) -> float | None:
        """The favourable rate in per cent."""
        return self.row["favourable_pct"] if self.row else None

    @property
    def widths(self) -> list[tuple[int, int, int]]:
        """The bar of the five levels."""
        return charts.levels(self.levels)


def course_of(months: Sequence[Released], unit: str) -> list[Month]:
    """One unit in released months, in their order."""
    return [_month(month, unit) for month in months]


def drawn(course: Sequence[Month]) -> Trend | None:
    """The favourable rate over the months: a gap is never drawn over."""
    return charts.trend({"": [_point(one) for one in course]}, PER_CENT)


def ratings(months: Sequence[Released]) -> Columns | None:
    """How many ratings of the whole district were counted in each month."""
    counts = [(_code(month), month.model["totals"]["ballots"]) for month in months]
    return charts.columns({RATINGS: [Point(code, count, str(count)) for code, count in counts]})


def _code(month: Released) -> str:
    return str(month.model["round"]["code"]).removeprefix("everyday-")


def _point(one: Month) -> Point:
    text = "" if one.pct is None else f"{one.pct:.1f}%"
    return Point(one.month, one.pct, text, one.low, one.high)


def _month(month: Released, unit: str) -> Month:
    found = month.rows("everyday", unit)
    row = found[0] if found else None
    low, high = _interval(month, unit, row["favourable_pct"] if row else None)
    return Month(
        _code(month), row, low, high, _levels(month, unit) if row and row["favourable_pct"] is not None else {}
    )


def _interval(month: Released, unit: str, pct: float | None) -> tuple[float | None, float | None]:
    """The interval of the satisfied rate, where the favourable rate is that same figure."""
    same = [row for row in month.rows("scores", unit) if pct is not None and row.get("satisfied_pct") == pct]
    return (same[0].get("satisfied_low"), same[0].get("satisfied_high")) if same else (None, None)


def _levels(month: Released, unit: str) -> dict[int, int]:
    """Published counts of the first question, all groups together that count."""
    asked = month.model["method"]["dimensions"][0]["code"]
    rows = [row for row in month.rows("counts", unit) if row["dimension"] == asked and row["group"] != REST]
    names = {level: "dont_know" if level == DONT_KNOW else f"level_{level}" for level in LEVELS}
    return {level: sum(row[name] or 0 for row in rows) for level, name in names.items()} if rows else {}
