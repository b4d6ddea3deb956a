"""A draft looks exactly as the page will look once it is live."""

import shutil
from pathlib import Path

import pytest

from survey_app.config import Settings
from survey_app.publishing.building.incremental import publish_changes
from survey_app.publishing.building.preview import build_preview
from survey_app.publishing.building.site import build_site
from survey_app.publishing.pages import new_page, parse_page, write_page
from tests.pages.page_trees import (
    COMMITMENT_PATH,
    ITEM_PATH,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    UNIT_PATH,
    small_tree,
    write_tree,
)

CHANGED = {
    PROCEDURE_PATH: {"scope": "买卖、赠与双方", "promised_limit_days": 3},
    UNIT_PATH: {"hours": "周一至周六9:00–17:00"},
    NOTICE_PATH: {"summary": "周六办到18:00。"},
    COMMITMENT_PATH: {"remedy": "三天内说明原因。"},
    ITEM_PATH: {"last_on": "2026-10-24"},
    "about/index.md": {"title": "说明"},
    "index.md": {"site_name": "试验区信息公开"},
}


@pytest.fixture(scope="module")
def first_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("preview")
    build_site(Settings(var=var, pages=write_tree(var / "pages", small_tree())))
    return var


@pytest.fixture
def settings(first_built: Path, tmp_path: Path) -> Settings:
    shutil.copytree(first_built, tmp_path / "var", symlinks=True)
    return Settings(var=tmp_path / "var", pages=tmp_path / "var" / "pages")


@pytest.mark.parametrize("path", CHANGED)
def test_a_preview_is_what_mkdocs_makes_of_the_page(path: str, settings: Settings, tmp_path: Path) -> None:
    page = parse_page(path, (settings.pages / path).read_bytes())
    draft = new_page(path, {**page.data, **CHANGED[path]})  # type: ignore[union-attr]
    live = settings.live_site.resolve()
    shown = build_preview(settings, draft, tmp_path / "preview")
    assert live == settings.live_site.resolve(), "nothing went live"
    write_page(settings.pages, draft, "")
    build_site(settings)
    assert shown.relative_to(tmp_path / "preview").as_posix() == f"{draft.url}index.html"
    assert shown.read_bytes() == (settings.live_site / draft.url / "index.html").read_bytes()
    assert next(iter(CHANGED[path].values())) != ""


def test_a_page_that_is_not_there_yet_has_a_preview_too(settings: Settings, tmp_path: Path) -> None:
    draft = new_page("units/dengji/procedures/diya.md", {**PROCEDURE, "title": "抵押登记"})
    shown = build_preview(settings, draft, tmp_path / "preview")
    assert not (settings.pages / draft.path).exists()
    write_page(settings.pages, draft, "")
    publish_changes(settings)
    assert shown.read_bytes() == (settings.live_site / draft.url / "index.html").read_bytes()


def test_markup_in_a_draft_is_text(settings: Settings, tmp_path: Path) -> None:
    draft = new_page(PROCEDURE_PATH, {**PROCEDURE, "scope": "<script>alert(1)</script>{{ 7 * 7 }}"})
    html = build_preview(settings, draft, tmp_path / "preview").read_text("utf-8")
    assert "<script>alert(1)" not in html
    assert "{{ 7 * 7 }}" in html
