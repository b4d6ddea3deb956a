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


def agresti_caffo(before: float, of_before: float, now: float, of_now: float) -> Tested:
    """The test that two rates are equal on counts smoothed by one hit and one miss; sizes may be effective."""
    rates = [(rate * of + 1) / (of + 2) for rate, of in ((before, of_before), (now, of_now))]
    error = sqrt(sum(p * (1 - p) / (of + 2) for p, of in zip(rates, (of_before, of_now), strict=True)))
    difference = rates[1] - rates[0]
    return Tested(difference / error, two_sided(difference, error))


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
