"""Tables small enough to check by hand."""

from fractions import Fraction

import pytest

from .conftest import Folder, ballots, method_data, only, results_of, round_data, weighted

ONE = {"dimension": weighted(attitude="1")}


def test_two_thirds_best_and_one_third_worst_score_two_thirds(folder: Folder):
    rows = ballots({("hall", "citizen", "5"): 8, ("hall", "citizen", "1"): 4})
    result = only(folder(rows, method_data(**ONE)))
    assert (result.score.mean, result.satisfied.mean, result.status) == (Fraction(200, 3), Fraction(2, 3), "ok")


def test_one_group_and_one_dimension_get_plain_wilson_for_the_satisfied_share(folder: Folder):
    rows = ballots({("hall", "citizen", "5"): 27, ("hall", "citizen", "1"): 3})
    low, high = only(folder(rows, method_data(**ONE))).satisfied.interval
    assert (low, high) == pytest.approx((0.743789174208, 0.965400111253), abs=1e-12)


def test_dont_know_and_blank_leave_the_denominator(folder: Folder):
    rows = ballots(
        {("hall", "citizen", "5", "5"): 10, ("hall", "citizen", "0", "5"): 3, ("hall", "citizen", "", "5"): 2}
    )
    cell = only(folder(rows)).released.cells[0, 0]
    assert (cell.n, cell.answered, cell.dont_know, cell.blank) == (15, 10, 3, 2)


def test_nine_answers_are_withheld_and_ten_are_released(folder: Folder):
    rows = ballots({("a", "citizen", "5"): 9, ("b", "citizen", "5"): 10})
    found = results_of(folder(rows, method_data(**ONE), round_data(["a", "b"])))
    assert (found["a"].status, found["a"].released.n, found["a"].released.withheld) == ("insufficient_n", 0, 9)
    assert (found["b"].status, found["b"].released.n, found["b"].released.withheld) == ("ok", 10, 0)


def test_the_threshold_is_on_answers_not_on_ballots(folder: Folder):
    rows = ballots({("hall", "citizen", "5", "5"): 9, ("hall", "citizen", "0", "5"): 6})
    result = only(folder(rows))
    assert list(result.released.cells) == [(0, 1)]
    assert (result.counted_weight, result.status) == (Fraction(1, 2), "insufficient_weight")


def test_a_dimension_without_answers_leaves_its_weight_to_the_others(folder: Folder):
    method = method_data(dimension=weighted(attitude="3/4", openness="1/4"))
    rows = ballots({("hall", "citizen", "5", "0"): 6, ("hall", "citizen", "1", ""): 6})
    result = only(folder(rows, method))
    assert (result.score.mean, result.counted_weight, result.status) == (Fraction(50), Fraction(3, 4), "renormalised")
    assert result.bounds == (Fraction(75, 2), Fraction(125, 2))


def test_below_the_least_weight_there_is_no_score(folder: Folder):
    method = method_data(group=weighted(citizen="6/10", deputy="4/10"), **ONE)
    rows = ballots({("hall", "citizen", "5"): 20, ("hall", "deputy", "5"): 9})
    result = only(folder(rows, method))
    assert (result.score, result.status, result.counted_weight) == (None, "insufficient_weight", Fraction(6, 10))


def test_exactly_the_least_weight_gives_a_score(folder: Folder):
    method = method_data(group=weighted(citizen="7/10", deputy="3/10"), **ONE)
    rows = ballots({("hall", "citizen", "5"): 20, ("hall", "deputy", "1"): 9})
    result = only(folder(rows, method))
    assert (result.score.mean, result.status) == (Fraction(100), "renormalised")


def test_a_class_with_its_own_weights_does_not_need_the_other_groups(folder: Folder):
    classes = [
        {"code": "window", "zh": "窗口"},
        {"code": "village", "zh": "村社区", "weights": {"citizen": "1"}},
    ]
    method = method_data(**ONE, **{"class": classes}, group=weighted(citizen="1/2", enterprise="1/2"))
    units = [{"slug": "shiqiao", "zh": "石桥村", "class": "village"}]
    rows = ballots({("shiqiao", "citizen", "4"): 10, ("shiqiao", "enterprise", "1"): 10})
    result = only(folder(rows, method, round_data(units)))
    assert (result.score.mean, result.status, result.counted_weight) == (Fraction(75), "ok", Fraction(1))


