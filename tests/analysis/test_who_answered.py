"""Whose voice a result is: warnings beside it where a group outweighs the plan or insiders outweigh the others."""

from pathlib import Path

import pytest

from .conftest import Folder, method_data, round_data, run, table, weighted

pytestmark = pytest.mark.usefixtures("figures_only")
ISSUED = {"citizen": 100, "cadre": 100}
SURGE = {"code": "surge", "zh": "同一网络", "excluded": False}


def round_with(folder: Folder, citizens: int, cadres: int, *, insider: bool = True, flagged: int = 0) -> Path:
    """One unit; as many codes for citizens as for cadres; `flagged` of the citizens' ballots came from one network."""
    groups = weighted(citizen="1/2", cadre="1/2")
    groups[1] |= {"insider": True} if insider else {}
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "codes_issued": ISSUED}
    rows = [f"hall,citizen,web,2026-05-04,5,5,{'surge' if i < flagged else ''}" for i in range(citizens)]
    rows += ["hall,cadre,web,2026-05-04,5,5,"] * cadres
    made = folder(rows, method_data(group=groups, flag=[SURGE]), round_data([unit]), flags=True)
    done = run("compute", made)
    assert done.exit_code == 0, done.output
    return made


def front(made: Path) -> str:
    return (made / "release" / "index.md").read_text("utf-8")


def test_a_result_that_insiders_gave_says_so_beside_the_figures(folder):
    """50 citizens and 89 cadres: 64.0 % of the ballots come from within."""
    text = front(round_with(folder, 50, 89))
    assert "系统内的人（名cadre）的票占64.0%。结果主要是系统内的人的看法。" in text


def test_as_long_as_citizens_are_more_the_share_of_insiders_stands_in_the_annex_alone(folder):
    made = round_with(folder, 60, 40)
    assert "系统内的人" not in front(made)
    assert "系统内的人（名cadre）的票占40.0%。" in (made / "release" / "integrity.md").read_text("utf-8")


def test_without_a_group_declared_as_insiders_nothing_is_said_of_them(folder):
    made = round_with(folder, 20, 80, insider=False)
    assert "系统内的人" not in front(made) + (made / "release" / "integrity.md").read_text("utf-8")


def test_a_group_twenty_points_from_the_plan_is_named_beside_the_result(folder):
    """Half the codes went to each; 80 of 100 ballots are the cadres'."""
    text = front(round_with(folder, 20, 80, insider=False))
    assert "名cadre的票占80.0%，计划占50.0%，比计划多得多。" in text
    assert "名citizen的票占20.0%，计划占50.0%，比计划少得多。" in text


def test_a_group_nineteen_points_from_the_plan_is_no_warning(folder):
    assert "得多" not in front(round_with(folder, 31, 69, insider=False))


@pytest.mark.parametrize(("flagged", "observed"), [(12, ["12"]), (10, ["10"]), (9, []), (0, [])])
def test_ballots_of_one_network_are_listed_though_they_count(flagged, observed, folder):
    """T3: the mark asks for a review; it leaves nothing out, and fewer than ten are not named."""
    made = round_with(folder, 40, 40, flagged=flagged)
    rows = [row for row in table(made, "integrity.csv") if row["test"] == "T3"]
    assert [row["observed"] for row in rows] == observed
    assert {row["verdict"] for row in rows} <= {"flagged"}
    [score] = table(made, "scores.csv")
    assert score["n"] == "80"


def test_insider_is_true_or_false_and_nothing_else(folder):
    groups = weighted(citizen="1")
    groups[0] |= {"insider": "yes"}
    done = run("compute", folder(["hall,citizen,web,2026-05-04,5,5"] * 20, method_data(group=groups)))
    assert (done.exit_code, "insider" in done.stderr) == (2, True)
