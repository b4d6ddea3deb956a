"""What page, workbook, charts and notice share: a release read for showing, never for counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

Model = Mapping[str, Any]
FULL_SCALE = (Fraction(0), Fraction(100))
CUT = 60  # a 0..100 axis starts here where every interval allows it (look.md §6)
ABOVE, SAME, BELOW = "above", "same", "below"


class Tier(NamedTuple):
    """A tier in words; the sign says it without colour."""

    sign: str
    zh: str
    short: str
    means: str


TIERS = {
    ABOVE: Tier("▲", "高于平均", "高于平均", "与本类其他单位相比，高得明显"),
    SAME: Tier("●", "与平均无显著差异", "无显著差异", "这几个单位，数据分不出先后"),
    BELOW: Tier("▼", "低于平均", "低于平均", "与本类其他单位相比，低得明显"),
}


@dataclass(frozen=True)
class Axis:
    """The horizontal axis of a class, in points."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where a value lies, in percent of the width."""
        return 100 * (value - self.low) / (self.high - self.low)


def shown_units(model: Model, class_code: str) -> list[dict[str, Any]]:
    """The units of a class ordered by slug, each with its row of scores."""
    scores = {row["unit"]: row for row in model["scores"]}
    return [unit | scores[unit["slug"]] for unit in model["units"] if unit["class"] == class_code]


def shown_classes(model: Model) -> list[dict[str, Any]]:
    """The classes that have units."""
    return [c for c in model["classes"] if c["units"]]


def tiers_of(units: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """(tier, its scored units by slug), best tier first; "" holds those of a class too small for tiers."""
    scored = [unit for unit in units if unit["score"] is not None]
    found = [(code, [u for u in scored if (u["tier"] or "") == code]) for code in (*TIERS, "")]
    return [(code, members) for code, members in found if members]


def axis_of(model: Model, units: list[dict[str, Any]]) -> Axis:
    """The axis that holds all scores and intervals of some units."""
    points = [Fraction(value) for value in model["method"]["scale"].values()]
    low, high = min(points), max(points)
    if (low, high) == FULL_SCALE:
        shown = [unit[key] for unit in units for key in ("score", "low") if unit[key] is not None]
        cut = bool(shown) and min(shown) >= CUT
        return Axis(CUT, 100, (60, 70, 80, 90, 100)) if cut else Axis(0, 100, (0, 20, 40, 60, 80, 100))
    step = (high - low) / 4
    return Axis(float(low), float(high), tuple(float(low + step * i) for i in range(5)))


def scored_by_class(model: Model) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Classes with at least one score, and their scored units."""
    found = [(c, [u for u in shown_units(model, c["code"]) if u["score"] is not None]) for c in shown_classes(model)]
    return [(c, units) for c, units in found if units]
