"""A real strict build of a small tree; the old site outlives whatever goes wrong."""

import fcntl
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.config import HOME, Settings
from survey_app.domain.errors import BuildFailed, PagesUnsound
from survey_app.publishing import build_site
from survey_app.publishing.building.engine import first_useful_line
from tests.pages.page_trees import PROCEDURE_PATH, Tree

Put = Callable[[Tree], Path]


@pytest.fixture
def settings(put: Put, tree: Tree, tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", pages=put(tree))


def live(settings: Settings, path: str = "units/dengji/procedures/guohu/index.html") -> str:
    return (settings.live_site / path).read_text("utf-8")


def test_a_build_goes_live_and_a_bad_page_or_a_broken_anchor_leaves_it_up(settings: Settings, tree: Tree) -> None:
    settings.live_site.mkdir(parents=True)
    (settings.live_site / "bare.html").write_text("of a bare mkdocs build")
    steps: list[str] = []
    report = build_site(settings, steps.append)
    assert steps == ["检查页面", "生成正文", "生成网页", "建立搜索"]
    assert settings.live_site.is_symlink()
    assert settings.live_site.resolve() == report.release
    assert (report.pages, report.rewritten) == (len(tree), len([p for p in tree.values() if p["kind"] != "page"]))
    assert "5个工作日" in live(settings)
    assert (settings.live_site / "pagefind/pagefind.js").is_file()

    file = settings.pages / PROCEDURE_PATH
    good = file.read_text()
    file.write_text(good.replace("promised_limit_days: 5", "promised_limit_days: 35"))
    with pytest.raises(PagesUnsound, match="有1处要改"):
        build_site(settings)
    file.write_text(good)
    about = settings.pages / "about/index.md"
    about.write_text(about.read_text() + "\n[没有这个标题](#nowhere)\n")
    with pytest.raises(BuildFailed, match=r"about/index\.md.*#nowhere"):
        build_site(settings)
    assert settings.live_site.resolve() == report.release
    left = sorted(path.name for path in settings.releases.iterdir())
    assert left == [".index-000001", ".lock", ".sources", ".spare", "000001", "000001.json"]


def test_the_page_for_what_is_not_found_leads_home_under_a_prefix_too(settings: Settings) -> None:
    build_site(replace(settings, prefix="/zwgk/pingyi"))
    missing = live(settings, "404.html")
    assert 'href="/zwgk/pingyi/' in missing
    assert "site.invalid" not in missing
    assert "site.invalid" not in live(settings)


def test_only_two_releases_are_kept_and_what_a_crash_left_is_removed(settings: Settings) -> None:
    for name in ("000001", "000002", ".building-000003", ".leaving-000000", ".index-000001"):
        (settings.releases / name).mkdir(parents=True)
    build_site(settings)
    left = sorted(path.name for path in settings.releases.iterdir())
    assert left == [".index-000003", ".lock", ".sources", ".spare", "000002", "000003", "000003.json"]
    assert settings.live_site.resolve().name == "000003"


def test_a_second_build_waits_for_the_first(settings: Settings) -> None:
    settings.releases.mkdir(parents=True)
    with (settings.releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=build_site, args=(settings,))
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
        assert not settings.live_site.exists()
    second.join()
    assert settings.live_site.is_symlink()


def test_the_first_useful_line_is_the_fault_not_the_greeting() -> None:
    assert first_useful_line("INFO - Cleaning\nWARNING - a link\nAborted") == "WARNING - a link"
    assert first_useful_line("one\ntwo\n") == "two"
    assert first_useful_line("") == "没有说明"


def test_every_link_on_the_sample_site_leads_somewhere(sample: Settings) -> None:
    root = sample.live_site.resolve()
    of_the_app = re.compile(r"^(r|receipt|case|report|case/new/[a-z]+)(\?|$)|^rate/service/[a-z0-9-]+(/[a-z0-9-]+)?$")
    broken = []
    for page in root.rglob("index.html"):
        for link in re.findall(r'(?:href|src|action)="([^"#?]*)', page.read_text("utf-8")):
            if re.match(r"[a-z]+:", link) or not link:
                continue
            target = (page.parent / link).resolve()
            inside = target.relative_to(root).as_posix()
            if not (target.is_file() or (target / "index.html").is_file() or of_the_app.match(inside)):
                broken.append((page.relative_to(root).as_posix(), link))
    assert broken == []


def test_every_anchor_on_the_sample_site_exists(sample: Settings) -> None:
    root = sample.live_site.resolve()
    ids = {page: set(re.findall(r'\sid="([^"]+)"', page.read_text("utf-8"))) for page in root.rglob("index.html")}
    broken = []
    for page in ids:
        for link, anchor in re.findall(r'href="([^"#?:]*)#([^"]+)"', page.read_text("utf-8")):
            target = (page.parent / link / "index.html").resolve() if link else page
            if anchor not in ids.get(target, set()):
                broken.append((page.relative_to(root).as_posix(), link, anchor))
    assert broken == []


def test_the_policy_names_every_inline_script_and_allows_no_other(sample: Settings) -> None:
    line = (sample.live_site / "csp.txt").read_text()
    assert line.startswith("default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-")
    assert "'unsafe-inline'" not in line.split("style-src")[0]
    assert all(part in line for part in ("frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'"))


def test_the_search_script_stays_small() -> None:
    assert (HOME / "site/overrides/assets/js/search.js").stat().st_size < 9_000
