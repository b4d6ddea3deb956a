"""Tests against manipulation on counts alone (method.md §5); each returns p values before any adjustment.

A p value asks for a review of what it points at. Clumsy fraud is found, careful fraud is not: analysis.power says how
much. The constants are the method's and were fixed before any round was counted.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, nbinom, norm, poisson

from .facts import LAST_WEEKS

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
TRIMMED, MARGIN = 0.005, 1.5  # of residuals left out of the dispersion; what it is multiplied by
MIN_WEEKS = 8  # that T4 needs
TIMES = 2.0  # a share must be this many times what others have
EFFECT = 0.10  # and a probability this far from one half


@dataclass(frozen=True)
class Burst:
    """T1, for each unit: its most suspicious week, that week's ballots, the share expected there, and p."""

    week: Counts
    observed: Counts
    share: Floats
    p: Floats


@dataclass(frozen=True)
class Shares:
    """A share against the others', for each unit: hits of total, share expected, and p."""

    observed: Counts
    of: Counts
    share: Floats
    p: Floats

    @property
    def ratio(self) -> Floats:
        """Observed share over expected share; infinite where nothing was expected, 1 where nothing came."""
        return ratio(self.observed, self.of * self.share)


def ratio(observed: Counts, expected: Floats) -> Floats:
    """Observed over expected; 1 where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, observed / expected, np.where(observed > 0, np.inf, 1.0))


def bursts(weeks: Counts) -> Burst:
    """T1: ballots [unit, week] against the unit's total times the other units' profile, negative binomial."""
    totals = weeks.sum(axis=1, keepdims=True)
    share = _others(weeks, weeks.sum(axis=1)[:, None])
    expected = totals * share
    p = _upper_tail(weeks, expected, MARGIN * dispersion(weeks, expected))
    week = p.argmin(axis=1)
    rows = np.arange(len(weeks))
    least = np.minimum(p[rows, week] * weeks.shape[1], 1)
    return Burst(week, weeks[rows, week], share[rows, week], least)


def _others(hits: Counts, of: Counts) -> Floats:
    """The share of hits among all other units; 0 where the others have nothing."""
    rest = of.sum(axis=0, keepdims=True) - of
    return np.where(rest > 0, (hits.sum(axis=0, keepdims=True) - hits) / np.maximum(rest, 1), 0.0)


def dispersion(counts: Counts, expected: Floats) -> float:
    """Over-dispersion by moments, with the largest residuals trimmed; 0 is Poisson.

    Poisson itself is not defensible: with natural over-dispersion it accuses every large unit.
    """
    used = expected > 0
    observed, mean = counts[used].astype(float), expected[used]
    surplus = (observed - mean) ** 2 - mean
    order = np.argsort((observed - mean) ** 2 / np.maximum(mean, 1e-9))
    kept = order[: len(order) - int(np.ceil(TRIMMED * len(order)))]
    squares = float((mean[kept] ** 2).sum())
    return max(float(surplus[kept].sum()) / squares, 0.0) if squares else 0.0


def _upper_tail(counts: Counts, expected: Floats, spread: float) -> Floats:
    """P(X >= count) with mean `expected` and variance mean + spread * mean²; 1 where nothing came."""
    mean = np.maximum(expected, 1e-9)
    if spread < 1e-9:
        tail = poisson.sf(counts - 1, mean)
    else:
        tail = nbinom.sf(counts - 1, 1 / spread, 1 / (1 + spread * mean))
    return np.where(counts > 0, tail, 1.0)


def rush(weeks: Counts) -> Shares:
    """T4: the last weeks' share of a unit's ballots against the other units', exact binomial."""
    return _binomial(weeks[:, -LAST_WEEKS:].sum(axis=1), weeks.sum(axis=1))


def _binomial(hits: Counts, of: Counts) -> Shares:
    share = _others(hits[:, None], of[:, None])[:, 0]
    return Shares(hits, of, share, np.asarray(binom.sf(hits - 1, of, share)))


def straight(hits: Counts, of: Counts) -> Shares:
    """T6: ballots with one level throughout, of all whole ones, against the other units: two proportions."""
    share = _others(hits[:, None], of[:, None])[:, 0]
    return Shares(hits, of, share, norm.sf(two_proportions(hits, of, hits.sum() - hits, of.sum() - of)))


def two_proportions(hits: Counts, of: Counts, hits_other: Counts, of_other: Counts) -> Floats:
    """z of the score test that two rates are equal (pooled variance); -inf where nothing varies."""
    pooled = (hits + hits_other) / np.maximum(of + of_other, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_other))
        z = (hits / of - hits_other / of_other) / error
    return np.where(error > 0, np.nan_to_num(z), -np.inf)


def against_open(counted: Counts, opened: Counts) -> tuple[Floats, Floats]:
    """T5: (P(an open ballot is better) - 1/2, two-sided p) by Mann-Whitney with ties; tables [unit, mean level]."""
    n, m = counted.sum(axis=1).astype(float), opened.sum(axis=1).astype(float)
    both, total = counted + opened, n + m
    below = np.cumsum(counted, axis=1) - counted
    wins = (opened * (below + counted / 2)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ties = ((both.astype(float) ** 3 - both).sum(axis=1)) / (total * (total - 1))
        error = np.sqrt(n * m / 12 * (total + 1 - ties))
        p = np.where(error > 0, 2 * norm.sf(np.abs(wins - n * m / 2) / error), 1.0)
        effect = np.where(n * m > 0, wins / (n * m) - 0.5, 0.0)
    return effect, np.asarray(p)
