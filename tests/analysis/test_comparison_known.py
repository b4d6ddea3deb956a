"""The vectors of method.md §3 and §4, to the digits stated there."""

from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest
from scipy.stats import norm, studentized_range

from analysis.compare import agresti_caffo, change, cochran_armitage, newcombe
from analysis.errors import BadInput
from analysis.intervals import wilson
from analysis.ranks import Standing, benjamini_hochberg, chances_last, places, rank_sets, tiers
from analysis.rulefile import Rule
from analysis.suspicion import two_proportions
from analysis.worklist import between_variance, shrunk

Z = 1.959963984540054
X = ("92.1", "90.4", "88.0", "87.5", "83.2", "79.9", "71.0")
SE = (0.9, 1.8, 0.7, 2.5, 1.0, 3.0, 1.5)
SEVEN = [Standing(Fraction(x), se) for x, se in zip(X, SE, strict=True)]


def test_the_rank_sets_are_those_of_csranks():
    assert rank_sets(SEVEN, 0.05) == [(1, 3), (1, 4), (2, 5), (1, 6), (4, 6), (3, 7), (6, 7)]


@pytest.mark.parametrize(
    ("units", "critical"),
    [(5, 2.7277743708703763), (7, 2.9483200175296744), (40, 3.8876273068086244), (200, 4.593304318928203)],
)
def test_the_critical_values_are_tukeys(units, critical):
    # The library's quantile, as rank_sets calls it.
    assert studentized_range.isf(0.05, units, inf) / sqrt(2) == pytest.approx(critical, abs=1e-8)


def test_the_chance_of_being_last_is_the_known_answer():
    chances = chances_last(SEVEN)
    assert (round(chances[6], 6), round(chances[5], 6)) == (0.996017, 0.003983)
    assert sum(chances) == pytest.approx(1, abs=1e-9)


def test_adjusted_p_values_are_the_known_answer():
    p = (0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216)
    expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714, 0.216, 0.216, 0.216]
    assert benjamini_hochberg(p) == pytest.approx(expected, abs=5e-7)
    assert sum(value <= 0.05 for value in benjamini_hochberg(p)) == 2


def test_a_large_but_unsure_change_is_no_significant_one():
    found = change(63.0, 2.0, 67.85429164836773, 1.8432861890402354)
    assert (found.z, found.p) == pytest.approx((1.784750001857318, 0.07430187649184608), abs=1e-12)


def test_newcombes_interval_is_the_known_answer():
    before, now = 255 / 300, 540 / 600
    found = newcombe(before, wilson(before, 300, Z), now, wilson(now, 600, Z))
    assert found == pytest.approx((0.005260391830316284, 0.09971576020228576), abs=1e-12)


def test_the_score_test_of_two_rates_is_the_known_answer():
    [z] = two_proportions(*(np.array([number]) for number in (540, 600, 255, 300)))
    assert (z, 2 * norm.sf(z)) == pytest.approx((2.2026692946430586, 0.02761806595739042), abs=1e-12)


def test_agresti_and_caffos_test_of_two_rates_is_the_known_answer():
    found = agresti_caffo(255 / 300, 300, 540 / 600, 600)
    assert found.z == pytest.approx(2.1193866346209345, abs=1e-12)
    assert found.p == pytest.approx(0.0340, abs=1e-4)  # 2·(1 − 0.9830): Φ(2.12) of a printed table


def test_the_trend_test_is_the_known_answer():
    found = cochran_armitage((250, 262, 270), (300, 305, 300))
    assert (found.z, found.p) == pytest.approx((2.382577397104987, 0.017191917630039185), abs=1e-12)


def rule(op: str, value: str) -> Rule:
    """A rule on a share."""
    return Rule("r", "规则", "依据", "share", 10, ("level_1",), ("level_1",), op, Fraction(value))


@pytest.mark.parametrize(
    ("count", "over", "op", "value", "fires"),
    [
        (10, 30, ">=", "1/3", True),
        (10, 30, ">", "1/3", False),
        (134, 403, ">=", "1/3", False),
        (1, 3, ">", "1/3", False),
        (1, 5, ">=", "1/5", True),
    ],
)
def test_a_rule_is_exact_at_its_threshold(count, over, op, value, fires):
    assert rule(op, value).fires(count, over) is fires


