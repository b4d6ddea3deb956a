"""From counts to results: one UnitResult per unit, and the rows of the four tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .counts import Tally
from .disclosure import REST, Cell, Released, release_unit
from .errors import BadInput
from .facts import Round, Unit
from .intervals import wilson, z_of
from .method import Method
from .scores import GroupScore, UnitScore, bounds, counted_weight, group_score, plain_share, unit_score

SCORED = ("ok", "renormalised", "census")
Row = dict[str, Any]


@dataclass(frozen=True)
class UnitResult:
    """All that is computed for one unit; groups are keyed by their index in the method."""

    unit: Unit
    released: Released
    groups: Mapping[int, GroupScore]
    satisfied_groups: Mapping[int, GroupScore]
    counted_weight: Fraction
    score: UnitScore | None
    satisfied: UnitScore | None
    bounds: tuple[Fraction, Fraction] | None
    unrated: Fraction | None
    status: str


def unit_result(tally: Tally, index: int, method: Method, facts: Round) -> UnitResult:
    """Score one unit. Raises BadInput if a panel is smaller than its ballots."""
    unit = facts.units[index]
    weights = _weights(method, unit)
    released = release_unit(tally, index, method, unit)
    review = bool(tally.under_review[index, list(released.ballots)].any())
    groups = _groups(tally, index, released, method, unit, method.points)
    satisfied = _groups(tally, index, released, method, unit, method.satisfied_points())
    share = counted_weight(groups, weights)
    scored = share > 0 and share >= method.min_weight and not review
    z = z_of(method.confidence)
    score = unit_score(groups, weights, method.points, z) if scored else None
    return UnitResult(
        unit=unit,
        released=released,
        groups=groups,
        satisfied_groups=satisfied,
        counted_weight=share,
        score=score,
        satisfied=_satisfied(satisfied, weights, released, method, z) if scored else None,
        bounds=bounds(groups, weights, method.points) if scored else None,
        unrated=_unrated(tally, index, method, unit, released),
        status=_status(released, share, score, review),
    )


def _weights(method: Method, unit: Unit) -> dict[int, Fraction]:
    by_code = method.group_weights(unit.class_code)
    return {i: by_code[group.code] for i, group in enumerate(method.groups)}


def _groups(
    tally: Tally, index: int, released: Released, method: Method, unit: Unit, points: Mapping[int, Fraction]
) -> dict[int, GroupScore]:
    found = {}
    for g, n in released.ballots.items():
        panel = unit.panel.get(method.groups[g].code)
        if panel is not None and n - tally.under_review[index, g] > panel:
            field = f"unit.panel.{method.groups[g].code} ({unit.slug})"
            raise BadInput("panel_small", file="round.toml", field=field, value=panel, other=n)
        score = group_score(tally, index, g, released, method, points, panel)
        if score is not None:
            found[g] = score
    return found


def _satisfied(
    groups: Mapping[int, GroupScore], weights: Mapping[int, Fraction], released: Released, method: Method, z: float
) -> UnitScore | None:
    weighted = {g: group for g, group in groups.items() if weights[g]}
    plain = plain_share(weighted, released, method, z)
    return plain or unit_score(weighted, weights, method.satisfied_points(), z)


def _unrated(tally: Tally, index: int, method: Method, unit: Unit, released: Released) -> Fraction | None:
    """1 - ballots in counted channels / codes; None unless every group that carries weight was issued codes.

    All ballots of the unit enter, flagged ones too: beside n and withheld the rate then tells of no group alone.
    """
    codes = sum(unit.codes_issued.values())
    ballots = int(tally.ballots[index].sum() + tally.excluded_ballots[index])
    weights = method.group_weights(unit.class_code)
    complete = all(unit.codes_issued.get(code) for code, weight in weights.items() if weight)
    if not complete or released.withheld is None or ballots > codes:
        return None
    return 1 - Fraction(ballots, codes)


def _status(released: Released, share: Fraction, score: UnitScore | None, review: bool) -> str:
    if not released.n:
        return "no_ballots" if released.withheld == 0 else "insufficient_n"
    if review:
        return "under_review"
    if score is None:
        return "insufficient_weight"
    if share < 1:
        return "renormalised"
    return "ok" if score.interval else "census"


def pooled(cells: Iterator[Cell], method: Method) -> tuple[int, int]:
    """(satisfied, answered) summed over cells."""
    counts = [(sum(cell.levels[level - 1] for level in method.satisfied_levels), cell.answered) for cell in cells]
    return sum(s for s, _ in counts), sum(a for _, a in counts)


def percent(part: int, whole: int) -> Fraction | None:
    """part of whole in percent; None of nothing."""
    return Fraction(100 * part, whole) if whole else None


def count_rows(result: UnitResult, method: Method) -> list[Row]:
    """Rows of counts.csv for one unit: released cells in method order, then the pooled remainder."""
    cells = [(method.groups[g].code, d, cell) for (g, d), cell in result.released.cells.items()]
    cells += [(REST, d, cell) for d, cell in result.released.rest.items()]
    return [
        {
            "unit": result.unit.slug,
            "group": group,
            "dimension": method.dimensions[d].code,
            "n": cell.n,
            "answered": cell.answered,
            "dont_know": cell.dont_know,
            "blank": cell.blank,
            **{f"level_{i}": count for i, count in enumerate(cell.levels, 1)},
        }
        for group, d, cell in cells
    ]


def group_rows(result: UnitResult, method: Method) -> list[Row]:
    """Rows of groups.csv for one unit; a group without a weighted dimension has no score."""
    rows = []
    for g, n in result.released.ballots.items():
        row: Row = {"unit": result.unit.slug, "group": method.groups[g].code, "n": n}
        if g in result.groups:
            score, share = result.groups[g], result.satisfied_groups[g]
            row |= {"score": score.mean, "score_exact": score.mean, "var_exact": score.variance}
            row |= {"satisfied_pct": 100 * share.mean, "satisfied_exact": share.mean}
            row["satisfied_var_exact"] = share.variance
        rows.append(row)
    return rows


def dimension_rows(result: UnitResult, method: Method) -> list[Row]:
    """Rows of dimensions.csv for one unit: satisfied share over released cells, with Wilson's interval."""
    rows = []
    for d, dimension in enumerate(method.dimensions):
        satisfied, answered = pooled((c for (_, k), c in result.released.cells.items() if k == d), method)
        if answered:
            low, high = wilson(satisfied / answered, answered, z_of(method.confidence))
            rows.append(
                {
                    "unit": result.unit.slug,
                    "dimension": dimension.code,
                    "answered": answered,
                    "satisfied_pooled_pct": percent(satisfied, answered),
                    "low": 100 * low,
                    "high": 100 * high,
                }
            )
    return rows


def score_row(result: UnitResult, method: Method) -> Row:
    """The row of scores.csv for one unit; what cannot be said is None."""
    row: Row = {
        "unit": result.unit.slug,
        "class": result.unit.class_code,
        "n": result.released.n,
        "satisfied_pooled_pct": percent(*pooled(iter(result.released.cells.values()), method)),
        "counted_weight": result.counted_weight,
        "unrated_pct": None if result.unrated is None else 100 * result.unrated,
        "withheld": result.released.withheld,
        "status": result.status,
    }
    if result.score and result.satisfied:
        row |= {"score": result.score.mean, "score_exact": result.score.mean}
        row |= {"satisfied_pct": 100 * result.satisfied.mean, "satisfied_exact": result.satisfied.mean}
        if result.score.interval:
            row["low"], row["high"] = result.score.interval
        if result.satisfied.interval:
            row["satisfied_low"], row["satisfied_high"] = (100 * bound for bound in result.satisfied.interval)
    return row
