"""Proof that a release tells of nobody: differences between versions, linear programs, and a report (method.md §6)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from .columns import TABLES
from .disclosure import REST, Cell
from .earlier import Counted, Earlier
from .errors import BadInput
from .method import Method
from .results import UnitResult
from .rows import Row

NOT_FREE_TEXT = re.compile(r"[A-Za-z0-9_~:.<>=/-]{0,120}")
Range = tuple[int, int]


def refuse_differencing(counted: Counted, versions: Sequence[Earlier]) -> None:
    """Refuse a version that differs from one already shown by 1..min_n-1 answers in a cell. Raises BadInput."""
    for version in versions:
        shown = version.by_slug()
        for result in counted.results:
            if result.unit.slug in shown:
                _compare(result, shown[result.unit.slug], counted, version.digest[:12])


def _compare(result: UnitResult, shown: UnitResult, counted: Counted, version: str) -> None:
    for (group, d), (one, other) in sorted(_pairs(result, shown).items()):
        if (_nearest(one, other) or counted.method.min_n) < counted.method.min_n:
            code = REST if group < 0 else counted.method.groups[group].code
            place = f"{result.unit.slug}, {code}, {counted.method.dimensions[d].code}"
            raise BadInput("differencing", file="counts.csv", field=place, value=counted.method.min_n, version=version)


def _pairs(one: UnitResult, other: UnitResult) -> dict[tuple[int, int], tuple[Cell | None, Cell | None]]:
    """Cells of both that must be far apart; a remainder counts as shown on one side where its cells changed."""
    cells, others = one.released.cells, other.released.cells
    found: dict[tuple[int, int], tuple[Cell | None, Cell | None]] = {
        key: (cells[key], others[key]) for key in cells.keys() & others.keys()
    }
    moved = {d for _, d in cells.keys() ^ others.keys()}
    for d in one.released.rest.keys() | other.released.rest.keys():
        old = None if d in moved else other.released.rest.get(d)
        found[-1, d] = (one.released.rest.get(d), old)
    return found


def _nearest(one: Cell | None, other: Cell | None) -> int | None:
    """The fewest ballots by which two cells differ; None where they are equal, 1 where one of them is not shown.

    A difference of min_n and more is a cell that might itself be shown.
    """
    if one is None or other is None:
        return 1
    return min((moved for moved in other.moved(one) if moved), default=None)


def feasible_ranges(table: npt.NDArray[np.int64], hidden: npt.NDArray[np.bool_]) -> dict[tuple[int, int], Range]:
    """What row and column totals tell of hidden cells: each one's least and greatest value, by linear programs."""
    places = [(int(i), int(j)) for i, j in np.argwhere(hidden)]
    shown = np.where(hidden, 0, table)
    rows = [[float(i == row) for i, _ in places] for row in range(table.shape[0])]
    columns = [[float(j == column) for _, j in places] for column in range(table.shape[1])]
    left = np.concatenate([(table - shown).sum(axis=1), (table - shown).sum(axis=0)]).astype(float)
    return dict(zip(places, _ranges(np.array(rows + columns), left, None, None, None), strict=True))


def _ranges(equal: Any, left: Any, below: Any, cap: Any, most: float | None) -> list[Range]:
    """Least and greatest value of every unknown."""
    size = len(equal[0])
    found = []
    for i in range(size):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(size)
            goal[i] = sign
            solved: Any = linprog(goal, A_ub=below, b_ub=cap, A_eq=equal, b_eq=left, bounds=(0, most), method="highs")
            ends.append(round(sign * solved.fun))
        found.append((ends[0], ends[1]))
    return found


@lru_cache(maxsize=4096)
def pooled_ranges(answered: int, hidden: int, others: int, withheld: int, most: int) -> list[Range]:
    """What a remainder row tells of its cells: `hidden` of groups without any released cell, with at most `withheld`
    ballots together, and `others`; each has at most `most` answers.
    """
    equal = np.ones((1, hidden + others))
    below = np.array([[1.0] * hidden + [0.0] * others]) if hidden else None
    return _ranges(equal, [answered], below, [withheld] if hidden else None, most)


