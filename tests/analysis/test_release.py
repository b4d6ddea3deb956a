"""What a release is made of: the same bytes every time, whole or not at all, true to its manifest."""

import ast
import hashlib
import json
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from analysis.columns import dictionary, rounded
from analysis.messages import MESSAGES

from .conftest import Folder, ballots, run, table, tree, vector_method, vector_round, vector_rows

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [
        "changes.csv",
        "brief.docx",
        *(f"charts/{kind}-{c}.svg" for kind in ("dimensions", "levels", "scores") for c in ("village", "window")),
        "charts/composition.svg",
        "composition.csv",
        "counts.csv",
        "differences.csv",
        "dimensions.csv",
        "disagreement.csv",
        "everyday.csv",
        "funnel.csv",
        "groups.csv",
        "figures.md",
        "index.md",
        "integrity.csv",
        "integrity.md",
        "kept_rates.csv",
        "manifest.json",
        "method.md",
        "method.toml",
        "notice.docx",
        "power.csv",
        "privacy.json",
        "release.json",
        "results.xlsx",
        "rollup.csv",
        "round.toml",
        "rules.csv",
        "scores.csv",
        *(f"scores/{unit}.md" for unit in ("doubt", "full", "half", "none", "panel", "part", "thin")),
        "sensitivity.csv",
        "sensitivity.md",
        "series.csv",
        "trend.csv",
        *(f"verify/{name}" for name in ("README.txt", "verify.html", "verify.py")),
        "withheld.md",
    ]
)


def test_a_release_holds_exactly_these_files(varied):
    assert sorted(tree(varied / "release")) == FILES


def test_every_status_is_where_it_belongs(varied):
    assert {row["unit"]: row["status"] for row in table(varied, "scores.csv")} == {
        "doubt": "under_review",
        "full": "ok",
        "half": "insufficient_weight",
        "none": "no_ballots",
        "panel": "census",
        "part": "renormalised",
        "thin": "insufficient_n",
    }


def test_the_same_input_gives_the_same_bytes_in_every_file(varied, tmp_path):
    assert run("compute", varied, "--allow-no-ballots", "--out", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(varied / "release")


def test_the_snapshot_folder_itself_may_be_named(varied, tmp_path):
    before = tree(varied / "release")
    assert run("compute", varied / "snapshot", "--allow-no-ballots").exit_code == 0
    assert tree(varied / "release") == before


def test_check_says_same(varied):
    result = run("check", varied)
    assert (result.exit_code, result.output.strip()) == (0, "一致")


@pytest.mark.parametrize("name", ["scores.csv", "release.json", "index.md", "manifest.json"])
def test_check_names_a_file_that_was_changed(varied, name):
    path = varied / "release" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    result = run("check", varied)
    assert result.exit_code == 1
    assert name in result.output


def test_check_names_a_picture_that_was_changed(varied):
    path = varied / "release" / "charts" / "scores-window.svg"
    path.write_bytes(path.read_bytes() + b" ")
    result = run("check", varied)
    assert result.exit_code == 1
    assert "charts/scores-window.svg" in result.output


def test_check_without_a_release_is_bad_input(folder: Folder):
    result = run("check", folder(ballots({("hall", "citizen", "5", "4"): 12})))
    assert (result.exit_code, "compute" in result.output) == (2, True)


def test_the_manifest_lists_every_file_with_its_digest(varied):
    release = varied / "release"
    manifest = json.loads((release / "manifest.json").read_bytes())
    listed = {e["name"]: (e["bytes"], e["sha256"]) for e in manifest["files"]}
    found = {n: (len(c), hashlib.sha256(c).hexdigest()) for n, c in tree(release).items() if n != "manifest.json"}
    assert listed == found
    assert list(listed) == sorted(listed)


def test_the_release_digest_is_what_the_page_tells_the_reader_to_type(varied):
    release = varied / "release"
    page = (release / "index.md").read_text(encoding="utf-8")
    command = re.search(r"<code>(LC_ALL=C sha256sum [^|]*\| sha256sum)</code>", page)[1]
    said = subprocess.run(["sh", "-c", command], cwd=release, capture_output=True, text=True, check=True)
    digest = said.stdout.split()[0]
    assert json.loads((release / "manifest.json").read_bytes())["release_digest"] == digest
    assert digest in page


def test_the_document_on_the_frozen_folder_gives_the_same_command(varied):
    text = (ROOT / "docs" / "frozen-folder.md").read_text(encoding="utf-8")
    command = re.search(r"^LC_ALL=C sha256sum .*$", text, re.MULTILINE)[0]
    release = varied / "release"
    said = subprocess.run(["sh", "-c", command], cwd=release, capture_output=True, text=True, check=True)
    assert said.stdout.split()[0] == json.loads((release / "manifest.json").read_bytes())["release_digest"]


def test_nothing_in_the_data_files_rests_on_fewer_than_the_minimum(varied):
    assert all(int(row["answered"]) >= 10 for row in table(varied, "counts.csv"))
    assert {row["unit"] for row in table(varied, "counts.csv")} == {"doubt", "full", "half", "panel", "part"}
    units = {u["slug"]: u for u in json.loads((varied / "release" / "release.json").read_bytes())["units"]}
    said = dict.fromkeys("543210", 0)
    assert units["full"]["not_counted"] == {
        "channels": {"open": 5},
        "flags": {"check": 10},
        "answers": {**said, "1": 20},  # ten ballots, twice the worst
    }
    assert units["doubt"]["not_counted"] == {"channels": {"open": 0}, "flags": {"check": 0}, "answers": said}


def test_the_digest_of_the_ballots_is_not_published(varied):
    # With all but a few answers known, a digest of the whole would let them be found by trying.
    digest = hashlib.sha256((varied / "snapshot" / "ballots.csv").read_bytes()).hexdigest().encode()
    assert not [name for name, content in tree(varied / "release").items() if digest in content]


def test_the_vector_is_published_as_its_rounded_numbers(folder: Folder):
    made = folder(vector_rows(), vector_method(), vector_round())
    assert run("compute", made).exit_code == 0
    [row] = table(made, "scores.csv")
    assert (row["score"], row["score_exact"]) == ("67.85", "370810133/5464800")
    assert (row["low"], row["high"], row["counted_weight"], row["status"]) == ("63.88", "71.59", "1", "ok")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("1/200", 2, "0.00"), ("3/200", 2, "0.02"), ("5/200", 2, "0.02"), ("200/3", 2, "66.67"), ("-1/1000", 2, "0.00")],
)
def test_rounding_is_half_even_on_the_exact_fraction(value, places, text):
    assert rounded(Fraction(value), places) == text


