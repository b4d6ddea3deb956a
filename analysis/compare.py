"""Tests of change between independent samples (method.md §4). Rates are 0..1."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from scipy.stats import norm

from .ranks import two_sided

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Tested:
    """A statistic and its two-sided p value."""

    z: float | None
    p: float


def change(before: float, se_before: float, now: float, se_now: float) -> Tested:
    """z of two independent estimates; without any error there is no z and a difference is certain."""
    error = hypot(se_before, se_now)
    difference = now - before
    return Tested(difference / error if error else None, two_sided(difference, error))


def newcombe(before: float, bounds_before: Bounds, now: float, bounds_now: Bounds) -> Bounds:
    """Newcombe's interval for `now - before` from the Wilson intervals of both."""
    difference = now - before
    low = difference - hypot(now - bounds_now[0], bounds_before[1] - before)
    return low, difference + hypot(bounds_now[1] - now, before - bounds_before[0])


def two_proportions(hits: float, of: float, hits_other: float, of_other: float) -> Tested:
    """The score test that two rates are equal (pooled variance)."""
    pooled = (hits + hits_other) / (of + of_other)
    error = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_other))
    difference = hits / of - hits_other / of_other
    return Tested(difference / error if error else None, two_sided(difference, error))


def cochran_armitage(hits: Sequence[float], of: Sequence[float]) -> Tested:
    """Trend of rates over equally spaced rounds; sizes may be effective ones."""
    total = sum(of)
    share = sum(hits) / total
    middle = sum(i * n for i, n in enumerate(of)) / total
    slope = sum(i * (k - n * share) for i, (k, n) in enumerate(zip(hits, of, strict=True)))
    error = sqrt(share * (1 - share) * sum(n * (i - middle) ** 2 for i, n in enumerate(of)))
    if error == 0:
        return Tested(None, 1.0)
    z = slope / error
    return Tested(z, float(2 * norm.sf(abs(z))))
