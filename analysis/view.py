"""What pages, workbook, charts and notice share: a release read for showing, never for counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

Model = Mapping[str, Any]
Row = Mapping[str, Any]
FULL_SCALE = (Fraction(0), Fraction(100))
CUT = 60  # a 0..100 axis starts here where every interval allows it (look.md §6)
ABOVE, AVERAGE, BELOW, REVIEW = "above", "average", "below", "review"
ALL, REST = "~all", "~rest"


class Tier(NamedTuple):
    """A tier in words; the sign says it without colour."""

    sign: str
    zh: str
    short: str
    means: str


TIERS = {
    ABOVE: Tier("▲", "高于平均", "高于平均", "与本类其他单位相比，高得明显"),
    AVERAGE: Tier("●", "与平均无显著差异", "无显著差异", "与本类其他单位相比，看不出高低"),
    BELOW: Tier("▼", "低于平均", "低于平均", "与本类其他单位相比，低得明显"),
    REVIEW: Tier("◇", "档次待核", "待核", "剔除存疑的票以后，档次会变，核实以前不定档"),
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
    """The units of a class ordered by slug, each with its row of scores and its `change` to the round before."""
    scores = {row["unit"]: row for row in model["scores"]}
    changes = changes_of(model)
    members = [unit for unit in model["units"] if unit["class"] == class_code]
    return [unit | scores[unit["slug"]] | {"change": changes.get(unit["slug"])} for unit in members]


def changes_of(model: Model) -> dict[str, Row]:
    """Unit -> its row of changes.csv against the latest earlier round."""
    closed = {row["round"]: row["closes_on"] for row in model["series"]}
    latest = max({row["round_before"] for row in model["changes"]}, key=lambda code: closed.get(code) or "", default="")
    return {row["unit"]: row for row in model["changes"] if row["round_before"] == latest}


def shown_classes(model: Model) -> list[dict[str, Any]]:
    """The classes that have units."""
    return [c for c in model["classes"] if c["units"]]


def tiers_of(units: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """(tier, its scored units by slug), best tier first; "" holds those of a class too small for tiers."""
    scored = [unit for unit in units if unit["score"] is not None]
    found = [(code, [u for u in scored if (u["tier"] or "") == code]) for code in (*TIERS, "")]
    return [(code, members) for code, members in found if members]


def names_of(model: Model) -> dict[str, str]:
    """Unit code -> name; ~all is the whole."""
    return {unit["slug"]: unit["zh"] for unit in model["units"]} | {ALL: "全部单位"}


def words_of(model: Model, key: str) -> dict[str, str]:
    """Code -> words of the method's `groups`, `dimensions`, `channels`, `classes` or `flags`."""
    return {item["code"]: item["zh"] for item in model["method"][key]} | {REST: "不足部分合并", ALL: "合计"}


def axis_of(model: Model, units: Sequence[Row]) -> Axis:
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


def level_shares(model: Model) -> dict[str, dict[int, float]]:
    """Unit -> level -> percent of the answers in released cells of weighted dimensions, best level first."""
    weighted = {d["code"] for d in model["method"]["dimensions"] if Fraction(d["weight"])}
    sums: dict[str, dict[int, int]] = {}
    for row in model["counts"]:
        if row["dimension"] in weighted and row["group"] != REST:
            counts = sums.setdefault(row["unit"], dict.fromkeys(range(5, 0, -1), 0))
            for level in counts:
                counts[level] += row[f"level_{level}"]
    return {unit: {lv: 100 * n / sum(counts.values()) for lv, n in counts.items()} for unit, counts in sums.items()}
