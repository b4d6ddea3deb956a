"""A correction is a new version that says, figure by figure, what changed; the old one stays to be read."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from .conftest import ballots, method_data, round_data, run, tree, weighted, write_folder

METHOD = method_data(dimension=weighted(attitude="1"))
FACTS = round_data(["hall", "tax"])
# hall: 20 times 5, 10 times 4 -> (20·100 + 10·75) ÷ 30 = 91.67; without ten of the 5s: (10·100 + 10·75) ÷ 20 = 87.50.
FIRST = {("hall", "citizen", "5"): 20, ("hall", "citizen", "4"): 10, ("tax", "citizen", "3"): 15}


def computed(folder: Path, counts: dict[tuple[str, ...], int], *released: Path) -> Path:
    """A round's folder with its release, made beside versions that somebody has seen."""
    made = write_folder(folder, ballots(counts), METHOD, FACTS)
    options = [part for path in released for part in ("--released", path)]
    result = run("compute", made, *options)
    assert result.exit_code == 0, result.output
    return made


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Version 1."""
    return computed(tmp_path / "first", FIRST)


@pytest.fixture
def second(first: Path, tmp_path: Path) -> Path:
    """Version 2: ten ballots of hall were found to be wrong."""
    return computed(tmp_path / "second", FIRST | {("hall", "citizen", "5"): 10}, first)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """An empty folder of pages."""
    (tmp_path / "pages").mkdir()
    return tmp_path / "pages"


def model(folder: Path) -> dict[str, object]:
    """release.json."""
    return json.loads((folder / "release" / "release.json").read_bytes())


def digest(folder: Path) -> str:
    """What names the release."""
    return json.loads((folder / "release" / "manifest.json").read_bytes())["release_digest"]


def differences(folder: Path) -> list[tuple[str, ...]]:
    """The rows of differences.csv."""
    text = (folder / "release" / "differences.csv").read_text(encoding="utf-8")
    return [tuple(row.values()) for row in csv.DictReader(io.StringIO(text))]


def test_a_first_version_says_so_and_differs_from_nothing(first):
    assert (model(first)["version"], model(first)["replaces"], differences(first)) == (1, None, [])
    assert "第1版" in (first / "release" / "index.md").read_text(encoding="utf-8")
    assert not (first / "release" / "versions.md").exists()


def test_the_second_version_names_the_first_and_every_figure_that_changed(first, second):
    assert (model(second)["version"], model(second)["replaces"]) == (2, digest(first))
    found = differences(second)
    assert ("counts.csv", "hall citizen attitude", "level_5", "20", "10") in found
    assert ("scores.csv", "hall", "score", "91.67", "87.50") in found
    assert not [row for row in found if row[1].startswith("tax")]


def test_a_reader_finds_the_changes_on_a_page_in_words(second):
    text = (second / "release" / "versions.md").read_text(encoding="utf-8")
    assert "单位hall 名citizen 名attitude" in text
    assert "91.67" in text
    assert "87.50" in text
    assert f"与上一版不同的数有{len(differences(second))}个" in (second / "release" / "index.md").read_text("utf-8")


def test_the_same_figures_computed_again_are_the_same_version(first, tmp_path):
    again = computed(tmp_path / "again", FIRST, first)
    assert (model(again)["version"], differences(again)) == (1, [])


def test_a_row_that_is_new_or_gone_is_one_difference(first, tmp_path):
    gone = computed(tmp_path / "gone", FIRST | {("tax", "citizen", "3"): 3}, first)
    assert ("counts.csv", "tax citizen attitude", "", "yes", "no") in differences(gone)


def test_check_of_a_second_version_needs_the_first_and_then_says_same(first, second):
    assert run("check", second).exit_code == 2
    assert run("check", second, "--released", first).output.strip() == "一致"


def test_publishing_a_correction_keeps_the_data_of_the_version_before(first, second, pages):
    assert run("publish", first, "--into", pages).exit_code == 0
    result = run("publish", second, "--into", pages)
    assert result.exit_code == 0, result.output
    there, before = tree(pages / "results" / "2026-h1"), tree(first / "release")
    assert there["v1/scores.csv"] == before["scores.csv"]
    assert json.loads(there["v1/manifest.json"])["release_digest"] == digest(first)
    assert json.loads(there["manifest.json"])["release_digest"] == digest(second)
    assert 'href="../v1/scores.csv"' in there["versions.md"].decode()


def test_publishing_the_second_version_again_keeps_the_first(first, second, pages):
    for folder in (first, second, second):
        assert run("publish", folder, "--into", pages).exit_code == 0
    assert "v1/scores.csv" in tree(pages / "results" / "2026-h1")
    assert "v2/scores.csv" not in tree(pages / "results" / "2026-h1")


def test_a_published_folder_can_be_checked_against_its_own_manifest(first, second, pages):
    for folder in (first, second):
        assert run("publish", folder, "--into", pages).exit_code == 0
    there = pages / "results" / "2026-h1"
    assert run("check", there, "--notice", there / "notice.docx").exit_code == 0
    assert run("check", there / "v1", "--notice", there / "notice.docx").exit_code == 1


def test_other_figures_never_replace_a_publication_in_silence(first, pages, tmp_path):
    other = computed(tmp_path / "other", FIRST | {("hall", "citizen", "5"): 10})
    assert run("publish", first, "--into", pages).exit_code == 0
    before = tree(pages)
    result = run("publish", other, "--into", pages)
    assert (result.exit_code, "--released" in result.output) == (2, True)
    assert tree(pages) == before


def test_a_version_that_does_not_match_its_manifest_is_refused(first, tmp_path):
    broken = Path(shutil.copytree(first, tmp_path / "broken"))
    (broken / "release" / "scores.csv").write_text("unit\n", encoding="utf-8")
    made = write_folder(tmp_path / "next", ballots(FIRST), METHOD, FACTS)
    assert run("compute", made, "--released", broken).exit_code == 2
    assert not (made / "release").exists()