def test_rules_agree_with_whole_numbers_around_every_threshold_up_to_a_thousand():
    for over in range(1, 1001):
        for count in range(max(over // 3 - 1, 0), over // 3 + 2):
            assert rule(">=", "1/3").fires(count, over) == (3 * count >= over)
            assert rule(">", "1/3").fires(count, over) == (3 * count > over)
        for count in range(max(over // 5 - 1, 0), over // 5 + 2):
            assert rule(">=", "1/5").fires(count, over) == (5 * count >= over)


def test_one_minus_satisfied_in_floats_fails_where_whole_numbers_do_not():
    wrong = [
        n for n in range(1, 1001) if n % 3 == 0 and (1 - (n - n // 3) / n > 1 / 3) != rule(">", "1/3").fires(n // 3, n)
    ]
    assert len(wrong) > 100


def test_a_class_of_one_says_no_place_and_of_two_no_tier():
    [alone] = places([Standing(Fraction(80), 1.0)], 0.05)
    assert (alone.tier, alone.rank_low, alone.rank_high, alone.p_last) == (None, None, None, None)
    better, worse = places([Standing(Fraction(90), 1.0), Standing(Fraction(60), 1.0)], 0.05)
    assert (better.tier, better.rank_low, better.rank_high, worse.rank_low, worse.rank_high) == (None, 1, 1, 2, 2)
    assert worse.p_last == pytest.approx(1)


def test_units_without_error_are_ordered_exactly_and_equal_ones_share_the_last_place():
    exact = [Standing(Fraction(s), 0.0) for s in ("80", "80", "90")]
    assert rank_sets(exact, 0.05) == [(2, 3), (2, 3), (1, 1)]
    assert chances_last(exact) == [0.5, 0.5, 0.0]
    assert tiers(exact, 0.05) == ["below", "below", "above"]
    assert tiers([Standing(Fraction(70), 0.0)] * 3, 0.05) == ["average"] * 3


def test_two_thousand_units_are_compared_and_more_are_refused():
    rng = np.random.default_rng(5)
    many = [Standing(Fraction(int(x)), 2.0) for x in rng.integers(60, 95, size=2_000)]
    assert sum(p.p_last for p in places(many, 0.05)) == pytest.approx(1, abs=1e-6)
    with pytest.raises(BadInput) as refused:
        places([*many, many[0]], 0.05)
    assert refused.value.code == "class_too_large"


def test_rank_sets_cover_the_true_ranks_in_all_but_few_districts():
    rng, misses = np.random.default_rng(20261121), 0
    truth = np.sort(rng.normal(80, 4, size=12))[::-1]
    for _ in range(200):
        drawn = [Standing(Fraction(float(x)), 2.0) for x in truth + 2.0 * rng.standard_normal(12)]
        sets = rank_sets(drawn, 0.05)
        misses += any(not low <= rank <= high for rank, (low, high) in enumerate(sets, 1))
    assert misses <= 10


def test_units_of_one_truth_get_a_false_tier_in_few_districts():
    rng = np.random.default_rng(7)
    false = sum(
        tier != "average"
        for _ in range(200)
        for tier in tiers([Standing(Fraction(float(x)), 2.0) for x in 80 + 2.0 * rng.standard_normal(20)], 0.05)
    )
    assert false <= 0.01 * 200 * 20


def test_small_units_are_drawn_in_as_paule_and_mandel_do():
    scores, errors = (92, 88, 85, 79, 95, 60), (1, 2, 1.5, 3, 6, 8)
    # The source's own iteration stops at 1e-5.
    assert between_variance(scores, errors) == pytest.approx(112.23623024096389, abs=1e-5)
    expected = [91.931346, 87.870122, 84.984786, 79.387944, 92.383443, 68.797600]
    assert shrunk(scores, errors) == pytest.approx(expected, abs=1e-6)


def test_scores_that_differ_by_chance_alone_are_drawn_together():
    assert shrunk((80, 81, 79), (5, 5, 5)) == pytest.approx([80, 80, 80])
