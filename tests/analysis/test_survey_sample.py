"""A stratified sample of California schools (data(api) of R's package survey): score and error as R gives them.

R's figures come from `Rscript tests/analysis/agreement.R`; docs/figures.md holds its whole output.
"""

import csv
from fractions import Fraction
from math import sqrt
from pathlib import Path

import pytest

from analysis.scores import GroupScore

from .conftest import method_data, results_of, round_data, write_folder

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "survey_api" / "apistrat.csv"
SCHOOLS = {"E": 4421, "H": 755, "M": 1018}
ALL = sum(SCHOOLS.values())
BANDS = (500, 600, 700, 800)  # scores from 800 on are level 5


@pytest.fixture(scope="module")
def schools() -> dict[str, list[int]]:
    """Type of school -> the scores of its sampled schools."""
    if not SAMPLE.is_file():
        pytest.skip(f"the real data file {SAMPLE} is absent")
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {kind: [int(row["api00"]) for row in rows if row["stype"] == kind] for kind in SCHOOLS}


@pytest.mark.parametrize(("known", "error"), [(True, 9.40894080278458), (False, 9.53613229692516)])
def test_the_mean_of_6194_schools_and_its_error_are_those_of_r(schools, known, error):
    groups = {kind: group(scores, SCHOOLS[kind] if known else None) for kind, scores in schools.items()}
    mean = sum(Fraction(SCHOOLS[kind], ALL) * one.mean for kind, one in groups.items())
    variance = sum(Fraction(SCHOOLS[kind], ALL) ** 2 * one.variance for kind, one in groups.items())
    assert float(mean) == pytest.approx(662.287363159321, abs=1e-5)  # R takes its weights, 44.2099990844727, rounded
    assert sqrt(variance) == pytest.approx(error, abs=1e-4)


def group(scores: list[int], panel: int | None) -> GroupScore:
    """One stratum with its mean and influences worked out from the list of scores."""
    n, mean = len(scores), Fraction(sum(scores), len(scores))
    influence = sum(((score - mean) / n) ** 2 for score in scores)
    return GroupScore(n, mean, influence, Fraction(1), Fraction(n, panel) if panel else Fraction(0))


def test_the_same_schools_in_five_bands_give_r_s_score_and_errors_through_the_whole_count(schools, tmp_path):
    score = counted(schools, tmp_path)
    errors = {kind: sqrt(score.groups[place].variance) for place, kind in enumerate(SCHOOLS)}
    whole = sqrt(sum((SCHOOLS[k] / ALL) ** 2 * error**2 for k, error in errors.items()))
    means = [float(score.groups[place].mean) for place in range(3)]
    assert means == [56.5, 45.5, 46.0]
    assert errors == pytest.approx({"E": 3.05483404086158, "H": 3.76095507534914, "M": 3.77410327084164}, abs=1e-12)
    assert float(score.score.mean) == pytest.approx(53.4334839104102, abs=1e-6)
    assert whole == pytest.approx(2.31280597997241, abs=1e-6)
    assert float(score.satisfied.mean) == pytest.approx(0.673249918701343, abs=1e-7)


def counted(schools, folder):
    """The one unit's result of a frozen folder whose ballots are the schools, one stratum a group with its panel."""
    rows = [f"hall,{kind},web,2026-05-04,{level(score)}" for kind in schools for score in schools[kind]]
    groups = [{"code": kind, "zh": kind, "weight": f"{size}/{ALL}"} for kind, size in SCHOOLS.items()]
    dimension = [{"code": "band", "zh": "分档", "weight": "1"}]
    unit = {"slug": "hall", "zh": "学校", "class": "window", "panel": SCHOOLS}
    write_folder(folder, rows, method_data(group=groups, dimension=dimension), round_data([unit]))
    return results_of(folder)["hall"]


def level(score: int) -> int:
    """The band of a school's score as a level 1 to 5."""
    return 1 + sum(score >= edge for edge in BANDS)