def test_a_release_that_does_not_match_its_manifest_is_not_published(varied, tmp_path):
    (tmp_path / "pages").mkdir()
    path = varied / "release" / "scores.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("ok", "OK"), encoding="utf-8")
    result = run("publish", varied, "--into", tmp_path / "pages")
    assert (result.exit_code, "scores.csv" in result.output) == (2, True)
    assert list((tmp_path / "pages").iterdir()) == []


def test_pages_that_are_not_there_are_bad_input(varied, tmp_path):
    assert run("publish", varied, "--into", tmp_path / "nowhere").exit_code == 2


def test_the_data_dictionary_is_current():
    path = ROOT / "docs" / "data-dictionary.md"
    assert path.read_text(encoding="utf-8") == dictionary(), "python -m analysis dictionary > docs/data-dictionary.md"
    assert run("dictionary").output == dictionary()


@pytest.mark.parametrize("command", ["compute", "check", "publish", "convert", "method", "dictionary"])
def test_every_command_has_help_with_an_example(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"python -m analysis {command}" in result.output


def test_ballot_rows_are_never_walked_or_melted():
    forbidden = re.compile(r"\.(melt|apply|iterrows|itertuples)\(")
    sources = (ROOT / "analysis").rglob("*.py")
    assert [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_analysis_never_imports_the_app():
    forbidden = re.compile(r"^\s*(from|import) (survey_app|flask|peewee)\b", re.MULTILINE)
    sources = (ROOT / "analysis").rglob("*.py")
    assert [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_every_message_is_used():
    source = "".join(
        p.read_text(encoding="utf-8") for p in (ROOT / "analysis").rglob("*.py") if p.name != "messages.py"
    )
    made = {"unknown_group", "unknown_channel"}
    assert [code for code in MESSAGES if f'"{code}"' not in source and code not in made] == []


def test_every_public_function_and_class_says_what_it_is():
    kinds = (ast.FunctionDef, ast.ClassDef)
    found = [(p.name, node) for p in (ROOT / "analysis").rglob("*.py") for node in ast.walk(ast.parse(p.read_bytes()))]
    public = [(name, n) for name, n in found if isinstance(n, kinds) and not n.name.startswith("_")]
    inner = {"run", "remember"}
    assert [(name, n.name) for name, n in public if not ast.get_docstring(n) and n.name not in inner] == []