def test_a_whole_panel_is_a_census_without_an_interval(folder: Folder):
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"citizen": 12}}
    rows = ballots({("hall", "citizen", "5"): 8, ("hall", "citizen", "1"): 4})
    result = only(folder(rows, method_data(**ONE), round_data([unit])))
    assert (result.status, result.score.interval, result.satisfied.interval) == ("census", None, None)
    assert result.groups[0].variance == 0


def test_a_unit_without_ballots_is_no_error(folder: Folder):
    rows = ballots({("a", "citizen", "5"): 10})
    found = results_of(folder(rows, method_data(**ONE), round_data(["a", "b"])))
    assert (found["b"].status, found["b"].score) == ("no_ballots", None)


def test_a_dimension_of_weight_zero_is_counted_and_shown_but_never_scored(folder: Folder):
    method = method_data(dimension=weighted(attitude="1", overall="0"))
    result = only(folder(ballots({("hall", "citizen", "5", "1"): 10}), method))
    assert result.score.mean == 100
    assert result.released.cells[0, 1].levels == (10, 0, 0, 0, 0)
    assert result.counted_weight == 1


def test_small_groups_are_pooled_into_one_remainder_that_scores_nothing(folder: Folder):
    method = method_data(group=weighted(citizen="8/10", enterprise="1/10", deputy="1/10"), **ONE)
    rows = ballots({("hall", "citizen", "5"): 10, ("hall", "enterprise", "1"): 6, ("hall", "deputy", "1"): 4})
    result = only(folder(rows, method))
    assert result.released.rest[0].levels == (10, 0, 0, 0, 0)
    assert (result.score.mean, result.released.withheld) == (Fraction(100), 10)


def test_a_remainder_below_the_threshold_is_not_shown(folder: Folder):
    method = method_data(group=weighted(citizen="8/10", enterprise="1/10", deputy="1/10"), **ONE)
    rows = ballots({("hall", "citizen", "5"): 10, ("hall", "enterprise", "1"): 6, ("hall", "deputy", "1"): 3})
    assert only(folder(rows, method)).released.rest == {}


def test_open_ballots_and_excluded_ones_never_enter(folder: Folder):
    method = method_data(
        **ONE,
        flag=[{"code": "check", "zh": "检查票", "excluded": True}, {"code": "late", "zh": "迟到", "excluded": False}],
    )
    rows = [
        *["hall,citizen,web,2026-05-04,5,"] * 10,
        *["hall,citizen,web,2026-05-04,5,late"] * 2,
        *["hall,citizen,web,2026-05-04,1,check"] * 30,
        *["hall,citizen,web,2026-05-04,1,late|check"] * 5,
        *["hall,citizen,open,2026-05-04,1,"] * 40,
    ]
    result = only(folder(rows, method, flags=True))
    assert (result.score.mean, result.released.n) == (Fraction(100), 12)


def test_a_map_that_does_not_span_zero_to_a_hundred_keeps_its_interval_inside(folder: Folder):
    scale = {"5": 100, "4": 90, "3": 75, "2": 65, "1": 55}
    rows = ballots({("hall", "citizen", "5"): 10})
    low, high = only(folder(rows, method_data(scale=scale, **ONE))).score.interval
    # The same ten best answers reach down to 74.1167 on 0..100 (method.md §1.6).
    assert (low, high) == pytest.approx((55 + 45 * 0.7411670330319686, 100), abs=1e-9)


def test_exact_points_may_be_fractions(folder: Folder):
    scale = {"5": "100", "4": "200/3", "3": "100/3", "2": "1/2", "1": 0}
    rows = ballots({("hall", "citizen", "4"): 10})
    assert only(folder(rows, method_data(scale=scale, **ONE))).score.mean == Fraction(200, 3)


def test_the_share_of_people_who_did_not_rate_counts_withheld_ballots_as_rated(folder: Folder):
    method = method_data(group=weighted(citizen="8/10", deputy="2/10"), **ONE)
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "codes_issued": {"citizen": 30, "deputy": 10}}
    rows = ballots({("hall", "citizen", "5"): 15, ("hall", "deputy", "5"): 5})
    assert only(folder(rows, method, round_data([unit]))).unrated == Fraction(1, 2)
