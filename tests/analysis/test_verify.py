"""verify.py, handed to strangers: what it recomputes, which planted faults it finds, what it says."""

import importlib.util
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from analysis.publish import compute

from .verifying import FAULTS, copied, district, edit, row_of, sign

SCRIPT = Path(__file__).resolve().parents[2] / "analysis" / "verify" / "verify.py"


def load() -> ModuleType:
    """The script as a module, from its file: it belongs to no package."""
    spec = importlib.util.spec_from_file_location("verify", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = load()


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    return compute(district(tmp_path_factory.mktemp("district")))


@pytest.fixture
def files(released: Path, tmp_path: Path) -> Path:
    return copied(released, tmp_path / "files")


def run(*args: object) -> subprocess.CompletedProcess:
    """As a stranger runs it: isolated, with no package of ours in reach."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, args)], capture_output=True, text=True, check=False
    )


def test_a_true_release_agrees_line_by_line(files):
    done = run(files)

    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert {verdict for verdict, _, _ in lines} == {"一致 agrees"}
    assert {"scores.csv score_exact", "scores.csv tier", "scores.csv rank_low", "scores.csv p_last"} <= {
        w for _, w, _ in lines
    }
    assert "0 differ" in done.stdout


def test_the_sample_has_every_kind_of_unit(files):
    rows = (files / "scores.csv").read_text("utf-8")

    for word in ("above", "average", "below", "ok", "census", "renormalised", "insufficient_weight"):
        assert f",{word}," in rows, word
    verdicts = {line.rsplit(",", 1)[1] for line in (files / "rules.csv").read_text("utf-8").splitlines()[1:]}
    assert {"fires", "no", "insufficient_n", "missing_year", "class_small", "no_valid"} - verdicts == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_though_all_digests_fit(files, fault):
    table, change, where = FAULTS[fault]
    edit(files, table, change)

    done = run(files)

    assert done.returncode == 1, done.stdout + done.stderr
    assert where in done.stdout
    assert "manifest.json sha256" not in [
        line.split("\t")[1] for line in done.stdout.splitlines() if "不一致 differs" in line
    ]


def unfired(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-worst", rule="third-poor")["verdict"] = "no"


def counted_less(rows: list[dict[str, str]]) -> None:
    row = row_of(rows, unit="u-worse", rule="third-poor")
    row["count"] = str(int(row["count"]) - 1)


def not_the_last(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-worst", rule="bottom")["verdict"] = "no_last"


def two_years_in_one(rows: list[dict[str, str]]) -> None:
    row_of(rows, rule="half-poor", verdict="missing_year")["verdict"] = "fires"


def better_by_another_scale(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-plain", scenario="equal_groups")["score_exact"] = "80"


def later_in_the_ranks(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-best")["rank_high"] = "7"


def sure_to_be_last(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-plain")["p_last"] = "0.12"


def more_satisfied(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-plain", dimension="promise")["satisfied_pooled_pct"] = "99.9"


@pytest.mark.parametrize(
    ("table", "change", "where"),
    [
        ("rules.csv", unfired, "rules.csv verdict u-worst third-poor"),
        ("rules.csv", counted_less, "rules.csv count u-worse third-poor"),
        ("rules.csv", not_the_last, "rules.csv verdict u-worst bottom"),
        ("rules.csv", two_years_in_one, "rules.csv verdict u-worst half-poor"),
        ("sensitivity.csv", better_by_another_scale, "sensitivity.csv score_exact u-plain equal_groups"),
        ("scores.csv", later_in_the_ranks, "scores.csv rank_high u-best"),
        ("scores.csv", sure_to_be_last, "scores.csv p_last u-plain"),
        ("dimensions.csv", more_satisfied, "dimensions.csv satisfied_pooled_pct u-plain promise"),
    ],
)
def test_faults_in_rules_ranks_dimensions_and_other_scales_are_found_too(files, table, change, where):
    edit(files, table, change)

    done = run(files)

    assert done.returncode == 1, done.stdout + done.stderr
    assert where in done.stdout


def test_a_file_changed_without_its_digest_is_found(files):
    path = files / "composition.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")

    done = run(files)

    assert done.returncode == 1
    assert "manifest.json sha256 composition.csv" in done.stdout


def test_counts_that_contradict_themselves_are_named_and_nothing_is_made_of_them(files):
    def impossible(rows: list[dict[str, str]]) -> None:
        rows[4]["level_5"] = "99999"

    edit(files, "counts.csv", impossible)

    done = run(files)

    assert (done.returncode, done.stderr) == (1, "")
    assert "counts.csv answered = level_1" in done.stdout.split("published")[0]
    assert "scores.csv score" not in done.stdout


def test_a_variance_above_what_the_counts_allow_is_found(files):
    def wider(rows: list[dict[str, str]]) -> None:
        rows[0]["var_exact"] = str(Fraction(rows[0]["var_exact"]) * 50)

    edit(files, "groups.csv", wider)

    assert "within its bound" in run(files).stdout.split("published")[0]


def test_a_changed_weight_in_the_method_is_found(files):
    path = files / "method.toml"
    path.write_text(path.read_text("utf-8").replace("7/20", "1/4").replace("2/5", "1/2"), "utf-8")
    sign(files)

    done = run(files)

    assert done.returncode == 1
    assert "score_exact" in done.stdout


@pytest.mark.parametrize("name", ["scores.csv", "manifest.json", "method.toml", "release.json"])
def test_a_missing_file_is_said_and_leaves_with_two(files, name):
    (files / name).unlink()

    done = run(files)

    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text", ["", "unit,group\nx", "\xff", "unit,group,dimension,n\nu-best,citizen,attitude,many\n"]
)
def test_a_broken_table_is_said_and_leaves_with_two(files, text):
    (files / "counts.csv").write_text(text, "latin-1")

    done = run(files)

    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr or "counts.csv" in done.stdout


def test_documents_need_not_be_there_but_are_checked_where_they_are(files, released):
    shutil.copy(released / "results.xlsx", files)
    assert run(files).returncode == 0

    (files / "results.xlsx").write_bytes(b"x")
    done = run(files)

    assert done.returncode == 1
    assert "results.xlsx" in done.stdout


@pytest.mark.parametrize(
    ("units", "value"),
    [(5, 2.7277743708703763), (7, 2.9483200175296744), (40, 3.8876273068086244), (200, 4.593304318928203)],
)
def test_the_critical_values_are_those_of_the_method(units, value):
    assert verify.tukey(0.95, units) == pytest.approx(value, abs=1e-8)


X, SE = ("92.1", "90.4", "88.0", "87.5", "83.2", "79.9", "71.0"), (0.9, 1.8, 0.7, 2.5, 1.0, 3.0, 1.5)


def test_the_rank_ranges_and_chances_are_the_known_answer():
    found = verify.places([(Fraction(x), se) for x, se in zip(X, SE, strict=True)], 0.95)

    assert [(low, high) for _, low, high, _ in found] == [(1, 3), (1, 4), (2, 5), (1, 6), (4, 6), (3, 7), (6, 7)]
    assert found[6][3] == pytest.approx(0.996017, abs=1e-6)
    assert found[5][3] == pytest.approx(0.003983, abs=1e-6)


def test_units_observed_in_full_are_ordered_by_their_exact_scores():
    scores = [Fraction(80), Fraction(80), Fraction(239, 3)]

    found = verify.places([(score, 0.0) for score in scores], 0.95)

    assert [(low, high) for _, low, high, _ in found] == [(1, 2), (1, 2), (3, 3)]
    assert [last for *_, last in found] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), 2, {"0.12"}),
        (Fraction(3, 8), 2, {"0.38"}),
        (Fraction(-1, 200), 2, {"0.00"}),
        (Fraction(200, 3), 1, {"66.7"}),
        (78.125, 2, {"78.12", "78.13"}),
        (None, 2, {""}),
    ],
)
def test_figures_are_rounded_half_even_and_floats_on_the_edge_may_go_either_way(value, places, text):
    assert verify.texts(value, places) == text


def test_the_script_is_one_short_file_of_the_standard_library():
    lines = SCRIPT.read_text("utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}

    assert len(lines) <= 400
    assert imported <= sys.stdlib_module_names