def privacy_report(
    counted: Counted, tables: Mapping[str, Sequence[Row]], versions: Sequence[Earlier]
) -> dict[str, Any]:
    """privacy.json: every check, what was found, and whether it holds. Raises BadInput where one does not."""
    checks = [
        _smallest(tables, counted.method.min_n),
        _remainders(counted),
        _no_free_text(tables),
        _lines(tables, counted.method.min_n),
        _versions(counted, versions),
    ]
    for check in checks:
        if not check["ok"]:
            raise BadInput("privacy_failed", field=str(check["check"]), value=check["found"])
    lines = sum(row["status"] == "withheld" for row in tables["sensitivity.csv"])
    digests = [version.digest for version in versions]
    found = {"cells": _cells(counted), "lines_withheld": lines, "versions": digests, "checks": checks}
    return {"format": 1, "min_n": counted.method.min_n} | found


def _cells(counted: Counted) -> dict[str, int]:
    method = counted.method
    whole = len(counted.results) * len(method.groups) * len(method.dimensions)
    released = sum(len(r.released.cells) for r in counted.results)
    rest = sum(len(r.released.rest) for r in counted.results)
    return {"released": released, "not_released": whole - released, "remainders": rest}


def _smallest(tables: Mapping[str, Sequence[Row]], min_n: int) -> dict[str, Any]:
    smallest = min((row["answered"] for row in tables["counts.csv"]), default=None)
    fine = smallest is None or smallest >= min_n
    return {"check": "smallest_cell", "zh": "公布的最小一格的回答数", "ok": fine, "found": smallest}


def _remainders(counted: Counted) -> dict[str, Any]:
    """No remainder row may fix the answers of one of its cells."""
    narrowest = min((high - low for *_, low, high in remainder_ranges(counted)), default=None)
    fine = narrowest is None or narrowest > 0
    return {"check": "remainders", "zh": "合并行里每一格可能值的最小范围", "ok": fine, "found": narrowest}


def remainder_ranges(counted: Counted) -> list[tuple[str, str, int, int]]:
    """(unit, dimension, least and greatest number of answers) of every cell that is pooled in a remainder row."""
    names = [dimension.code for dimension in counted.method.dimensions]
    return [
        (result.unit.slug, names[d], low, high)
        for result in counted.results
        for d, cell in result.released.rest.items()
        for low, high in _pooled(result, d, cell, counted.method)
        if high > 0
    ]


def _pooled(result: UnitResult, d: int, cell: Cell, method: Method) -> list[Range]:
    released = result.released
    hidden = len(method.groups) - len(released.ballots)
    others = sum((g, d) not in released.cells for g in released.ballots)
    return pooled_ranges(cell.answered, hidden, others, released.withheld or 0, method.min_n - 1)


def _no_free_text(tables: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Every text of every table is a code: no words of anybody."""
    found = sorted(
        {
            f"{name}: {column.name}"
            for name, rows in tables.items()
            for column in TABLES[name]
            if column.kind == "text"
            for row in rows
            if not NOT_FREE_TEXT.fullmatch(str(row.get(column.name) or ""))
        }
    )
    return {"check": "free_text", "zh": "含有自由文字的列", "ok": not found, "found": found}


def _lines(tables: Mapping[str, Sequence[Row]], min_n: int) -> dict[str, Any]:
    """A way of counting that is shown changes no ballot or enough of them."""
    changed = [row["ballots_changed"] for row in tables["sensitivity.csv"] if row.get("ballots_changed")]
    fewest = min(changed, default=None)
    fine = fewest is None or fewest >= min_n
    return {"check": "lines", "zh": "公布的比较里增减的最少票数", "ok": fine, "found": fewest}


def _versions(counted: Counted, versions: Sequence[Earlier]) -> dict[str, Any]:
    """Beside every version already shown, a cell is the same or far from it."""
    now = counted.by_slug()
    units = [(now[slug], old) for version in versions for slug, old in version.by_slug().items() if slug in now]
    steps = [_nearest(*pair) for one, other in units for pair in _pairs(one, other).values()]
    fewest = min((step for step in steps if step), default=None)
    fine = fewest is None or fewest >= counted.method.min_n
    return {"check": "versions", "zh": "与已给人看过的各版相比，变动的格里最少变动的票数", "ok": fine, "found": fewest}
