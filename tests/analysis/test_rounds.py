"""Rounds beside one another: change, trend, rules over years, parents, versions of one round."""

import json
from pathlib import Path

import pytest

from .conftest import Folder, ballots, method_data, round_data, run, table

pytestmark = pytest.mark.usefixtures("figures_only")

LAST = {"id": "last", "basis": "示例办法第9条", "kind": "last", "min_units": 3}
BAD = {
    "id": "third-bad",
    "basis": "示例办法第8条",
    "dimension": "attitude",
    "left": {"count": ["level_1", "level_2"]},
    "over": {"count": [f"level_{i}" for i in range(1, 6)]},
    "op": ">=",
    "value": "1/3",
}


def year_round(folder: Folder, year: int, good: dict[str, int], **method: object) -> Path:
    """60 ballots for each unit, `good` of them 5,5 and the others 2,2; ended in June of a year."""
    rows = []
    for unit, number in good.items():
        lines = ballots({(unit, "citizen", "5", "5"): number, (unit, "citizen", "2", "2"): 60 - number})
        rows += [line.replace("2026-05-04", f"{year}-05-05") for line in lines]
    units = [{"slug": u, "zh": f"单位{u}", "class": "window", "parent": "bureau"} for u in good]
    days = {"opens_on": f"{year}-04-08", "closes_on": f"{year}-06-30"}
    facts = round_data(units, code=f"{year}-h1", name=f"{year}年评议", **days)
    return folder(rows, method_data(**method), facts, name=f"r{year}")


def computed(made: Path, *previous: Path) -> Path:
    options = [part for p in previous for part in ("--previous", p)]
    done = run("compute", made, *options)
    assert done.exit_code == 0, done.output
    return made


def by_unit(made: Path, name: str) -> dict[str, dict[str, str]]:
    return {row["unit"]: row for row in table(made, name)}


@pytest.fixture
def three_years(folder: Folder) -> tuple[Path, Path, Path]:
    one = computed(year_round(folder, 2024, {"a": 20, "b": 40, "c": 58}))
    two = computed(year_round(folder, 2025, {"a": 30, "b": 41, "c": 58}), one)
    return one, two, year_round(folder, 2026, {"a": 45, "b": 40, "c": 57, "new": 30})


def test_change_is_said_where_the_data_show_it_and_not_elsewhere(three_years):
    one, two, three = three_years
    found = {(r["unit"], r["round_before"]): r for r in table(computed(three, one, two), "changes.csv")}
    # 45 of 60 fives and 15 twos are 81.25 points on the linear map; 30 of 60 are 62.5.
    row = found["a", "2025-h1"]
    assert (row["score_before"], row["score_now"], row["change"], row["verdict"]) == ("62.50", "81.25", "18.75", "up")
    assert (found["b", "2025-h1"]["verdict"], found["c", "2024-h1"]["verdict"]) == ("no_difference",) * 2
    assert (found["new", "2025-h1"]["verdict"], found["new", "2025-h1"]["p"]) == ("new", "")
    assert (row["satisfied_before"], row["satisfied_now"], row["satisfied_change"]) == ("50.0", "75.0", "25.0")


def test_a_rise_over_three_years_is_a_trend(three_years):
    one, two, three = three_years
    trends = by_unit(computed(three, two, one), "trend.csv")
    assert {u: r["verdict"] for u, r in trends.items()} == {"a": "up", "b": "no_trend", "c": "no_trend"}
    assert (trends["a"]["rounds"], trends["a"]["first_round"]) == ("3", "2024-h1")
    series = [r["round"] for r in table(three, "series.csv") if r["unit"] == "a"]
    assert series == ["2024-h1", "2025-h1", "2026-h1"]


def test_another_scale_makes_rounds_incomparable_and_there_is_no_test(folder: Folder):
    one = computed(year_round(folder, 2025, {"a": 20, "b": 40}, scale=None))
    two = computed(year_round(folder, 2026, {"a": 50, "b": 40}), one)
    assert {(r["verdict"], r["p"], r["change"]) for r in table(two, "changes.csv")} == {("incomparable", "", "")}
    assert {r["comparable"] for r in table(two, "series.csv") if r["round"] == "2025-h1"} == {"no"}


