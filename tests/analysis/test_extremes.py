"""Rounds at the edge: nobody knows, nobody differs, nobody came; no crash, and no figure outside its bounds."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from analysis.errors import BadInput
from analysis.read import open_snapshot
from analysis.release import build_data

from .conftest import Folder, ballots, method_data, round_data, weighted, write_folder
from .test_properties import FACTS, METHOD, ROWS


def model_of(made: Path) -> dict:
    return build_data(open_snapshot(made))[1]


def test_a_round_in_which_nobody_knows_anything_has_no_score_and_no_place(folder: Folder):
    units = ("a", "b", "c")
    rows = ballots({(u, "citizen", "0", "0"): 20 for u in units})
    scores = model_of(folder(rows, facts=round_data(units)))["scores"]
    assert [(r["status"], r["score"], r["tier"], r["p_last"]) for r in scores] == [
        ("insufficient_n",) + (None,) * 3
    ] * 3


def test_units_that_are_all_unanimous_and_alike_are_all_average(folder: Folder):
    units = ("a", "b", "c", "d")
    scores = model_of(folder(ballots({(u, "citizen", "5", "5"): 20 for u in units}), facts=round_data(units)))["scores"]
    assert {(r["score"], r["tier"], r["rank_low"], r["rank_high"]) for r in scores} == {(100.0, "average", 1, 4)}
    assert [r["p_last"] for r in scores] == ["0.25"] * 4


def test_the_only_unit_of_its_class_has_a_score_and_no_place(folder: Folder):
    classes = [{"code": code, "zh": code} for code in ("window", "alone")]
    units = [{"slug": s, "zh": s, "class": c} for s, c in (("a", "window"), ("b", "window"), ("c", "alone"))]
    rows = ballots({(u, "citizen", "5", "3"): 20 for u in ("a", "b", "c")})
    scores = model_of(folder(rows, method_data(**{"class": classes}), round_data(units)))["scores"]
    [alone] = [row for row in scores if row["unit"] == "c"]
    assert (alone["status"], alone["score"]) == ("ok", 75.0)
    assert (alone["tier"], alone["rank_low"], alone["rank_high"], alone["p_last"]) == (None,) * 4


def test_a_unanimous_unit_is_not_certain_beside_units_that_differ(folder: Folder):
    """Twenty answers without any variance are still only twenty: the interval has a width and holds the score."""
    counts = {("a", "citizen", "5", "5"): 20, ("b", "citizen", "1", "1"): 20}
    rows = ballots(counts | {("c", "citizen", "5", "5"): 10, ("c", "citizen", "3", "3"): 10})
    scores = {row["unit"]: row for row in model_of(folder(rows, facts=round_data(["a", "b", "c"])))["scores"]}
    assert (scores["a"]["score"], scores["a"]["high"], scores["b"]["score"], scores["b"]["low"]) == (100, 100, 0, 0)
    assert 80 < scores["a"]["low"] < 100
    assert 0 < scores["b"]["high"] < 20
    assert [scores[u]["tier"] for u in "abc"] == ["above", "below", "above"]


def test_a_panel_whose_ballots_came_twice_is_refused(folder: Folder):
    """Ballots name nobody, so equal ones are no mistake by themselves; more of them than people are."""
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"citizen": 20}}
    rows = ballots({("hall", "citizen", "5", "3"): 12, ("hall", "citizen", "4", "4"): 6})
    assert model_of(folder(rows, facts=round_data([unit]), name="once"))["scores"][0]["n"] == 18
    with pytest.raises(BadInput) as refused:
        model_of(folder(rows * 2, facts=round_data([unit]), name="twice"))
    assert (refused.value.code, refused.value.values["value"], refused.value.values["other"]) == ("panel_small", 20, 36)


def test_whole_panels_are_compared_without_error(folder: Folder):
    units = [{"slug": s, "zh": s, "class": "window", "panel": {"citizen": 12}} for s in ("a", "b", "c")]
    rows = ballots({("a", "citizen", "5", "5"): 12, ("b", "citizen", "4", "4"): 12, ("c", "citizen", "4", "4"): 12})
    scores = model_of(folder(rows, facts=round_data(units)))["scores"]
    found = [(r["status"], r["low"], r["tier"], r["rank_low"], r["rank_high"], r["p_last"]) for r in scores]
    assert found == [
        ("census", None, "above", 1, 1, "<0.01"),
        ("census", None, "below", 2, 3, "0.50"),
        ("census", None, "below", 2, 3, "0.50"),
    ]


def test_a_group_that_nobody_of_any_unit_belongs_to_changes_nothing_but_the_weight(folder: Folder):
    method = method_data(group=weighted(citizen="8/10", deputy="2/10"))
    [row] = model_of(folder(ballots({("hall", "citizen", "5", "3"): 20}), method))["scores"]
    assert (row["status"], row["score"], row["bound_low"], row["bound_high"]) == ("renormalised", 75.0, 60.0, 80.0)


def test_below_the_least_weight_there_are_bounds_and_no_score(folder: Folder):
    method = method_data(group=weighted(citizen="4/10", deputy="6/10"))
    [row] = model_of(folder(ballots({("hall", "citizen", "5", "3"): 20}), method))["scores"]
    assert (row["status"], row["score"], row["bound_low"], row["bound_high"]) == (
        "insufficient_weight",
        None,
        30.0,
        90.0,
    )


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_no_figure_of_any_round_is_outside_its_bounds(rows):
    with TemporaryDirectory() as name:
        model = model_of(write_folder(Path(name), rows, METHOD, FACTS))
    for row in model["scores"]:
        for low, value, high in (("low", "score", "high"), *((f"{n}_low", f"{n}_pct", f"{n}_high") for n in RATES)):
            if row[low] is not None:
                assert 0 <= row[low] <= row[value] <= row[high] <= 100
        if row["rank_low"] is not None:
            assert 1 <= row["rank_low"] <= row["rank_high"] <= 2
    shares = ("satisfied_pct", "aware_pct", "share_pct", "response_pct", "unrated_pct", "favourable_pct")
    whole = json.loads(json.dumps(model))
    tables = [whole[name] for name in ("scores", "dimensions", "groups", "composition", "rules", "everyday")]
    found = [row[key] for table in tables for row in table for key in shares if row.get(key) is not None]
    assert all(0 <= share <= 100 for share in found)


RATES = ("satisfied", "top2", "top3")


@pytest.mark.parametrize("swap", [("5", "4"), ("2", "1")])
def test_swapping_levels_that_are_equally_often_given_changes_no_score(swap, folder: Folder):
    one, two = swap
    counts = {("hall", "citizen", one, "3"): 15, ("hall", "citizen", two, "3"): 15}
    turned = {("hall", "citizen", two, "3"): 15, ("hall", "citizen", one, "3"): 15}
    first, second = (model_of(folder(ballots(c), name=n))["scores"] for c, n in ((counts, "one"), (turned, "two")))
    assert first == second
