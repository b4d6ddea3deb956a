"""Tests against manipulation: rarely a false alarm, also where arrivals vary; clumsy fraud is found."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, poisson

from analysis import suspicion
from analysis.power import SIZES, _arrivals
from analysis.ranks import benjamini_hochberg

from .conftest import Folder, ballots, method_data, round_data, run, table, weighted

pytestmark = pytest.mark.usefixtures("figures_only")


def flagged(p: np.ndarray) -> np.ndarray:
    return np.array(benjamini_hochberg(list(p))) <= 0.05


def weeks_of(rng: np.random.Generator, n: int, shape: float) -> np.ndarray:
    rates = rng.gamma(shape, size=(200, 12))
    return np.array([rng.multinomial(n, row / row.sum()) for row in rates])


@pytest.mark.parametrize("shape", [1.5, 6.0])
def test_natural_ups_and_downs_accuse_hardly_any_unit_of_a_burst(shape):
    rng = np.random.default_rng(11)
    false = [flagged(suspicion.bursts(weeks_of(rng, n, shape)).p).mean() for n in (200, 1000)]
    assert max(false) <= 0.01


def test_a_poisson_test_would_accuse_nearly_everybody():
    weeks = weeks_of(np.random.default_rng(11), 1000, 1.5)
    p = poisson.sf(weeks - 1, weeks.sum(axis=1, keepdims=True) / 12).min(axis=1) * 12
    assert flagged(np.minimum(p, 1)).mean() > 0.9


def test_a_burst_of_as_many_ballots_as_a_unit_has_otherwise_is_found():
    weeks = _arrivals(np.random.default_rng(3), 300)
    weeks[4, 6] += 300
    found = suspicion.bursts(weeks)
    assert list(np.flatnonzero(flagged(found.p))) == [4]
    assert (found.week[4], found.observed[4]) == (6, weeks[4, 6])


def test_a_rush_at_the_end_is_found_and_units_that_differ_a_little_are_not():
    rng = np.random.default_rng(5)
    weeks = np.zeros((200, 12), dtype=np.int64)
    weeks[:, -1] = rng.binomial(300, 1 / (1 + np.exp(1.6 + 0.2 * rng.standard_normal(200))))
    weeks[:, 0] = 300 - weeks[:, -1]
    weeks[9, -1] += 120
    found = suspicion.rush(weeks)
    assert list(np.flatnonzero(flagged(found.p) & (found.ratio >= suspicion.TIMES))) == [9]


def test_codes_against_the_open_channel_is_the_test_of_mann_and_whitney():
    counted, opened = np.array([[3, 0, 4, 2, 9]]), np.array([[1, 1, 0, 5, 6]])
    effect, p = suspicion.against_open(counted, opened)
    samples = [np.repeat(np.arange(5), row[0]) for row in (opened, counted)]
    known = mannwhitneyu(*samples, use_continuity=False, method="asymptotic")
    assert p[0] == pytest.approx(known.pvalue, abs=1e-12)
    assert effect[0] == pytest.approx(known.statistic / (18 * 13) - 0.5, abs=1e-12)


def test_ballots_of_one_level_throughout_are_compared_with_the_other_units():
    same, of = np.array([17, 20, 15, 90]), np.array([100, 110, 95, 120])
    found = suspicion.straight(same, of)
    assert found.share[3] == pytest.approx(52 / 305)
    assert list(flagged(found.p)) == [False, False, False, True]


def test_nothing_at_all_accuses_nobody():
    nothing = np.zeros((4, 12), dtype=np.int64)
    assert list(suspicion.bursts(nothing).p) == [1] * 4
    assert list(suspicion.rush(nothing).p) == [1] * 4
    assert list(suspicion.straight(nothing[:, 0], nothing[:, 0]).p) == [1] * 4
    assert list(suspicion.against_open(nothing, nothing)[1]) == [1] * 4


def test_power_is_the_same_every_time_and_grows_with_what_is_added(folder: Folder):
    made = folder(ballots({("hall", "citizen", "5", "4"): 12}))
    assert run("compute", made).exit_code == 0
    rows = table(made, "power.csv")
    found = {(r["test"], int(r["n"]), int(r["added"])): float(r["detected_pct"]) for r in rows}
    for test in ("T1", "T4", "T5", "T6"):
        for n in SIZES:
            assert found[test, n, round(0.8 * n)] >= found[test, n, round(0.1 * n)]
    assert max(float(r["false_pct"]) for r in rows) <= 1


UPHELD = {"code": "upheld", "zh": "复核认定的周", "excluded": True, "by_review": True}


def burst_round(folder: Folder, *, name: str = "round", declared: bool = False, **facts: object) -> Path:
    """Six units with steady weeks; at the last, 60 all-worst ballots came in one week."""
    days = [f"2026-{m:02d}-{d:02d}" for m, d in ((4, 6), (4, 13), (4, 20), (4, 27), (5, 4), (5, 11), (5, 18), (5, 25))]
    units = [f"u{i}" for i in range(6)]
    answers = ("5,4", "4,4", "3,5")
    rows = [f"{u},citizen,web,{day},{answers[i % 3]}" for u in units for day in days for i in range(6)]
    rows += [f"u5,citizen,web,{days[4]},1,1"] * 60
    method = method_data(flag=[UPHELD]) if declared else method_data()
    return folder(rows, method, round_data(units, opens_on="2026-04-08", closes_on="2026-05-31", **facts), name)


def test_a_burst_leads_to_a_line_without_its_week_and_the_tier_awaits_review(folder: Folder):
    made = burst_round(folder)
    assert run("compute", made).exit_code == 0
    bursts = {r["unit"]: r for r in table(made, "integrity.csv") if r["test"] == "T1"}
    assert {u: r["verdict"] for u, r in bursts.items()} == {f"u{i}": "flagged" if i == 5 else "clear" for i in range(6)}
    assert (bursts["u5"]["detail"], bursts["u5"]["observed"], bursts["u5"]["of"]) == ("2026-05-04", "66", "108")
    [line] = [r for r in table(made, "sensitivity.csv") if r["scenario"] == "without_weeks"]
    # Without the week: (100+75)/2, (75+75)/2 and (50+100)/2 in equal parts.
    assert (line["unit"], line["score"], line["ballots_changed"], line["status"]) == ("u5", "79.17", "66", "ok")
    assert line["tier_changed"] == "yes"
    tiers = Counter(r["tier"] for r in table(made, "scores.csv"))
    assert {r["unit"]: r["tier"] for r in table(made, "scores.csv")}["u5"] == "review"
    assert tiers["review"] == 1


def test_a_few_ballots_by_week_are_not_named(folder: Folder):
    made = burst_round(folder)
    assert run("compute", made).exit_code == 0
    rows = [r for r in table(made, "integrity.csv") if r["test"] == "T1" and r["unit"] != "u5"]
    assert [(r["observed"], r["of"], r["p"]) for r in rows] == [("", "", "")] * 5


def week(unit: str = "u5", test: str = "T1", on: str = "2026-05-04") -> list[dict[str, object]]:
    return [{"unit": unit, "test": test, "on": on}]


def test_a_burst_that_two_people_upheld_is_left_out_and_what_it_said_is_published(folder: Folder):
    made = burst_round(folder, declared=True, upheld=week())
    assert run("compute", made).exit_code == 0
    scores = {r["unit"]: r for r in table(made, "scores.csv")}
    # Without the week: (100+75)/2, (75+75)/2 and (50+100)/2 in equal parts, as the line without it said.
    assert (scores["u5"]["score"], scores["u5"]["n"], scores["u5"]["status"]) == ("79.17", "42", "ok")
    [unit] = [one for one in json.loads((made / "release/release.json").read_bytes())["units"] if one["slug"] == "u5"]
    # 60 planted ballots of 1 and 1; of the week's six honest ones two each of 5,4, 4,4 and 3,5.
    assert unit["not_counted"]["flags"] == {"upheld": 66}
    assert unit["not_counted"]["answers"] == {"5": 4, "4": 6, "3": 2, "2": 0, "1": 120, "0": 0}


def test_the_tier_of_a_unit_whose_burst_was_left_out_stays_under_review_where_it_would_be_another(folder: Folder):
    made = burst_round(folder, declared=True, upheld=week())
    assert run("compute", made).exit_code == 0
    [line] = [r for r in table(made, "sensitivity.csv") if r["scenario"] == "with_flag:upheld"]
    assert (line["unit"], line["ballots_changed"], line["tier_changed"]) == ("u5", "66", "yes")
    assert {r["unit"]: r["tier"] for r in table(made, "scores.csv")}["u5"] == "review"


def test_a_burst_stays_in_the_list_of_tests_when_it_is_left_out(folder: Folder):
    before, after = burst_round(folder), burst_round(folder, name="after", declared=True, upheld=week())
    for made in (before, after):
        assert run("compute", made).exit_code == 0
    found = [[r for r in table(made, "integrity.csv") if r["test"] == "T1"] for made in (before, after)]
    assert found[0] == found[1]
    assert not [r for r in table(after, "integrity.csv") if r["test"] == "T3"]


def test_a_rush_at_the_end_leaves_out_the_last_two_weeks(folder: Folder):
    made = burst_round(folder, declared=True, upheld=week(test="T4", on="2026-05-18"))
    assert run("compute", made).exit_code == 0
    # Six ballots in each of the last two weeks: twelve of 108.
    assert {r["unit"]: r["n"] for r in table(made, "scores.csv")}["u5"] == "96"


def test_a_week_of_six_ballots_is_not_left_out_for_its_number_would_show_them(folder: Folder):
    made = burst_round(folder, declared=True, upheld=week(unit="u0"))
    assert run("compute", made).exit_code == 0
    row = {r["unit"]: r for r in table(made, "scores.csv")}["u0"]
    assert (row["n"], row["status"]) == ("48", "ok")
    assert not [r for r in table(made, "sensitivity.csv") if r["scenario"] == "with_flag:upheld" and r["unit"] == "u0"]


def test_where_many_of_one_group_came_the_few_of_another_in_that_week_stay_and_the_unit_has_a_score(folder: Folder):
    """Of the citizens twelve came in the burst and twelve later; of the enterprises three, and twelve later."""
    rows = ["hall,citizen,web,2026-05-04,1,1"] * 12 + ["hall,citizen,web,2026-05-11,5,5"] * 12
    rows += ["hall,enterprise,web,2026-05-04,3,3"] * 3 + ["hall,enterprise,web,2026-05-11,5,5"] * 12
    method = method_data(flag=[UPHELD], group=weighted(citizen="1/2", enterprise="1/2"))
    made = folder(rows, method, round_data(upheld=week(unit="hall")))
    assert run("compute", made).exit_code == 0
    [row] = table(made, "scores.csv")
    assert (row["n"], row["status"], row["score"] != "") == ("27", "ok", True)
    cells = {(r["group"], r["dimension"]): r["n"] for r in table(made, "counts.csv")}
    assert {cells["citizen", d] for d in ("attitude", "openness")} == {"12"}
    assert {cells["enterprise", d] for d in ("attitude", "openness")} == {"15"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (week(unit="nobody"), "不是 round.toml 里的单位"),
        (week(test="T6"), "T1, T4"),
        (week(on="2026-05-05"), "不是这一轮某一周的星期一"),
        (week(on="2026-06-01"), "不是这一轮某一周的星期一"),
    ],
)
def test_a_week_that_cannot_be_left_out_is_refused_by_name(folder: Folder, wrong: object, said: str):
    result = run("compute", burst_round(folder, declared=True, upheld=wrong))
    assert result.exit_code == 2
    assert said in result.output


def test_nothing_is_left_out_by_review_where_the_method_did_not_say_so_beforehand(folder: Folder):
    result = run("compute", burst_round(folder, upheld=week()))
    assert result.exit_code == 2
    assert "开始前没有写明" in result.output


def test_a_ballot_cannot_bring_the_flag_of_a_review_along(folder: Folder):
    rows = [f"{row},upheld" for row in ballots({("hall", "citizen", "5", "4"): 12})]
    result = run("compute", folder(rows, method_data(flag=[UPHELD]), flags=True))
    assert result.exit_code == 2
    assert "由票带来的标记" in result.output


def test_what_fewer_than_ten_of_those_left_out_say_is_not_told(folder: Folder):
    """Eleven of the hall are left out, of whom nine rated its openness."""
    rows = [f"hall,citizen,web,2026-05-04,2,{level}" for level in [3] * 9 + ["", ""]]
    rows += ["hall,citizen,web,2026-05-11,4,4"] * 12
    facts = round_data(upheld=week(unit="hall"))
    made = folder(rows, method_data(flag=[UPHELD]), facts)
    assert run("compute", made).exit_code == 0
    [unit] = json.loads((made / "release/release.json").read_bytes())["units"]
    assert unit["not_counted"]["flags"] == {"upheld": 11}
    assert unit["not_counted"]["answers"] == {"5": 0, "4": 0, "3": 0, "2": 11, "1": 0, "0": 0}