def test_earlier_rounds_are_named_by_digest_and_check_asks_for_them(three_years):
    one, two, three = three_years
    computed(three, one, two)
    known = json.loads((three / "release" / "release.json").read_bytes())["inputs"]["previous"]
    digests = [json.loads((r / "release" / "manifest.json").read_bytes())["release_digest"] for r in (one, two)]
    assert [(e["round"], e["release_digest"]) for e in known] == list(zip(("2024-h1", "2025-h1"), digests, strict=True))
    without = run("check", three)
    assert (without.exit_code, "--previous" in without.output) == (2, True)
    assert run("check", three, "--previous", two, "--previous", one).exit_code == 0


def test_a_round_that_is_no_earlier_one_or_was_altered_is_refused(three_years):
    one, two, three = three_years
    assert run("compute", one, "--previous", two).exit_code == 2
    assert run("compute", three, "--previous", one, "--previous", one).exit_code == 2
    scores = one / "release" / "scores.csv"
    scores.write_text(scores.read_text("utf-8").replace("1", "2", 1), "utf-8")
    assert run("compute", three, "--previous", one).exit_code == 2
    assert not (three / "release").exists()


@pytest.mark.parametrize(
    ("years_given", "bad_before", "verdict"),
    [([2025], 20, "fires"), ([2025], 19, "no"), ([2024], 20, "missing_year"), ([], 20, "missing_year")],
)
def test_a_rule_of_two_years_needs_both(years_given, bad_before, verdict, folder: Folder):
    rule = [BAD | {"years": 2}]
    before = [computed(year_round(folder, y, {"a": 60 - bad_before}, rule=rule)) for y in years_given]
    now = computed(year_round(folder, 2026, {"a": 40}, rule=rule), *before)
    last = table(now, "rules.csv")[-1]
    assert (last["count"], last["over"], last["share_exact"], last["verdict"]) == ("20", "60", "1/3", verdict)


def half_year(folder: Folder, name: str, opens_on: str, closes_on: str, bad: int, **method: object) -> Path:
    """60 ballots for a, `bad` of them 2,2."""
    rows = ballots({("a", "citizen", "5", "5"): 60 - bad, ("a", "citizen", "2", "2"): bad})
    rows = [line.replace("2026-05-04", opens_on) for line in rows]
    facts = round_data(["a"], code=name, name=name, opens_on=opens_on, closes_on=closes_on)
    return folder(rows, method_data(rule=[BAD | {"years": 2}], **method), facts, name=name)


SPRING, AUTUMN = ("-04-08", "-06-30"), ("-10-09", "-12-31")


@pytest.mark.parametrize(
    ("bad", "verdict", "looked_at"),
    [
        # (2025 spring, 2025 autumn, 2026 spring, 2026 autumn), 20 of 60 is the third at which it fires
        ((None, None, 20, 20), "missing_year", "2026-h1 2026-h2"),  # two halves of one year are one year
        ((None, 20, 20, 20), "fires", "2025-h2 2026-h1 2026-h2"),
        ((None, 20, 19, 20), "no", "2025-h2 2026-h1 2026-h2"),
        ((None, 20, 20, None), "fires", "2025-h2 2026-h1"),
        ((0, 20, 20, None), "fires", "2025-h2 2026-h1"),  # last year's spring lies before the two that are consecutive
        ((0, 20, 20, 20), "fires", "2025-h2 2026-h1 2026-h2"),
        ((20, 19, 20, None), "no", "2025-h2 2026-h1"),
    ],
)
def test_half_years_make_two_years_only_where_they_reach_back_into_the_year_before(bad, verdict, looked_at, folder):
    names = [("2025", SPRING), ("2025", AUTUMN), ("2026", SPRING), ("2026", AUTUMN)]
    done: list[Path] = []
    for (year, (first, last)), number in zip(names, bad, strict=True):
        if number is not None:
            code = f"{year}-h{1 if first == SPRING[0] else 2}"
            done.append(computed(half_year(folder, code, year + first, year + last, number), *done))
    rows = table(done[-1], "rules.csv")
    assert (rows[-1]["verdict"], " ".join(row["round"] for row in rows)) == (verdict, looked_at)


