"""Comparisons worked by hand, and their bounds: rank sets, tiers, trend, and what totals tell of hidden cells."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare import cochran_armitage
from analysis.privacy import feasible_ranges
from analysis.ranks import (
    ABOVE,
    AVERAGE,
    BELOW,
    Standing,
    places,
    rank_sets,
    tiers,
)

ALPHA, Z = 0.05, 1.959963984540054
SEVEN = [
    Standing(Fraction(x), se)
    for x, se in zip(
        ("92.1", "90.4", "88.0", "87.5", "83.2", "79.9", "71.0"), (0.9, 1.8, 0.7, 2.5, 1.0, 3.0, 1.5), strict=True
    )
]


def test_rank_sets_do_not_depend_on_the_order_of_the_units():
    backwards = rank_sets(SEVEN[::-1], ALPHA)
    assert backwards[::-1] == rank_sets(SEVEN, ALPHA)


def test_two_units_are_told_apart_just_beyond_the_critical_value():
    """p = 2: the studentized range over √2 is the two-sided normal quantile."""
    near = [Standing(Fraction(50), 1.0), Standing(Fraction(50) + Fraction(Z * sqrt(2) - 1e-4), 1.0)]
    far = [Standing(Fraction(50), 1.0), Standing(Fraction(50) + Fraction(Z * sqrt(2) + 1e-4), 1.0)]
    assert rank_sets(near, ALPHA) == [(1, 2), (1, 2)]
    assert rank_sets(far, ALPHA) == [(2, 2), (1, 1)]


def test_a_unit_is_held_against_the_mean_of_the_others():
    """Nine units at 80 (se 1) and one at 70: 10 below the others' mean, error √(1 + 9/81) = 1.054, z = -9.5."""
    nine = [Standing(Fraction(80), 1.0)] * 9
    assert tiers([*nine, Standing(Fraction(70), 1.0)], ALPHA) == [AVERAGE] * 9 + [BELOW]
    assert tiers([*nine, Standing(Fraction(90), 1.0)], ALPHA) == [AVERAGE] * 9 + [ABOVE]
    assert tiers(nine, ALPHA) == [AVERAGE] * 9


def test_a_rate_that_never_moves_has_no_trend():
    assert cochran_armitage([300, 300, 300], [300, 300, 300]).p == 1


def test_linear_programs_find_what_totals_tell_of_hidden_cells():
    table = np.array([[120, 30, 14, 3], [80, 22, 4, 12], [60, 18, 11, 9]])
    small = table < 5
    assert feasible_ranges(table, small) == {(0, 3): (3, 3), (1, 2): (4, 4)}
    more = small.copy()
    more[0, 2] = more[1, 3] = True
    found = feasible_ranges(table, more)
    assert [found[place] for place in ((0, 3), (1, 2), (0, 2), (1, 3))] == [(0, 15), (1, 16), (2, 17), (0, 15)]


scores = st.lists(
    st.builds(Standing, st.fractions(0, 100, max_denominator=10_000), st.floats(0.5, 30)), min_size=3, max_size=25
)


@given(scores)
def test_whatever_the_scores_ranks_and_chances_stay_within_their_bounds(standings):
    found = places(standings, ALPHA)
    for place in found:
        assert 1 <= place.rank_low <= place.rank_high <= len(standings)
        assert 0 <= place.p_last <= 1
    best = max(range(len(standings)), key=lambda i: standings[i].mean)
    assert found[best].rank_low == 1
    assert sum(place.p_last for place in found) == pytest.approx(1, abs=0.01)
