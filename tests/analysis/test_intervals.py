"""The published interval holds what it promises, by simulation with a fixed seed."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.intervals import Stratum, smooth, wilson, z_of
from analysis.scores import stratified

Z = z_of(Fraction("0.95"))
POINTS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
DISTRIBUTIONS = {
    "typical": [0.04, 0.06, 0.15, 0.24, 0.51],
    "very good": [0.01, 0.01, 0.03, 0.13, 0.82],
    "near the top": [0.002, 0.003, 0.005, 0.03, 0.96],
    "polarised": [0.28, 0.03, 0.03, 0.03, 0.63],
}
SAMPLES = 1500


@pytest.mark.parametrize("n", [5, 10, 30, 100])
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_interval_covers_the_truth_in_at_least_93_of_100_samples(name, n):
    chances = np.array(DISTRIBUTIONS[name])
    truth = float(chances @ POINTS)
    drawn = np.random.default_rng([20261121, n]).multinomial(n, chances, size=SAMPLES)
    distinct, repeats = np.unique(drawn, axis=0, return_counts=True)
    covered = sum(int(k) for row, k in zip(distinct.tolist(), repeats, strict=True) if covers(row, n, truth))
    assert covered / SAMPLES >= 0.93


def interval_of(*strata: Stratum) -> tuple[float, float]:
    """The published interval on the scale 0..1."""
    return stratified(strata, Fraction(0), Fraction(1), Z).interval


def covers(row: list[int], n: int, truth: float) -> bool:
    """Whether the interval of these level counts holds the truth."""
    mean = Fraction(sum(c * level for level, c in enumerate(row)), 4 * n)
    variance = Fraction(sum(c * level**2 for level, c in enumerate(row)), 16 * n) - mean**2
    low, high = interval_of(Stratum(Fraction(1), n, mean, variance, Fraction(0)))
    return low <= truth <= high


def test_the_interval_never_leaves_the_scale_and_holds_its_mean():
    for k in range(21):
        low, high = wilson(k / 20, 3.5, Z)
        assert 0 <= low <= k / 20 <= high <= 1


def test_a_stratum_observed_in_full_adds_no_variance():
    part = Stratum(Fraction(1, 2), 10, Fraction(1, 2), Fraction(1, 8), Fraction(0))
    whole = Stratum(Fraction(1, 2), 10, Fraction(1, 2), Fraction(1, 8), Fraction(1))
    alone = smooth([part, whole]).variance
    assert alone == pytest.approx(smooth([part, part]).variance / 2)


def test_unanimity_still_has_an_interval():
    low, high = interval_of(Stratum(Fraction(1), 50, Fraction(1), Fraction(0), Fraction(0)))
    assert 0.9 < low < 1
    assert high == 1
