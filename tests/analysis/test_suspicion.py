"""Tests against manipulation: rarely a false alarm, also where arrivals vary; clumsy fraud is found."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, poisson

from analysis import suspicion
from analysis.power import SIZES, _arrivals
from analysis.ranks import benjamini_hochberg

from .conftest import Folder, ballots, method_data, round_data, run, table

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


def burst_round(folder: Folder) -> object:
    """Six units with steady weeks; at the last, 60 all-worst ballots came in one week."""
    days = [f"2026-{m:02d}-{d:02d}" for m, d in ((4, 6), (4, 13), (4, 20), (4, 27), (5, 4), (5, 11), (5, 18), (5, 25))]
    units = [f"u{i}" for i in range(6)]
    answers = ("5,4", "4,4", "3,5")
    rows = [f"{u},citizen,web,{day},{answers[i % 3]}" for u in units for day in days for i in range(6)]
    rows += [f"u5,citizen,web,{days[4]},1,1"] * 60
    return folder(rows, method_data(), round_data(units, opens_on="2026-04-08", closes_on="2026-05-31"))


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
