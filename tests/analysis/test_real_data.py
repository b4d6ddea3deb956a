"""Real ratings, read where they lie and never copied: every figure equals a plain recount of the source."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from .conftest import run

DATA = Path(__file__).parents[3] / "shared" / "data"
PATIENTS = DATA / "patient_survey_11_practices_feb"
RESIDENTS = DATA / "citizen_ratings_kcmo_2021q1"
QUESTIONS = ("appointment_time", "making_appointment", "overall_experience", "website")

PATIENT_MAP = f"""
format = 1
file = "{PATIENTS}/responses.csv"
day_format = "%Y-%m-%d %H:%M:%S"
duplicates = ["time", "surgery", "phone", {", ".join(f'"{q}"' for q in QUESTIONS)}]
[columns]
unit = "surgery"
day = "time"
[constants]
group = "patient"
channel = "web"
[values]
"Very satisfied" = 5
"Very good" = 5
"Fairly satisfied" = 4
"Fairly good" = 4
"Neither satisfied nor dissatisfied" = 3
"Neither good nor poor" = 3
"Fairly dissatisfied" = 2
"Fairly poor" = 2
"Very dissatisfied" = 1
"Very poor" = 1
[round]
code = "patients"
name = "患者评价"
instrument = "everyday"
[method]
format = 1
satisfied_levels = [4, 5]
dimension = [{", ".join(f'{{code = "{q}", zh = "{q}", weight = "1/4"}}' for q in QUESTIONS)}]
group = [{{code = "patient", zh = "患者", weight = "1"}}]
class = [{{code = "practice", zh = "诊所"}}]
"""
DISTRICTS = range(1, 7)
RESIDENT_MAP = f"""
format = 1
file = "{RESIDENTS}/ratings_long.csv"
shape = "long"
[columns]
unit = "item"
group = "council_district"
channel = "method"
respondent = "respondent"
value = "rating"
[constants]
dimension = "rating"
day = "2021-09-01"
[values]
5 = 5
4 = 4
3 = 3
2 = 2
1 = 1
9 = 0
[groups]
{chr(10).join(f'{d} = "district_{d}"' for d in DISTRICTS)}
[channels]
Web = "web"
Mail = "paper"
Phone = "phone"
[round]
code = "residents"
name = "居民评价"
instrument = "campaign"
[method]
format = 1
satisfied_levels = [4, 5]
dimension = [{{code = "rating", zh = "满意程度", weight = "1"}}]
group = [{", ".join(f'{{code = "district_{d}", zh = "第{d}区", weight = "1/6"}}' for d in DISTRICTS)}]
class = [{{code = "item", zh = "项目"}}]
"""


def made(folder: Path, source: Path, text: str) -> Path:
    """Convert and compute a real file; skip where the data folder is absent."""
    if not source.is_dir():
        pytest.skip(f"the real data folder {source} is absent")
    path = folder / "real.toml"
    path.write_text(text, encoding="utf-8")
    assert run("convert", path).exit_code == 0
    result = run("compute", folder / "real")
    assert result.exit_code == 0, result.output
    return folder / "real"


@pytest.fixture(scope="module")
def patients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patient survey, computed."""
    return made(tmp_path_factory.mktemp("patients"), PATIENTS, PATIENT_MAP)


@pytest.fixture(scope="module")
def residents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The resident survey, computed."""
    return made(tmp_path_factory.mktemp("residents"), RESIDENTS, RESIDENT_MAP)


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def slugs(folder: Path) -> dict[str, str]:
    """Source name -> slug."""
    return json.loads((folder / "convert.json").read_bytes())["units"]


def test_ballots_per_practice_equal_a_plain_recount(patients):
    recount = Counter(row["surgery"] for row in rows(PATIENTS / "responses.csv"))
    scores = {row["unit"]: row for row in rows(patients / "release" / "scores.csv")}
    found = {name: int(scores[s]["n"]) + int(scores[s]["withheld"]) for name, s in slugs(patients).items()}
    assert found == recount
    assert sum(found.values()) == 1302


def test_three_practices_with_two_two_and_three_responses_are_withheld(patients):
    short = [r for r in rows(patients / "release" / "scores.csv") if r["status"] != "ok"]
    assert sorted(int(row["withheld"]) for row in short) == [2, 2, 3]
    assert {(row["score"], row["n"], row["status"]) for row in short} == {("", "0", "insufficient_n")}


def test_the_satisfied_share_per_practice_and_question_equals_a_plain_recount(patients):
    best = {"Very satisfied", "Fairly satisfied", "Very good", "Fairly good"}
    names = {slug: name for name, slug in slugs(patients).items()}
    source = rows(PATIENTS / "responses.csv")
    shown = rows(patients / "release" / "dimensions.csv")
    assert len(shown) == 8 * 4
    for row in shown:
        answers = [r[row["dimension"]] for r in source if r["surgery"] == names[row["unit"]]]
        share = 100 * sum(answer in best for answer in answers) / len(answers)
        assert int(row["answered"]) == len(answers)
        assert float(row["satisfied_pooled_pct"]) == pytest.approx(share, abs=0.0501)


def test_the_three_duplicate_rows_are_kept_and_reported(patients):
    found = json.loads((patients / "convert.json").read_bytes())
    assert (found["source"]["rows"], found["ballots"], found["duplicates"]["rows"]) == (1302, 1302, 3)


def test_satisfaction_with_city_services_is_46_7_percent_of_1018(residents):
    [score] = [r for r in rows(residents / "release" / "scores.csv") if r["unit"] == "q2-01"]
    [dimension] = [r for r in rows(residents / "release" / "dimensions.csv") if r["unit"] == "q2-01"]
    assert (score["satisfied_pooled_pct"], dimension["answered"]) == ("46.7", "1018")
    counts = [r for r in rows(residents / "release" / "counts.csv") if r["unit"] == "q2-01"]
    satisfied = sum(int(r["level_4"]) + int(r["level_5"]) for r in counts)
    assert round(100 * satisfied / 1018, 3) == 46.660


def test_every_cell_of_the_resident_survey_equals_a_plain_recount(residents):
    recount: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows(RESIDENTS / "ratings_long.csv"):
        recount[row["item"].replace("_", "-"), f"district_{row['council_district']}"][row["rating"]] += 1
    shown = [r for r in rows(residents / "release" / "counts.csv") if r["group"] != "~rest"]
    assert len(shown) == sum(sum(c.values()) - c["9"] >= 10 for c in recount.values())
    for row in shown:
        cell = recount[row["unit"], row["group"]]
        assert [int(row[f"level_{k}"]) for k in range(1, 6)] == [cell[str(k)] for k in range(1, 6)]
        assert int(row["dont_know"]) == cell["9"]
