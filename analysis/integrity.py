"""Rows of integrity.csv: what asks for a review, over ballots of groups that may be shown."""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from . import suspicion
from .comparison import alpha_of
from .counts import Counts, Tally
from .earlier import Counted
from .evidence import INCOMPLETE, MIXED, STRAIGHT
from .facts import LAST_WEEKS, UPHELD_WEEKS, first_monday
from .ranks import benjamini_hochberg
from .results import UnitResult
from .rows import Row
from .suspicion import EFFECT, MIN_WEEKS, TIMES

FLAGGED, CLEAR, TOO_FEW = "flagged", "clear", "too_few"
FEWEST_UNITS = 3  # there must be others to compare with
Tested = npt.NDArray[np.int64]


def integrity_rows(tally: Tally, counted: Counted) -> list[Row]:
    """Every test for every unit; numbers of fewer than min_n ballots are left out of the row."""
    shown = [_shown(r) for r in counted.results]
    weeks = _over_groups(tally.evidence.weeks, shown)
    patterns = _over_groups(tally.evidence.patterns, shown)
    rows = [
        *_bursts(weeks, counted),
        *_flags(tally, counted),
        *_rush(weeks, counted),
        *_open(patterns, tally, counted),
        *_straight(patterns, counted),
    ]
    return sorted(rows, key=lambda row: row["unit"])


def suspicious_weeks(rows: Sequence[Row], counted: Counted) -> dict[str, set[int]]:
    """The weeks that flagged rows of T1 and T4 point at, by unit."""
    monday, found = first_monday(counted.facts), dict[str, set[int]]()
    for row in rows:
        if row["test"] in UPHELD_WEEKS and row["verdict"] == FLAGGED:
            week = (dt.date.fromisoformat(row["detail"]) - monday).days // 7
            found.setdefault(row["unit"], set()).update(range(week, week + UPHELD_WEEKS[row["test"]]))
    return found


def _shown(result: UnitResult) -> list[int]:
    """Groups with a released cell: the ballots of the others must change no figure at all."""
    return sorted(result.released.ballots)


def _over_groups(table: Counts, shown: Sequence[list[int]]) -> Counts:
    return np.array([table[i, groups].sum(axis=0) for i, groups in enumerate(shown)], dtype=np.int64)


def _rows(counted: Counted, test: str, tested: Tested, p: npt.NDArray[np.float64]) -> list[Row]:
    """One row for each unit; p values of the tested ones adjusted together."""
    rows: list[Row] = [{"unit": r.unit.slug, "test": test, "verdict": TOO_FEW} for r in counted.results]
    for unit, value, adjusted in zip(tested, p, benjamini_hochberg(list(p)), strict=True):
        rows[unit] |= {"p": float(value), "p_adjusted": adjusted, "tests": len(tested), "verdict": CLEAR}
    return rows


def _mark(row: Row, alpha: float, *, large: bool) -> None:
    if large and row["p_adjusted"] <= alpha:
        row["verdict"] = FLAGGED


def _hide_few(row: Row, observed: int, numbers: Mapping[str, object], min_n: int) -> None:
    """Fill in what was observed; fewer than min_n ballots, or what would give their number back, are left out."""
    if observed >= min_n or observed == 0:
        row |= {"observed": observed, **numbers}
    else:
        row.update(dict.fromkeys(("p", "p_adjusted")))


def _tested(sizes: Counts, min_n: int) -> Tested:
    found = np.flatnonzero(sizes >= min_n)
    return found if len(found) >= FEWEST_UNITS else found[:0]


def _bursts(weeks: Counts, counted: Counted) -> list[Row]:
    min_n, alpha = counted.method.min_n, alpha_of(counted.method)
    units = _tested(weeks.sum(axis=1), min_n) if weeks.shape[1] > 1 else np.array([], dtype=np.int64)
    found = suspicion.bursts(weeks[units])
    rows = _rows(counted, "T1", units, found.p)
    effect = suspicion.ratio(found.observed, weeks[units].sum(axis=1) * found.share)
    for i, unit in enumerate(units):
        day = first_monday(counted.facts) + dt.timedelta(weeks=int(found.week[i]))
        _mark(rows[unit], alpha, large=True)
        rows[unit]["detail"] = day.isoformat()
        numbers = _numbers(int(weeks[unit].sum()), found.share[i], effect[i])
        _hide_few(rows[unit], int(found.observed[i]), numbers, min_n)
    return rows


