"""Approve to live: for every kind of change the fast path gives the site that a full build gives, byte for byte."""

import copy
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from survey_app.config import HOME, Settings
from survey_app.domain.errors import BuildFailed
from survey_app.publishing.building import incremental, kept, releases, searching, site
from survey_app.publishing.building.fingerprint import fingerprint
from survey_app.publishing.building.incremental import publish_changes, publish_everything
from survey_app.publishing.building.searching import refresh_search
from survey_app.publishing.building.site import FaultyPages, build_site
from survey_app.publishing.pages import parse_page, remove_page
from survey_app.publishing.shelf import _shelves, shelf
from tests.pages.page_trees import (
    BLOCK_PATH,
    COMMITMENT,
    COMMITMENT_PATH,
    ITEM,
    ITEM_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    REPORT_PATH,
    TODAY,
    UNIT,
    UNIT_PATH,
    Tree,
    small_tree,
    write_tree,
)

OLDER_NOTICE = "notices/2026-10-08-guoqing.md"
NOISE_UNIT = "units/shuiwu/index.md"
NOISE_PROCEDURE = "units/shuiwu/procedures/fapiao.md"


def district() -> Tree:
    """Two units, two procedures, two notices, one page of every other kind, and an address of its own."""
    tree = small_tree()
    tree["index.md"] |= {"address": "https://pingyi.shiyan.example/"}
    tree[NOISE_UNIT] = {**UNIT, "title": "税务所", "class": "enforcement"}
    tree[NOISE_PROCEDURE] = {**PROCEDURE, "title": "领用发票", "theme": "税费", "code": "000000000002"}
    tree[OLDER_NOTICE] = {
        **NOTICE,
        "title": "关于国庆办公的公告",
        "unit": "shuiwu",
        "index_no": "000QH002/2026-00001",
        "issued_on": "2026-10-08",
        "published_on": "2026-10-08",
    }
    return copy.deepcopy(tree)


@dataclass
class Portal:
    """Pages and a live site; what a person does to a page in one verb each."""

    settings: Settings

    def write(self, path: str, data: dict[str, Any]) -> None:
        write_tree(self.settings.pages, {path: data})

    def change(self, path: str, without: tuple[str, ...] = (), **fields: Any) -> None:
        read = parse_page(path, (self.settings.pages / path).read_bytes())
        kept = {key: value for key, value in read.data.items() if key not in without}  # type: ignore[union-attr]
        self.write(path, {**kept, **fields})

    def remove(self, *paths: str) -> None:
        for path in paths:
            assert remove_page(self.settings.pages, path)

    def html(self, path: str) -> str:
        return (self.settings.live_site / path / "index.html").read_text("utf-8")


