"""The rows of counts, groups, dimensions and scores."""

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from typing import Any

from .disclosure import REST, Cell
from .intervals import wilson, z_of
from .method import TOP2, Method
from .results import UnitResult
from .scores import UnitScore

Row = dict[str, Any]
LOW_AWARENESS = Fraction(50)  # percent (method.md §1.3)


def pooled(cells: Iterable[Cell], levels: Collection[int]) -> tuple[int, int]:
    """(answers of these levels, answered) summed over cells."""
    counts = [(sum(cell.levels[level - 1] for level in levels), cell.answered) for cell in cells]
    return sum(s for s, _ in counts), sum(a for _, a in counts)


def awareness(cells: Iterable[Cell]) -> Fraction:
    """Answered of all ballots, in percent, over released cells."""
    counts = [(cell.answered, cell.n) for cell in cells]
    return Fraction(100 * sum(a for a, _ in counts), sum(n for _, n in counts))


def _weighs(method: Method, dimension: int) -> bool:
    return bool(method.dimensions[dimension].weight)


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
            for name in ("top2", "top3"):
                top = result.measures[name].groups[g]
                row |= {f"{name}_exact": top.mean, f"{name}_var_exact": top.variance}
            aware = awareness(cell for (k, d), cell in result.released.cells.items() if k == g and _weighs(method, d))
            row |= {"aware_pct": aware, "low_awareness": "yes" if aware < LOW_AWARENESS else None}
        rows.append(row)
    return rows


def dimension_rows(result: UnitResult, method: Method) -> list[Row]:
    """Rows of dimensions.csv for one unit: satisfied share over released cells, with Wilson's interval."""
    rows = []
    for d, dimension in enumerate(method.dimensions):
        cells = [c for (_, k), c in result.released.cells.items() if k == d]
        satisfied, answered = pooled(cells, method.satisfied_levels)
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
                    "top2_pooled_pct": percent(*pooled(cells, TOP2)),
                    "aware_pct": awareness(cells),
                }
            )
    return rows


def score_row(result: UnitResult, method: Method) -> Row:
    """The row of scores.csv for one unit; what cannot be said is None."""
    cells = result.released.cells
    row: Row = {
        "unit": result.unit.slug,
        "class": result.unit.class_code,
        "n": result.released.n,
        "satisfied_pooled_pct": percent(*pooled(cells.values(), method.satisfied_levels)),
        "counted_weight": result.counted_weight,
        "unrated_pct": None if result.unrated is None else 100 * result.unrated,
        "withheld": result.released.withheld,
        "status": result.status,
    }
    weighted = [cell for (_, d), cell in cells.items() if _weighs(method, d)]
    if weighted:
        row["aware_pct"] = awareness(weighted)
    if result.bounds:
        row["bound_low"], row["bound_high"] = result.bounds
    if result.score and result.satisfied:
        row |= {"score": result.score.mean, "score_exact": result.score.mean}
        row["satisfied_exact"] = result.satisfied.mean
        if result.score.interval:
            row["low"], row["high"] = result.score.interval
    for name in ("satisfied", "top2", "top3"):
        row |= _rate(name, result.measures[name].score)
    return row


def _rate(name: str, share: UnitScore | None) -> Row:
    """A share in percent with its interval."""
    if share is None:
        return {}
    low, high = share.interval or (None, None)
    return {
        f"{name}_pct": 100 * share.mean,
        f"{name}_low": low and 100 * low,
        f"{name}_high": high and 100 * high,
    }


def result_tables(results: Sequence[UnitResult], method: Method) -> dict[str, list[Row]]:
    """The four tables that follow from each unit alone."""
    return {
        "counts.csv": [row for r in results for row in count_rows(r, method)],
        "groups.csv": [row for r in results for row in group_rows(r, method)],
        "dimensions.csv": [row for r in results for row in dimension_rows(r, method)],
        "scores.csv": [score_row(r, method) for r in results],
    }