def test_a_year_left_out_between_two_bad_ones_breaks_the_run(folder: Folder):
    rule = [BAD | {"years": 3}]
    old, last = (computed(year_round(folder, year, {"a": 20}, rule=rule)) for year in (2023, 2025))
    rows = table(computed(year_round(folder, 2026, {"a": 20}, rule=rule), old, last), "rules.csv")
    assert [(row["round"], row["verdict"]) for row in rows] == [("2025-h1", "fires"), ("2026-h1", "missing_year")]


def test_a_round_of_another_method_is_no_second_year(folder: Folder):
    before = computed(half_year(folder, "2025-h2", "2025-10-09", "2025-12-31", 30, scale=None))
    rows = table(computed(half_year(folder, "2026-h1", "2026-04-08", "2026-06-30", 30), before), "rules.csv")
    assert [row["verdict"] for row in rows] == ["incomparable", "incomparable"]


def test_a_rule_of_this_year_alone_is_exact_and_says_where_there_are_too_few(folder: Folder):
    made = computed(year_round(folder, 2026, {"a": 40, "b": 41}, rule=[BAD, BAD | {"id": "many", "min_n": 100}]))
    found = {(r["unit"], r["rule"]): r["verdict"] for r in table(made, "rules.csv")}
    expected = {("a", "third-bad"): "fires", ("b", "third-bad"): "no"}
    assert found == expected | {("a", "many"): "insufficient_n", ("b", "many"): "insufficient_n"}


def test_the_bottom_is_named_only_where_the_data_single_it_out(folder: Folder):
    made = computed(year_round(folder, 2026, {"a": 15, "b": 50, "c": 52, "d": 51}, rule=[LAST]))
    assert {r["unit"]: r["verdict"] for r in table(made, "rules.csv")}["a"] == "fires"
    alike = computed(year_round(folder, 2025, {"a": 49, "b": 50, "c": 52, "d": 51}, rule=[LAST]))
    assert {r["verdict"] for r in table(alike, "rules.csv")} == {"no_last"}
    small = computed(year_round(folder, 2024, {"a": 15, "b": 50, "c": 52}, rule=[LAST | {"min_units": 8}]))
    assert {r["verdict"] for r in table(small, "rules.csv")} == {"class_small"}


def test_a_parent_sums_the_units_below_it(three_years):
    [row] = table(computed(three_years[2]), "rollup.csv")
    # 172 of 240 ballots are fives: (172·100 + 68·25)/240.
    assert (row["parent"], row["units"], row["scored"], row["n"], row["score"]) == ("bureau", "4", "4", "240", "78.75")
    assert (row["answered"], row["satisfied_pooled_pct"]) == ("480", "71.7")


def version(folder: Folder, good: int, bad: int, name: str) -> Path:
    rows = ballots({("hall", "citizen", "5", "5"): good, ("hall", "citizen", "1", "1"): bad})
    return folder(rows, name=name)


@pytest.mark.parametrize(
    ("good", "bad", "code"), [(30, 20, 0), (31, 20, 2), (30, 29, 2), (25, 25, 2), (40, 20, 0), (40, 10, 0)]
)
def test_a_version_must_equal_the_one_shown_or_differ_by_enough(good, bad, code, folder: Folder):
    shown = computed(version(folder, 30, 20, "shown"))
    fresh = version(folder, good, bad, "fresh")
    done = run("compute", fresh, "--released", shown)
    assert done.exit_code == code, done.output
    assert (fresh / "release").exists() is (code == 0)


def test_a_version_of_another_round_is_refused(three_years):
    one, _, three = three_years
    assert run("compute", three, "--released", one).exit_code == 2
