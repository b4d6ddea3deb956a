"""The year's sum: exact, each weight declared, what is missing said and never 0."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import yearend as rules
from survey_app.domain.yearend import COMPONENTS, Part, Plan

WEIGHTS = {f"weight-{name}": str(weight) for name, weight in rules.DEFAULTS.items()}


def plan(missing=rules.OTHERS, **weights):
    full = {name: Fraction(weights.get(name, 0), 100) for name in COMPONENTS}
    return Plan(full, dict.fromkeys(COMPONENTS, missing), {})


def parts(**values):
    return {name: Part(None if values.get(name) is None else Fraction(values[name]), "") for name in COMPONENTS}


def test_a_sum_by_hand():
    found = rules.summed(plan(rounds=60, cases=40), parts(rounds="81.5", cases="200/3"))
    assert found.total == Fraction(60, 100) * Fraction("81.5") + Fraction(40, 100) * Fraction(200, 3)  # 48.9 + 26.666…
    assert rules.shown(found.total) == "75.57"
    assert found.share == 1


def test_what_is_missing_leaves_the_sum_over_the_others_with_their_share():
    found = rules.summed(plan(rounds=60, assessed=20, cases=20), parts(rounds=80, cases=90))
    assert (found.total, found.share, found.missing) == (Fraction(66, 1) * 100 / 80, Fraction(80, 100), ("assessed",))
    assert rules.shown(found.total) == "82.50"  # (48 + 18) / 0.8


@given(st.lists(st.one_of(st.none(), st.fractions(0, 100, max_denominator=997)), min_size=7, max_size=7))
def test_a_sum_lies_between_its_bounds_and_they_meet_where_nothing_is_missing(values):
    told = dict(zip(COMPONENTS, values, strict=True))
    made = plan(**dict(zip(COMPONENTS, (40, 15, 15, 10, 10, 5, 5), strict=True)))
    found, (low, high) = rules.summed(made, parts(**told)), rules.bounds(made, told)
    assert high - low == 100 * (1 - found.share)
    assert found.total is None or (low <= found.total <= high and low == found.total * found.share)
    assert (low == high) == (not found.missing)


def test_or_there_is_no_sum_where_the_plan_says_so():
    found = rules.summed(plan(rules.NO_SUM, rounds=60, cases=40), parts(rounds=80))
    assert (found.total, found.missing) == (None, ("cases",))


def test_nothing_at_all_is_no_zero():
    assert rules.summed(plan(rounds=100), parts()).total is None


def test_a_component_of_weight_nothing_enters_nothing():
    assert rules.summed(plan(rounds=100), parts(rounds=80, inspected=0)).total == 80


@pytest.mark.parametrize(
    ("value", "said"),
    [("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("2/3", "0.67"), ("100", "100.00"), ("89.995", "90.00")],
)
def test_a_half_goes_to_the_even_neighbour(value, said):
    assert rules.shown(Fraction(value)) == said


@given(st.fractions(0, 100, max_denominator=10**9))
def test_rounding_agrees_with_decimals(value):
    digits = Decimal(value.numerator * 10**12) / Decimal(value.denominator)
    nearest = (Decimal(rules.shown(value)) - digits / 10**12).copy_abs()
    assert nearest <= Decimal("0.005000001")


@given(st.lists(st.integers(0, 100), min_size=7, max_size=7), st.randoms())
def test_the_order_of_components_changes_nothing_and_the_parts_make_the_sum(values, random):
    given_ = parts(**dict(zip(COMPONENTS, values, strict=True)))
    weights = dict(zip(COMPONENTS, (40, 15, 15, 10, 10, 5, 5), strict=True))
    found = rules.summed(plan(**weights), given_)
    names = list(COMPONENTS)
    random.shuffle(names)
    shuffled = Plan({name: Fraction(weights[name], 100) for name in names}, dict.fromkeys(COMPONENTS, rules.OTHERS), {})
    assert rules.summed(shuffled, given_) == found
    assert found.total == sum(
        Fraction(weights[name] * value, 100) for name, value in zip(COMPONENTS, values, strict=True)
    )
    assert 0 <= found.total <= 100


def test_the_usual_weights_make_one():
    assert sum(rules.typed_plan(WEIGHTS).weights.values()) == 1


@pytest.mark.parametrize(("typed", "off"), [("39.99", "0.01"), ("40.01", "0.01"), ("50", "10.00")])
def test_weights_that_do_not_sum_say_by_how_much(typed, off):
    with pytest.raises(rules.WeightsDoNotSum) as refused:
        rules.typed_plan({**WEIGHTS, "weight-rounds": typed})
    assert f"差{off}" in refused.value.text()


@pytest.mark.parametrize("typed", ["-1", "40.001", "四十", "1e2", "101", "40.", "４０", "nan"])
def test_a_weight_that_is_none_is_refused(typed):
    with pytest.raises(rules.WeightWrong):
        rules.typed_plan({**WEIGHTS, "weight-rounds": typed})


def test_points_are_never_below_nothing():
    assert [rules.after_points(taken) for taken in (0, 30, 100, 130)] == [100, 70, 0, 0]


def test_a_plan_is_the_same_after_it_was_kept():
    made = rules.typed_plan({**WEIGHTS, "missing-rounds": "others", "points-named": "10"})
    assert rules.plan_from(made.as_data()) == made
