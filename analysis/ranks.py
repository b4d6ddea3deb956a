"""Comparing the units of one class: rank sets, tiers, the chance of being last, funnel limits (method.md §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, inf, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr
from scipy.stats import norm, studentized_range

from .errors import BadInput

MAX_UNITS = 2_000
CHUNK = 256  # rows of the table of all pairs held at a time
GRID, REACH = 4_001, 9
FUNNEL_Z = {"95": 1.959963984540054, "998": 3.090232306167813}
ABOVE, AVERAGE, BELOW = "above", "average", "below"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """A score in points and its smoothed standard error in points; 0 where there is no sampling error."""

    mean: Fraction
    se: float


@dataclass(frozen=True)
class Place:
    """What may be said of one unit among its class; None where the class is too small to say it."""

    tier: str | None
    rank_low: int | None
    rank_high: int | None
    p_last: float | None


def places(standings: Sequence[Standing], alpha: float) -> list[Place]:
    """The place of every unit of one class. Raises BadInput above MAX_UNITS."""
    if len(standings) > MAX_UNITS:
        raise BadInput("class_too_large", field="class", value=len(standings), allowed=MAX_UNITS)
    if len(standings) < 2:
        return [Place(None, None, None, None) for _ in standings]
    found = tiers(standings, alpha) if len(standings) > 2 else [None] * 2
    sets, last = rank_sets(standings, alpha), chances_last(standings)
    return [Place(t, low, high, p) for t, (low, high), p in zip(found, sets, last, strict=True)]


def rank_sets(standings: Sequence[Standing], alpha: float) -> list[tuple[int, int]]:
    """(best, worst) rank the data allow, by Tukey-Kramer's simultaneous differences."""
    x, se, p = _means(standings), _errors(standings), len(standings)
    order = _order(standings)
    limit = float(studentized_range.isf(alpha, p, inf)) / sqrt(2)
    beaten_by, beats = np.zeros(p, dtype=np.int64), np.zeros(p, dtype=np.int64)
    for start in range(0, p, CHUNK):
        rows = slice(start, start + CHUNK)
        won = _wins(x[rows, None] - x, np.hypot(se[rows, None], se), order[rows, None] - order, limit)
        beats[rows] = won.sum(axis=1)
        beaten_by += won.sum(axis=0)
    return [(1 + int(lost), p - int(won)) for lost, won in zip(beaten_by, beats, strict=True)]


def _wins(difference: Floats, error: Floats, order: npt.NDArray[np.int64], limit: float) -> npt.NDArray[np.bool_]:
    """Which unit of a row surely beats which of a column; without any error the exact order decides."""
    sure = error == 0
    return np.where(sure, order > 0, difference > limit * np.where(sure, 1, error))


def _order(standings: Sequence[Standing]) -> npt.NDArray[np.int64]:
    """Places of the exact scores, equal for equal fractions, higher for better."""
    place = {mean: i for i, mean in enumerate(sorted({s.mean for s in standings}))}
    return np.array([place[s.mean] for s in standings], dtype=np.int64)


def tiers(standings: Sequence[Standing], alpha: float) -> list[str]:
    """Each unit against the mean of the others, two-sided, Benjamini-Hochberg at alpha."""
    differences = differences_from_others(standings)
    adjusted = benjamini_hochberg([two_sided(d, s) for d, s in differences])
    return [
        AVERAGE if p > alpha else ABOVE if difference > 0 else BELOW
        for p, (difference, _) in zip(adjusted, differences, strict=True)
    ]


def differences_from_others(standings: Sequence[Standing]) -> list[tuple[float, float]]:
    """(difference from the plain mean of the other units, its standard error)."""
    x, others = [float(s.mean) for s in standings], len(standings) - 1
    total, squares = fsum(x), fsum(s.se**2 for s in standings)
    same = len({s.mean for s in standings}) == 1
    return [
        (
            0.0 if same else value - (total - value) / others,
            sqrt(s.se**2 + max(squares - s.se**2, 0.0) / others**2),
        )
        for value, s in zip(x, standings, strict=True)
    ]


def two_sided(difference: float, error: float) -> float:
    """Normal p value; without any error a difference is certain."""
    if error == 0:
        return float(difference == 0)
    return float(2 * norm.sf(abs(difference) / error))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p values, in the order given."""
    values = np.asarray(p, dtype=float)
    order = np.argsort(-values, kind="stable")
    scaled = values[order] * len(values) / np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1)
    return [float(value) for value in adjusted]


def chances_last(standings: Sequence[Standing]) -> list[float]:
    """Chance of each unit to have the lowest true score; they sum to 1 but for the grid.

    Trapezoid over GRID points; units without error stand at their score, and equal ones share the chance.
    """
    x, se = _means(standings), _errors(standings)
    fixed = [s.mean for s in standings if s.se == 0]
    free = np.flatnonzero(se > 0)
    chances = np.zeros(len(x))
    if len(free):
        end = (x + REACH * se).max() if not fixed else float(min(fixed))
        chances[free] = _free_chances(x[free], se[free], end)
    if fixed:
        lowest = [i for i, s in enumerate(standings) if s.se == 0 and s.mean == min(fixed)]
        above = log_ndtr((x[free] - float(min(fixed))) / se[free]).sum()
        chances[lowest] = np.exp(above) / len(lowest)
    return [float(chance) for chance in np.clip(chances, 0, 1)]


def _free_chances(x: Floats, se: Floats, end: float) -> Floats:
    """The integral of density times the others' survival, up to `end`."""
    start = (x - REACH * se).min()
    if end <= start:
        return np.zeros(len(x))
    grid = np.linspace(start, end, GRID)
    survival = np.zeros(GRID)
    for mean, error in zip(x, se, strict=True):
        survival += log_ndtr((mean - grid) / error)
    heights = (
        np.exp(norm.logpdf(grid, mean, error) + survival - log_ndtr((mean - grid) / error))
        for mean, error in zip(x, se, strict=True)
    )
    return np.array([np.trapezoid(height, grid) for height in heights])


def _means(standings: Sequence[Standing]) -> Floats:
    return np.array([float(s.mean) for s in standings])


def _errors(standings: Sequence[Standing]) -> Floats:
    return np.array([s.se for s in standings], dtype=float)


def funnel_sigma(standings: Sequence[Standing], ballots: Sequence[int]) -> float:
    """Standard deviation of one ballot in a class, in points: the root of the mean of n times the variance."""
    return sqrt(fsum(n * s.se**2 for n, s in zip(ballots, standings, strict=True)) / len(standings))


def funnel_limits(target: float, sigma: float, n: int, z: float, scale: tuple[float, float]) -> tuple[float, float]:
    """Where a unit of n ballots lies by chance alone, within the scale."""
    reach = z * sigma / sqrt(n)
    return max(target - reach, scale[0]), min(target + reach, scale[1])
