"""The vectors of method.md §3, §4, §6: rank sets, tiers, the last place, change, trend, rules, linear programs."""

from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import studentized_range

from analysis.compare import change, cochran_armitage, newcombe, two_proportions
from analysis.errors import BadInput
from analysis.intervals import wilson
from analysis.privacy import feasible_ranges
from analysis.ranks import (
    ABOVE,
    AVERAGE,
    BELOW,
    MAX_UNITS,
    Place,
    Standing,
    benjamini_hochberg,
    chances_last,
    places,
    rank_sets,
    tiers,
)
from analysis.rulefile import Rule

ALPHA, Z = 0.05, 1.959963984540054
SEVEN = [
    Standing(Fraction(x), se)
    for x, se in zip(
        ("92.1", "90.4", "88.0", "87.5", "83.2", "79.9", "71.0"), (0.9, 1.8, 0.7, 2.5, 1.0, 3.0, 1.5), strict=True
    )
]


def test_rank_sets_are_those_of_csranks_in_r():
    assert rank_sets(SEVEN, ALPHA) == [(1, 3), (1, 4), (2, 5), (1, 6), (4, 6), (3, 7), (6, 7)]


def test_rank_sets_do_not_depend_on_the_order_of_the_units():
    backwards = rank_sets(SEVEN[::-1], ALPHA)
    assert backwards[::-1] == rank_sets(SEVEN, ALPHA)


@pytest.mark.parametrize(
    ("units", "critical"),
    [(5, 2.7277743708703763), (7, 2.9483200175296744), (40, 3.8876273068086244), (200, 4.593304318928203)],
)
def test_critical_values_are_tukeys(units, critical):
    assert float(studentized_range.isf(ALPHA, units, inf)) / sqrt(2) == pytest.approx(critical, abs=1e-8)


def test_two_units_are_told_apart_just_beyond_the_critical_value():
    """p = 2: the studentized range over √2 is the two-sided normal quantile."""
    near = [Standing(Fraction(50), 1.0), Standing(Fraction(50) + Fraction(Z * sqrt(2) - 1e-4), 1.0)]
    far = [Standing(Fraction(50), 1.0), Standing(Fraction(50) + Fraction(Z * sqrt(2) + 1e-4), 1.0)]
    assert rank_sets(near, ALPHA) == [(1, 2), (1, 2)]
    assert rank_sets(far, ALPHA) == [(2, 2), (1, 1)]


def test_the_chance_of_being_last_is_the_stated_integral():
    chances = chances_last(SEVEN)
    assert chances[6] == pytest.approx(0.996017, abs=5e-7)
    assert chances[5] == pytest.approx(0.003983, abs=5e-7)
    assert sum(chances) == pytest.approx(1, abs=1e-9)


def test_units_without_sampling_error_are_ranked_exactly_and_share_the_last_place():
    panel = [Standing(Fraction(2, 3), 0.0), Standing(Fraction(1, 3), 0.0), Standing(Fraction(1, 3), 0.0)]
    assert rank_sets(panel, ALPHA) == [(1, 1), (2, 3), (2, 3)]
    assert chances_last(panel) == [0.0, 0.5, 0.5]


def test_a_class_of_one_unit_is_compared_with_nobody_and_one_of_two_has_no_tiers():
    assert places(SEVEN[:1], ALPHA) == [Place(None, None, None, None)]
    assert [place.tier for place in places(SEVEN[:2], ALPHA)] == [None, None]


def test_two_thousand_units_are_compared_and_more_are_refused():
    many = [Standing(Fraction(i % 100), 3.0) for i in range(MAX_UNITS)]
    sets = rank_sets(many, ALPHA)
    assert (min(low for low, _ in sets), max(high for _, high in sets)) == (1, MAX_UNITS)
    with pytest.raises(BadInput):
        places([*many, many[0]], ALPHA)


def test_benjamini_hochberg_adjusts_the_ten_p_values_of_the_example():
    p = (0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216)
    adjusted = benjamini_hochberg(p)
    expected = (0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714, 0.216, 0.216, 0.216)
    assert adjusted == pytest.approx(expected, abs=5e-7)
    assert sum(value <= ALPHA for value in adjusted) == 2
    assert benjamini_hochberg(p[::-1]) == adjusted[::-1]


def test_a_unit_is_held_against_the_mean_of_the_others():
    """Nine units at 80 (se 1) and one at 70: 10 below the others' mean, error √(1 + 9/81) = 1.054, z = -9.5."""
    nine = [Standing(Fraction(80), 1.0)] * 9
    assert tiers([*nine, Standing(Fraction(70), 1.0)], ALPHA) == [AVERAGE] * 9 + [BELOW]
    assert tiers([*nine, Standing(Fraction(90), 1.0)], ALPHA) == [AVERAGE] * 9 + [ABOVE]
    assert tiers(nine, ALPHA) == [AVERAGE] * 9


def test_a_change_of_nearly_five_points_is_no_significant_one():
    tested = change(63.0, 2.0, 67.85429164836773, 1.8432861890402354)
    assert tested.z == pytest.approx(1.784750001857318, abs=1e-12)
    assert tested.p == pytest.approx(0.07430187649184608, abs=1e-12)


def test_rates_of_two_rounds_are_compared_as_in_the_example():
    """540 of 600 now, 255 of 300 before."""
    before, now = wilson(255 / 300, 300, Z), wilson(540 / 600, 600, Z)
    bounds = newcombe(255 / 300, before, 540 / 600, now)
    assert bounds == pytest.approx((0.005260391830316284, 0.09971576020228576), abs=1e-12)
    tested = two_proportions(540, 600, 255, 300)
    assert tested.z == pytest.approx(2.2026692946430586, abs=1e-12)
    assert tested.p == pytest.approx(0.02761806595739042, abs=1e-12)


def test_the_trend_of_three_years_is_cochran_and_armitages():
    tested = cochran_armitage([250, 262, 270], [300, 305, 300])
    assert tested.z == pytest.approx(2.382577397104987, abs=1e-12)
    assert tested.p == pytest.approx(0.017191917630039185, abs=1e-12)


def test_a_rate_that_never_moves_has_no_trend():
    assert cochran_armitage([300, 300, 300], [300, 300, 300]).p == 1


def rule(op: str, value: str) -> Rule:
    return Rule("r", "规则", "依据", "share", 10, ("level_1",), ("answered",), op, Fraction(value))


@pytest.mark.parametrize(
    ("count", "over", "op", "value", "fires"),
    [
        (10, 30, ">=", "1/3", True),
        (10, 30, ">", "1/3", False),
        (134, 403, ">=", "1/3", False),
        (1, 3, ">", "1/3", False),
        (1, 5, ">=", "1/5", True),
        (135, 403, ">", "1/3", True),
    ],
)
def test_rules_are_exact_at_their_threshold(count, over, op, value, fires):
    assert rule(op, value).fires(count, over) is fires


@given(st.integers(1, 1000), st.data(), st.sampled_from(["1/3", "1/5", "2/3", "9/10"]))
def test_rules_agree_with_whole_numbers(over, data, value):
    count = data.draw(st.integers(0, over))
    share = Fraction(value)
    left, right = count * share.denominator, share.numerator * over
    assert rule(">=", value).fires(count, over) is (left >= right)
    assert rule(">", value).fires(count, over) is (left > right)


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
