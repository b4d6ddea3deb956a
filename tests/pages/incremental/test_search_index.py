"""The search index follows in a job of its own."""

from pathlib import Path
from typing import Any

import pytest

from survey_app.config import Settings
from survey_app.publishing.building import releases, searching
from survey_app.publishing.building.incremental import publish_changes
from survey_app.publishing.building.searching import refresh_search
from tests.pages.incremental.portal import NOISE_PROCEDURE, Portal, built_fresh
from tests.pages.page_trees import (
    PROCEDURE_PATH,
    UNIT_PATH,
)


def index_of(settings: Settings) -> dict[str, bytes]:
    root = (settings.live_site / "pagefind").resolve()
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_the_old_index_serves_until_the_new_one_takes_its_place(portal: Portal) -> None:
    before = index_of(portal.settings)
    portal.remove(NOISE_PROCEDURE)
    publish_changes(portal.settings)
    assert index_of(portal.settings) == before
    report = refresh_search(portal.settings)
    assert report is not None
    assert report.kind == "changes"
    after = index_of(portal.settings)
    assert "pagefind-entry.json" in after
    assert (
        len([name for name in after if name.startswith("fragment/")])
        == len([name for name in before if name.startswith("fragment/")]) - 1
    )
    again = refresh_search(portal.settings)
    assert again is not None
    assert again.kind == "nothing"
    left = sorted(path.name for path in portal.settings.releases.iterdir())
    assert left == [
        ".index-000001", ".index-000002", ".index.lock", ".lock", ".sources", ".spare",
        "000001", "000001.json", "000002", "000002.json",
    ]  # fmt: skip


def test_after_a_refresh_the_words_are_indexed_as_a_full_build_indexes_them(portal: Portal, tmp_path: Path) -> None:
    """Pagefind gives the same words and fragments each time; its lists of filters come in an order of their own."""
    portal.change(UNIT_PATH, title="不动产登记中心", former_names=[{"name": "登记中心", "until_on": "2026-11-19"}])
    publish_changes(portal.settings)
    refresh_search(portal.settings)
    built_fresh(portal, tmp_path / "full")
    fast, full = index_of(portal.settings), index_of(Settings(var=tmp_path / "full", pages=tmp_path / "full" / "pages"))
    assert {name for name in fast if name.startswith(("fragment/", "index/"))} == {
        name for name in full if name.startswith(("fragment/", "index/"))
    }


def test_an_index_overtaken_by_a_newer_site_is_used_and_known_to_be_older(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = searching.build_index

    def overtaken(*given: Any) -> None:
        portal.change(NOISE_PROCEDURE, scope="纳税人")
        publish_changes(portal.settings)
        build(*given)

    portal.change(PROCEDURE_PATH, title="二手房屋过户")
    publish_changes(portal.settings)
    monkeypatch.setattr(searching, "build_index", overtaken)
    refresh_search(portal.settings)
    live = releases.live(portal.settings)
    assert live is not None
    assert live.folder.name == "000003"
    assert (live.folder / "pagefind").resolve().name == ".index-000002"
    assert not live.search_is_current


def test_a_release_left_by_a_kill_never_costs_the_live_one_its_place(portal: Portal) -> None:
    for number in ("000002", "000003"):
        (portal.settings.releases / number).mkdir()
    live = portal.settings.live_site.resolve()
    refresh_search(portal.settings)
    releases.remove_old(portal.settings)
    assert portal.settings.live_site.resolve() == live
    assert (live / "index.html").is_file()
    assert not (portal.settings.releases / "000003").exists()
