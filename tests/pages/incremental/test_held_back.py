"""A page held back, and everything else."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey_app.publishing.building import kept, releases, site
from survey_app.publishing.building.incremental import publish_changes, publish_everything
from survey_app.publishing.building.site import FaultyPages, build_site
from tests.pages.incremental.portal import NOISE_PROCEDURE, Portal, built_fresh, shelves_forgotten, site_of
from tests.pages.page_trees import (
    NOTICE_PATH,
    PROCEDURE_PATH,
    TODAY,
)


def test_a_page_held_back_stays_so_after_a_restart_and_the_others_go_live(portal: Portal, tmp_path: Path) -> None:
    portal.change(PROCEDURE_PATH, promised_limit_days=999)
    assert list(publish_changes(portal.settings).held) == [PROCEDURE_PATH]
    for scope in ("纳税人", "纳税人和扣缴义务人"):
        shelves_forgotten()
        portal.change(NOISE_PROCEDURE, scope=scope)
        report = publish_changes(portal.settings)
        assert (report.kind, list(report.held)) == ("changes", [PROCEDURE_PATH])
        assert "999" in report.held[PROCEDURE_PATH][0].text()
        assert scope in portal.html("units/shuiwu/procedures/fapiao")
        assert "5个工作日" in portal.html("units/dengji/procedures/guohu")
    shelves_forgotten()
    portal.change(PROCEDURE_PATH, promised_limit_days=5)
    assert publish_changes(portal.settings).held == {}
    assert site_of(portal.settings) == built_fresh(portal, tmp_path / "full")


def test_a_page_spoiled_while_no_process_ran_is_held_back_too(portal: Portal) -> None:
    portal.change(PROCEDURE_PATH, promised_limit_days=999)
    portal.change(NOISE_PROCEDURE, scope="纳税人")
    shelves_forgotten()
    report = publish_changes(portal.settings)
    assert (report.kind, list(report.held)) == ("changes", [PROCEDURE_PATH])
    assert "纳税人" in portal.html("units/shuiwu/procedures/fapiao")
    assert "999" not in portal.html("units/dengji/procedures/guohu")


def spoil(portal: Portal) -> list[str]:
    """Every way to be held back: bad data, a new page without data, one that cannot be read, one that others need."""
    unreadable, new = "about/index.md", "units/dengji/procedures/diya.md"
    portal.change(NOTICE_PATH, category="没有这一类")
    portal.write(new, {"kind": "procedure", "title": "抵押登记"})
    (portal.settings.pages / unreadable).write_text("no page at all")
    portal.remove(PROCEDURE_PATH)
    return sorted([NOTICE_PATH, new, unreadable, PROCEDURE_PATH])


@pytest.mark.parametrize("how", ["the home page changed", "every night"])
def test_everything_is_built_anew_around_the_pages_held_back(how: str, portal: Portal, tmp_path: Path) -> None:
    sound, settings = tmp_path / "sound", portal.settings
    if how == "the home page changed":
        portal.change("index.md", site_name="试验区信息公开")
    portal.change(NOISE_PROCEDURE, scope="纳税人")
    shutil.copytree(settings.pages, sound)
    bad = spoil(portal)
    shelves_forgotten()
    report = (
        publish_everything(settings, today=TODAY) if how == "every night" else publish_changes(settings, today=TODAY)
    )
    assert (report.kind, sorted(report.held)) == ("full", bad)
    as_if_sound = Portal(replace(settings, pages=sound))
    assert site_of(settings) == built_fresh(as_if_sound, tmp_path / "full")
    assert not (settings.pages / PROCEDURE_PATH).exists(), "what its author did to the file is left alone"
    shelves_forgotten()
    portal.change(NOISE_PROCEDURE, scope="纳税人和扣缴义务人")
    report = publish_changes(settings, today=TODAY)
    assert (report.kind, report.rewritten > 0, sorted(report.held)) == ("changes", True, bad)
    assert "纳税人和扣缴义务人" in portal.html("units/shuiwu/procedures/fapiao")
    for path in bad:
        (settings.pages / path).unlink(missing_ok=True)
    shutil.copytree(sound, settings.pages, dirs_exist_ok=True)
    assert publish_changes(settings, today=TODAY).held == {}
    assert site_of(settings) == built_fresh(portal, tmp_path / "mended")


def test_a_home_page_that_fails_its_checks_stops_no_other_page(portal: Portal) -> None:
    before = portal.html("units/dengji")
    portal.change("index.md", district=7)
    for scope in ("纳税人", "纳税人和扣缴义务人"):
        shelves_forgotten()
        portal.change(NOISE_PROCEDURE, scope=scope)
        assert list(publish_changes(portal.settings).held) == ["index.md"]
        assert scope in portal.html("units/shuiwu/procedures/fapiao")
    assert portal.html("units/dengji") == before


def test_a_full_build_that_nobody_can_hold_pages_back_for_is_refused(portal: Portal) -> None:
    portal.change(PROCEDURE_PATH, promised_limit_days=999)
    with pytest.raises(FaultyPages):
        build_site(portal.settings)
    portal.settings.live_site.unlink()
    with pytest.raises(FaultyPages):
        publish_everything(portal.settings)


def test_a_page_changed_while_everything_is_built_keeps_what_its_author_wrote(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, calls = site.prepare_pages, []

    def overtaken(*given: Any) -> int:
        calls.append(given)
        made = prepare(*given)
        portal.change(NOISE_PROCEDURE, scope="扣缴义务人")
        return made

    portal.change(PROCEDURE_PATH, promised_limit_days=999)
    portal.change(NOISE_PROCEDURE, scope="纳税人")
    monkeypatch.setattr(site, "prepare_pages", overtaken)
    publish_everything(portal.settings)
    assert len(calls) == 2, "first as it is, then with the page held back"
    assert "扣缴义务人" in (portal.settings.pages / NOISE_PROCEDURE).read_text()
    monkeypatch.undo()
    publish_changes(portal.settings)
    assert "扣缴义务人" in portal.html("units/shuiwu/procedures/fapiao")


def test_a_text_that_a_power_cut_spoiled_is_not_taken_for_the_page(portal: Portal) -> None:
    live = releases.live(portal.settings)
    assert live is not None
    digest = live.record.pages[PROCEDURE_PATH]
    kept_as = portal.settings.releases / kept.FOLDER / digest
    good = kept.recall(portal.settings, PROCEDURE_PATH, digest)
    assert good is not None
    assert good.data["promised_limit_days"] == 5
    kept_as.write_bytes(kept_as.read_bytes()[:-9])
    assert kept.recall(portal.settings, PROCEDURE_PATH, digest) is None
    build_site(portal.settings)
    assert kept.recall(portal.settings, PROCEDURE_PATH, digest) == good
    assert sorted(file.name for file in kept_as.parent.iterdir()) == sorted(set(live.record.pages.values()))