def _numbers(of: int, share: float, effect: float) -> dict[str, object]:
    return {"of": of, "expected_pct": 100 * float(share), "effect": float(effect) if np.isfinite(effect) else None}


def _flags(tally: Tally, counted: Counted) -> list[Row]:
    """T3: ballots that carry a flag, left out or not, where they are enough to be named; not what a review flagged."""
    rows: list[Row] = []
    for i, flag in ((i, flag) for i, flag in enumerate(counted.method.flags) if not flag.by_review):
        for unit, result in enumerate(counted.results):
            groups = _shown(result)
            left_out, kept = int(tally.excluded[unit, i]), int(tally.flagged[unit, groups, i].sum())
            number = left_out if flag.on else kept
            if number >= counted.method.min_n:
                row: Row = {"unit": result.unit.slug, "test": "T3", "detail": flag.code}
                rows.append(row | {"observed": number, "verdict": FLAGGED})
    return rows


def _rush(weeks: Counts, counted: Counted) -> list[Row]:
    enough = weeks.shape[1] >= MIN_WEEKS
    units = _tested(weeks.sum(axis=1), counted.method.min_n) if enough else np.array([], dtype=np.int64)
    rows = _shares("T4", suspicion.rush(weeks[units]), units, counted)
    if enough:
        start = first_monday(counted.facts) + dt.timedelta(weeks=weeks.shape[1] - LAST_WEEKS)
        for row in rows:
            row["detail"] = start.isoformat()
    return rows


def _shares(test: str, found: suspicion.Shares, units: Tested, counted: Counted) -> list[Row]:
    rows = _rows(counted, test, units, found.p)
    for i, unit in enumerate(units):
        _mark(rows[unit], alpha_of(counted.method), large=bool(found.ratio[i] >= TIMES))
        numbers = _numbers(int(found.of[i]), found.share[i], found.ratio[i])
        _hide_few(rows[unit], int(found.observed[i]), numbers, counted.method.min_n)
    return rows


def _open(patterns: Counts, tally: Tally, counted: Counted) -> list[Row]:
    with_code, without = mean_levels(patterns), mean_levels(tally.evidence.open_patterns)
    fewest = np.minimum(with_code.sum(axis=1), without.sum(axis=1))
    units = np.flatnonzero(fewest >= counted.method.min_n)
    effect, p = suspicion.against_open(with_code[units], without[units])
    rows = _rows(counted, "T5", units, p)
    for i, unit in enumerate(units):
        rows[unit] |= {"effect": float(effect[i]), "of": int(fewest[unit])}
        _mark(rows[unit], alpha_of(counted.method), large=bool(abs(effect[i]) >= EFFECT))
    return rows


def mean_levels(patterns: Counts) -> Counts:
    """[unit, mean level in halves] of whole ballots, straight ones put with their level."""
    found = patterns[:, MIXED].copy()
    found[:, ::2] += patterns[:, STRAIGHT]
    return found


def _straight(patterns: Counts, counted: Counted) -> list[Row]:
    """T6 within each class."""
    rows: list[Row] = []
    several = sum(bool(d.weight) for d in counted.method.dimensions) >= 3
    for code in (c.code for c in counted.method.classes):
        members = [i for i, r in enumerate(counted.results) if r.unit.class_code == code]
        part = Counted(counted.method, counted.facts, [counted.results[i] for i in members])
        whole, same = patterns[members], patterns[members][:, STRAIGHT].sum(axis=1)
        of = whole.sum(axis=1) - whole[:, INCOMPLETE]
        units = _tested(of, counted.method.min_n) if several else np.array([], dtype=np.int64)
        rows += _shares("T6", suspicion.straight(same[units], of[units]), units, part)
    return rows
