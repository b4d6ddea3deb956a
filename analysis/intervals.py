"""Intervals that hold at small n and near the ends of the scale (method.md §1.5).

Floats live here only; scores stay exact. Everything is on the 0..1 scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Stratum:
    """One counted respondent group.

    weight: its share of the score, summing to 1 over strata; n: its ballots; mean: 0..1;
    variance: n times the sum of squared influences, 0..1 scale; fraction: n over the panel size, 0 without a panel.
    """

    weight: Fraction
    n: int
    mean: Fraction
    variance: Fraction
    fraction: Fraction


@dataclass(frozen=True)
class Smoothed:
    """Mean and variance after smoothing, and the effective sample size they imply."""

    mean: float
    variance: float
    n_eff: float
    n: float


def z_of(confidence: Fraction) -> float:
    """The two-sided normal quantile: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + float(confidence)) / 2)


def wilson(mean: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's interval for a mean in 0..1 on a sample size that may be effective."""
    shrink = 1 + z * z / n
    centre = mean + z * z / (2 * n)
    reach = z * sqrt(mean * (1 - mean) / n + z * z / (4 * n * n))
    low, high = (centre - reach) / shrink, (centre + reach) / shrink
    # At 0 and 1 the bound is exact; rounding of floats must not leave the scale.
    return (0.0 if mean == 0 else max(0.0, low)), (1.0 if mean == 1 else min(1.0, high))


def smooth(strata: Sequence[Stratum]) -> Smoothed | None:
    """The smoothed variance of a stratified mean; None when every stratum was observed in full.

    One virtual answer per stratum, split between 0 and 1 (method.md §1.5). All claims of a difference
    between units must use this variance: the raw one gave false tiers near 100.
    """
    if all(s.fraction == 1 for s in strata):
        return None
    variance = sum(float(s.weight) ** 2 * _smoothed_variance(s) for s in strata)
    n = 1 / sum(float(s.weight) ** 2 / s.n for s in strata)
    raw = float(sum((s.weight * s.mean for s in strata), Fraction(0)))
    mean = (n * raw + 0.5) / (n + 1)
    return Smoothed(mean, variance, max(mean * (1 - mean) / variance, 1.0), n)


def _smoothed_variance(stratum: Stratum) -> float:
    n, mean, variance = stratum.n, float(stratum.mean), float(stratum.variance)
    middle = (n * mean + 0.5) / (n + 1)
    spread = (n * (variance + mean * mean) + 0.5) / (n + 1) - middle * middle
    return spread / (n + 1) * (1 - float(stratum.fraction))
