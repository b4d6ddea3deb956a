"""`affected` is complete: whatever changes, no body differs that it does not name. Tried on the sample district."""

import functools
from collections.abc import Iterator

import pytest

from survey_app.config import HOME
from survey_app.publishing.book import Book
from survey_app.publishing.outputs.extras import affected
from survey_app.publishing.pages import Page, new_page, read_pages
from survey_app.publishing.render import RENDERED, environment, render_body
from survey_app.publishing.rounds import render_round, round_page
from tests.pages.page_trees import METHOD, ROUND

KINDS = (
    "home",
    "unit",
    "procedure",
    "commitment",
    "notice",
    "catalogue",
    "disclosure_item",
    "disclosure_block",
    "round",
)
OTHER = {"title": "换了名字", "published_on": "2026-01-02", "class": "village", "theme": "税费", "unit": "zhengwu"}


@functools.cache
def sample() -> Book:
    return Book([*read_pages(HOME / "site" / "pages"), round_page(ROUND, METHOD)])


def bodies(book: Book) -> dict[str, str]:
    env = environment()
    return {page.path: render_body(env, book, page) for page in book.pages if page.kind in RENDERED}


@functools.cache
def before() -> dict[str, str]:
    return bodies(sample())


def changes(page: Page) -> Iterator[dict[str, object]]:
    """The page with one field after another changed."""
    for field, value in OTHER.items():
        if field in page.data and page.data[field] != value:
            yield {**page.data, field: value}
    for field in (
        "procedure",
        "parent",
        "supersedes",
        "corrects",
        "map",
        "address",
        "links",
        "former_names",
        "summary",
    ):
        if field in page.data:
            yield {key: value for key, value in page.data.items() if key != field}


def pages_to_change() -> list[str]:
    """Two pages of each kind: the first and the one that others name most."""
    chosen = []
    for kind in KINDS:
        found = sample().kind(kind)
        text = {page.path: page.head for page in sample().pages}
        named = sorted(found, key=lambda page: -sum(page.slug in head for head in text.values()))
        chosen += dict.fromkeys(page.path for page in (*found[:1], *named[:1]))
    return chosen


def assert_named(after: Book, *paths: str) -> None:
    made = bodies(after)
    differing = {one for one in before().keys() | made.keys() if before().get(one) != made.get(one)}
    named = {one for path in paths for book in (sample(), after) for one in affected(book, path)}
    assert differing - named == set()


@pytest.mark.parametrize("path", pages_to_change())
def test_every_body_that_a_change_or_a_removal_alters_is_named(path: str) -> None:
    page = sample().by_path[path]
    for data in changes(page):
        assert_named(sample().with_pages([new_page(path, dict(data))]), path)
    if page.kind not in ("home", "catalogue"):
        # A unit goes with all that is in its folder: the checks let no procedure stand without one.
        below = [one for one in sample().by_path if one.startswith(f"units/{page.unit}/")]
        gone = below if page.kind == "unit" else [path]
        assert_named(sample().with_pages([], gone), *gone)


def test_a_page_that_is_new_is_named_with_all_that_show_it() -> None:
    unit = sample().by_path["units/shebao/index.md"]
    procedure = new_page(
        "units/shebao/procedures/xin.md", {**sample().procedures_of("shebao")[0].data, "title": "新事项"}
    )
    for path, data in ((procedure.path, procedure.data), ("units/xin/index.md", {**unit.data, "title": "新单位"})):
        assert_named(sample().with_pages([new_page(path, data)]), path)


def test_an_ordinary_change_does_not_name_everything() -> None:
    """Otherwise the fast path would be as slow as a full build."""
    for path in ("units/shebao/procedures/shebaoka-buban.md", "notices/2026-11-18-daiya-guohu.md"):
        assert len(affected(sample(), path)) < 40
    assert len(affected(sample(), "index.md")) == len(sample().pages)


def test_a_round_is_shown_by_the_pages_of_units() -> None:
    opened = "results/2026-h2/index.md"
    assert "units/shebao/index.md" in affected(sample(), opened)
    assert render_round(sample().by_path[opened], {}, sample())
