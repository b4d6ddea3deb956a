"""What is live is not built again, and where the fast path cannot be trusted everything is built."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from survey_app.config import HOME, Settings
from survey_app.domain.errors import BuildFailed
from survey_app.publishing.building import incremental, kept, releases
from survey_app.publishing.building.fingerprint import fingerprint
from survey_app.publishing.building.incremental import publish_changes
from tests.pages.incremental.portal import NOISE_PROCEDURE, Portal, built_fresh, shelves_forgotten, site_of
from tests.pages.page_trees import (
    COMMITMENT,
    COMMITMENT_PATH,
    PROCEDURE_PATH,
)


def test_what_is_live_already_is_not_built_again(portal: Portal) -> None:
    portal.change(PROCEDURE_PATH, scope="买卖、赠与双方")
    first = publish_changes(portal.settings)
    second = publish_changes(portal.settings)
    assert (second.kind, second.release) == ("nothing", first.release)
    asked = publish_changes(portal.settings, [PROCEDURE_PATH])
    assert asked.kind == "changes"
    assert site_of(portal.settings)["index.html"] == (first.release / "index.html").read_bytes()


def test_a_page_that_fails_its_checks_is_held_back_and_the_others_go_live(portal: Portal, tmp_path: Path) -> None:
    good = portal.html("units/dengji/procedures/guohu")
    portal.change(PROCEDURE_PATH, promised_limit_days=50)
    portal.change(NOISE_PROCEDURE, scope="纳税人")
    portal.write("units/dengji/procedures/diya.md", {"kind": "procedure", "title": "抵押登记"})
    portal.write("units/dengji/commitments/diya.md", {**COMMITMENT, "title": "抵押3天", "procedure": "diya"})
    report = publish_changes(portal.settings)
    assert sorted(report.held) == [
        "units/dengji/commitments/diya.md",
        "units/dengji/procedures/diya.md",
        PROCEDURE_PATH,
    ]
    assert "50" in report.held[PROCEDURE_PATH][0].text()
    assert portal.html("units/dengji/procedures/guohu") == good
    assert "纳税人" in portal.html("units/shuiwu/procedures/fapiao")
    assert "抵押" not in portal.html("units/dengji")
    assert not (portal.settings.live_site / "units/dengji/procedures/diya").exists()
    portal.change(PROCEDURE_PATH, promised_limit_days=4)
    portal.remove("units/dengji/procedures/diya.md", "units/dengji/commitments/diya.md")
    assert publish_changes(portal.settings).held == {}
    assert site_of(portal.settings) == built_fresh(portal, tmp_path / "full")


def test_a_page_others_need_is_not_taken_away(portal: Portal) -> None:
    portal.remove(PROCEDURE_PATH)
    report = publish_changes(portal.settings)
    assert [finding.path for finding in report.held[PROCEDURE_PATH]] == [COMMITMENT_PATH]
    assert "5个工作日" in portal.html("units/dengji/procedures/guohu")


def test_a_warning_of_mkdocs_is_an_error_though_dirty_greets_with_one(portal: Portal) -> None:
    live = portal.settings.live_site.resolve()
    about = portal.settings.pages / "about/index.md"
    about.write_text(about.read_text() + "\n[没有这个标题](#nowhere)\n")
    with pytest.raises(BuildFailed, match=r"about/index\.md.*#nowhere"):
        publish_changes(portal.settings)
    assert portal.settings.live_site.resolve() == live
    assert [path.name for path in portal.settings.releases.glob(".building-*")] == []


def test_a_link_from_a_hand_written_page_to_a_removed_one_is_found(portal: Portal) -> None:
    about = portal.settings.pages / "about/index.md"
    about.write_text(about.read_text() + "\n[领用发票](../units/shuiwu/procedures/fapiao.md)\n")
    assert publish_changes(portal.settings).held == {}
    portal.remove(NOISE_PROCEDURE)
    with pytest.raises(BuildFailed, match=r"fapiao\.md"):
        publish_changes(portal.settings)
    assert "领用发票" in portal.html("units/shuiwu/procedures/fapiao")


@pytest.mark.parametrize("what", ["home data", "no record", "a text nobody kept", "no live site"])
def test_where_the_fast_path_cannot_be_trusted_everything_is_built(what: str, portal: Portal) -> None:
    settings = portal.settings
    if what == "home data":
        portal.change("index.md", site_name="试验区信息公开")
    elif what == "no record":
        releases.record_of(settings.live_site.resolve()).unlink()
    elif what == "no live site":
        settings.live_site.unlink()
    else:
        portal.change(PROCEDURE_PATH, scope="买卖、赠与双方")
        shelves_forgotten()
        shutil.rmtree(settings.releases / kept.FOLDER)
    assert publish_changes(settings).kind == "full"
    assert releases.live(settings) is not None


def test_a_changed_template_or_programme_changes_the_fingerprint(tmp_path: Path) -> None:
    for part in ("templates", "schemas", "overrides"):
        shutil.copytree(HOME / "site" / part, tmp_path / "site" / part)
    shutil.copy(HOME / "mkdocs.yml", tmp_path)
    settings = Settings(home=tmp_path)
    seen = {fingerprint(settings, {"district": "甲"})}
    assert fingerprint(settings, {"district": "甲"}) in seen
    for file in ("mkdocs.yml", "site/templates/parts.j2", "site/schemas/unit.json", "site/overrides/main.html"):
        with (tmp_path / file).open("a") as end:
            end.write("\n")
        now = fingerprint(settings, {"district": "甲"})
        assert now not in seen
        seen.add(now)
    assert fingerprint(settings, {"district": "乙"}) not in seen


def test_a_programme_put_on_the_disk_counts_from_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this process builds is built by the code it has loaded, whatever lies on the disk by now."""
    module = sys.modules[fingerprint.__module__]
    before = fingerprint(Settings(), {})
    for room in module.OUR_CODE:
        shutil.copytree(HOME / "survey_app" / room, tmp_path / "survey_app" / room)
    monkeypatch.setattr(module, "HOME", tmp_path)
    as_on_disk = module._our_code()
    with (tmp_path / "survey_app/domain/errors.py").open("a") as end:
        end.write("\n")
    assert module._our_code() != as_on_disk
    assert fingerprint(Settings(), {}) == before
    monkeypatch.setattr(module, "_CODE", module._our_code())
    assert fingerprint(Settings(), {}) != before


def test_a_page_written_while_the_site_is_built_from_it_is_checked_first(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, calls = incremental.build_missing, []

    def overtaken(*given: Any) -> None:
        if not calls:
            portal.change(NOISE_PROCEDURE, promised_limit_days=50)
        calls.append(given)
        build(*given)

    monkeypatch.setattr(incremental, "build_missing", overtaken)
    portal.change(PROCEDURE_PATH, scope="买卖、赠与双方")
    report = publish_changes(portal.settings)
    assert len(calls) == 2
    assert list(report.held) == [NOISE_PROCEDURE]
    assert "买卖、赠与双方" in portal.html("units/dengji/procedures/guohu")
    assert "50个工作日" not in portal.html("units/shuiwu/procedures/fapiao")


def test_an_edit_of_the_same_size_at_the_same_time_is_seen(portal: Portal) -> None:
    file = portal.settings.pages / PROCEDURE_PATH
    stat = file.stat()
    file.write_bytes(file.read_bytes().replace("一楼1号".encode(), "一楼9号".encode()))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert file.stat().st_size == stat.st_size
    publish_changes(portal.settings)
    assert "一楼9号" in portal.html("units/dengji/procedures/guohu")