def site_of(settings: Settings) -> dict[str, bytes | None]:
    """Every file and folder of the live site but the search index."""
    root = settings.live_site.resolve()
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*")}
    return {
        name: path.read_bytes() if path.is_file() else None for name, path in found.items() if path.name != "pagefind"
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The theme and the settings of MkDocs, in a copy that nobody edits while these tests run."""
    copied = tmp_path_factory.mktemp("home")
    for part in ("templates", "schemas", "overrides"):
        shutil.copytree(HOME / "site" / part, copied / "site" / part)
    for file in (HOME / "mkdocs.yml", *(HOME / "site").glob("*.yaml")):
        shutil.copy(file, copied / file.relative_to(HOME))
    return copied


@pytest.fixture(scope="module")
def first_built(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("first")
    build_site(Settings(home=home, var=var, pages=write_tree(var / "pages", district())))
    return var


@pytest.fixture
def portal(home: Path, first_built: Path, tmp_path: Path) -> Portal:
    """A portal of one's own whose site is live and whose process has read its pages."""
    var = tmp_path / "var"
    shutil.copytree(first_built, var, symlinks=True)
    settings = Settings(home=home, var=var, pages=var / "pages")
    shelf(settings.pages)
    return Portal(settings)


def built_fresh(portal: Portal, folder: Path) -> dict[str, bytes | None]:
    """What a full build of the same pages gives."""
    settings = replace(portal.settings, var=folder, pages=folder / "pages")
    shutil.copytree(portal.settings.pages, settings.pages)
    build_site(settings)
    return site_of(settings)


CHANGES: dict[str, Callable[[Portal], None]] = {
    "the text of a procedure": lambda p: p.change(PROCEDURE_PATH, scope="买卖、赠与双方"),
    "the title and limit of a procedure": lambda p: p.change(PROCEDURE_PATH, title="房屋过户", promised_limit_days=3),
    "the theme of a procedure": lambda p: p.change(PROCEDURE_PATH, theme="税费"),
    "a new procedure": lambda p: p.write("units/dengji/procedures/diya.md", {**PROCEDURE, "title": "抵押登记"}),
    "a removed procedure": lambda p: p.remove(NOISE_PROCEDURE),
    "a procedure and its commitment removed": lambda p: p.remove(PROCEDURE_PATH, COMMITMENT_PATH),
    "the title of a unit": lambda p: p.change(
        UNIT_PATH, title="不动产登记中心", former_names=[{"name": "登记中心", "until_on": "2026-11-19"}]
    ),
    "the class of a unit": lambda p: p.change(UNIT_PATH, **{"class": "public_service"}),
    "a new unit below another": lambda p: p.write(
        "units/fuyuan/index.md", {**UNIT, "title": "附院", "parent": "dengji"}
    ),
    "a notice added": lambda p: p.write(
        "notices/2026-11-20-xin.md",
        {**NOTICE, "published_on": "2026-11-20", "issued_on": "2026-11-20", "index_no": "000QH001/2026-00009"},
    ),
    "a notice superseding another": lambda p: p.change(NOTICE_PATH, unit="shuiwu", supersedes="2026-10-08-guoqing"),
    "a notice withdrawn": lambda p: p.change(
        OLDER_NOTICE, ("summary", "text"), withdrawn={"on": "2026-11-20", "reason": "内容有误", "by": "办公室"}
    ),
    "the category of a notice": lambda p: p.change(NOTICE_PATH, category="财务收支"),
    "a commitment added": lambda p: p.write(
        "units/shuiwu/commitments/dangchang.md", {**COMMITMENT, "procedure": "fapiao"}
    ),
    "a commitment for no procedure any more": lambda p: p.change(COMMITMENT_PATH, ("procedure",)),
    "a row of the catalogue": lambda p: p.change(ITEM_PATH, last_on="2026-11-20", title="行政许可决定"),
    "a new row of the catalogue": lambda p: p.write("disclosure/items/xuke.md", {**ITEM, "number": 2}),
    "a removed row of the catalogue": lambda p: p.remove(ITEM_PATH),
    "the guide to disclosure": lambda p: p.change(BLOCK_PATH, title="信息公开指南", updated_on="2026-11-20"),
    "the annual report": lambda p: p.change(REPORT_PATH, overview="又一年。"),
    "a picture beside the pages": lambda p: (p.settings.pages / "about/map.png").write_bytes(b"png"),
    "the duty board": lambda p: p.change(
        UNIT_PATH,
        windows=[{"number": "1", "business": "过户", "person": "周静", "state": "away", "back_at": "15:00"}],
        duty_at="2026-11-20 14:00",
    ),
    "a hand-written page": lambda p: p.write(
        "about/scoring.md", {"kind": "page", "title": "得分", "updated_on": "2026-11-01"}
    ),
}


def renamed(portal: Portal) -> None:
    """The unit's folder takes another name; its procedures and commitments go with it."""
    old, new = portal.settings.pages / "units/dengji", portal.settings.pages / "units/budongchan"
    shutil.move(old, new)
    portal.change("units/budongchan/index.md", former_slugs=["dengji"])
    portal.change(NOTICE_PATH, unit="budongchan")
    for path in (ITEM_PATH, BLOCK_PATH, REPORT_PATH):
        portal.change(path, unit="budongchan")


CHANGES["a unit under another folder name"] = renamed


@pytest.mark.parametrize("name", CHANGES)
def test_the_fast_path_gives_the_site_that_a_full_build_gives(name: str, portal: Portal, tmp_path: Path) -> None:
    before = site_of(portal.settings)
    CHANGES[name](portal)
    report = publish_changes(portal.settings, today=TODAY)
    assert (report.kind, report.held) == ("changes", {})
    fast, full = site_of(portal.settings), built_fresh(portal, tmp_path / "full")
    assert sorted(fast) == sorted(full)
    assert [path for path in full if fast[path] != full[path]] == []
    assert fast != before, "the change is seen by the public"


def test_many_changes_one_after_another_give_it_too(portal: Portal, tmp_path: Path) -> None:
    for name in ("a notice superseding another", "a new procedure", "a row of the catalogue", "a hand-written page"):
        CHANGES[name](portal)
        assert publish_changes(portal.settings, today=TODAY).kind == "changes"
    portal.remove("units/dengji/procedures/diya.md", "about/scoring.md")
    portal.change(NOTICE_PATH, ("supersedes",))
    assert publish_changes(portal.settings, today=TODAY).kind == "changes"
    assert site_of(portal.settings) == built_fresh(portal, tmp_path / "full")


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


def shelves_forgotten() -> None:
    """As after a kill: a new process has read no page."""
    _shelves.clear()


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


# A page held back, and everything else


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


# The search index


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
    CHANGES["the title of a unit"](portal)
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
