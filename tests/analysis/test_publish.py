"""Publishing writes where a release says; it never leaves the pages and never removes what is not its own."""

import json
from pathlib import Path

import pytest

from analysis import manifest
from analysis.messages import EN, MESSAGES, ZH

from .conftest import Folder, ballots, round_data, run

ROWS = ballots({("hall", "citizen", "5", "4"): 12})


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def computed(folder: Folder) -> Path:
    """A small round with its release."""
    made = folder(ROWS)
    assert run("compute", made).exit_code == 0
    return made


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A pages folder, still empty."""
    (tmp_path / "site" / "pages").mkdir(parents=True)
    return tmp_path / "site" / "pages"


def with_code(folder: Path, code: object) -> None:
    """Write another round code into a release and make its manifest fit again."""
    release = folder / "release"
    model = json.loads((release / "release.json").read_bytes())
    model["round"]["code"] = code
    files = tree(release) | {"release.json": manifest.dump(model)}
    files.pop(manifest.NAME)
    (release / "release.json").write_bytes(files["release.json"])
    (release / manifest.NAME).write_bytes(manifest.describe(files))


@pytest.mark.parametrize("code", ["../../outside", "..", ".", "", "a/b", "H1", "a" * 101, None, ["x"]])
def test_a_code_that_is_no_slug_is_refused_and_nothing_is_written(code, computed: Path, pages: Path, tmp_path: Path):
    with_code(computed, code)
    before = tree(tmp_path)
    result = run("publish", computed, "--into", pages)
    assert (result.exit_code, "round.code" in result.output) == (2, True)
    assert tree(tmp_path) == before


def test_the_page_of_the_round_before_its_results_is_replaced(computed: Path, pages: Path):
    there = pages / "results" / "2026-h1"
    there.mkdir(parents=True)
    for name in ("index.md", "method.toml"):
        (there / name).write_text("before", encoding="utf-8")
    assert run("publish", computed, "--into", pages).exit_code == 0
    assert list(tree(there)) == list(tree(computed / "release"))


def test_files_that_an_older_publication_lists_are_removed(computed: Path, pages: Path):
    there = pages / "results" / "2026-h1"
    assert run("publish", computed, "--into", pages).exit_code == 0
    files = {name: content for name, content in tree(there).items() if name != manifest.NAME}
    files["charts/older.svg"] = b"<svg/>"
    (there / "charts" / "older.svg").write_bytes(b"<svg/>")
    (there / manifest.NAME).write_bytes(manifest.describe(files))
    assert run("publish", computed, "--into", pages).exit_code == 0
    assert list(tree(there)) == list(tree(computed / "release"))
    assert [p.name for p in there.parent.iterdir()] == ["2026-h1"]


@pytest.mark.parametrize("name", ["letter.pdf", "notes.md", "charts/photo.png", ".draft"])
def test_files_of_another_origin_are_never_removed(name, computed: Path, pages: Path):
    foreign = pages / "results" / "2026-h1" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("kept", encoding="utf-8")
    before = tree(pages)
    result = run("publish", computed, "--into", pages)
    assert (result.exit_code, foreign.name in result.output) == (2, True)
    assert MESSAGES["publish_over"][ZH] in result.output
    assert tree(pages) == before


def test_the_refusal_is_said_in_english_too(computed: Path, pages: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    (pages / "results" / "2026-h1").mkdir(parents=True)
    (pages / "results" / "2026-h1" / "letter.pdf").write_bytes(b"kept")
    assert MESSAGES["publish_over"][EN] in run("publish", computed, "--into", pages).output


def test_a_snapshot_in_the_pages_is_never_replaced(computed: Path, pages: Path):
    there = pages / "results" / "2026-h1"
    files = tree(computed / "snapshot")
    there.mkdir(parents=True)
    for name, content in (files | {manifest.NAME: manifest.describe_snapshot(files)}).items():
        (there / name).write_bytes(content)
    before = tree(there)
    assert run("publish", computed, "--into", pages).exit_code == 2
    assert tree(there) == before


@pytest.mark.parametrize("listed", [b"[]", b"{", b'{"format":1,"release_digest":"x"}'])
def test_a_manifest_in_the_pages_that_cannot_be_read_stops_the_publication(listed, computed: Path, pages: Path):
    there = pages / "results" / "2026-h1"
    there.mkdir(parents=True)
    (there / manifest.NAME).write_bytes(listed)
    assert run("publish", computed, "--into", pages).exit_code == 2
    assert tree(there) == {manifest.NAME: listed}


def test_a_unit_that_is_no_slug_gets_no_link(folder: Folder, pages: Path):
    made = folder(ROWS, facts=round_data())
    assert run("compute", made).exit_code == 0
    text = (made / "release" / "release.json").read_text(encoding="utf-8")
    (made / "release" / "release.json").write_text(text.replace('"hall"', '"../units/hall"'), encoding="utf-8")
    files = {name: content for name, content in tree(made / "release").items() if name != manifest.NAME}
    (made / "release" / manifest.NAME).write_bytes(manifest.describe(files))
    (pages / "units" / "hall").mkdir(parents=True)
    (pages / "units" / "hall" / "index.md").write_text("", encoding="utf-8")
    assert run("publish", made, "--into", pages).exit_code == 0
    assert 'href="../../units/' not in (pages / "results" / "2026-h1" / "index.md").read_text(encoding="utf-8")
