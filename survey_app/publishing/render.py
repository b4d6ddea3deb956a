"""Bodies from data. Rendering twice changes nothing; what a person wrote stays byte for byte."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from survey_app.config import HOME
from survey_app.publishing.book import Book
from survey_app.publishing.outputs.helpers import GLOBALS
from survey_app.publishing.pages import Page, read_pages, rewrite_body
from survey_app.publishing.words import CLASSES, FILTERS, KINDS, THEMES

TEMPLATES = HOME / "site" / "templates"
RENDERED = (
    "home",
    "unit",
    "procedure",
    "commitment",
    "answers",
    "handling",
    "kept_rates",
    "notice",
    "catalogue",
    "listing",
    "disclosure_item",
    "disclosure_block",
    "annual_report",
)


@cache
def environment(templates: Path = TEMPLATES) -> Environment:
    """Templates see pages and words only; all text is escaped, and an element that is absent is false."""
    env = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals.update(GLOBALS, CLASSES=CLASSES, KINDS=KINDS, THEMES=THEMES)
    return env


def render_body(env: Environment, book: Book, page: Page) -> str:
    """One page's body: HTML without blank or indented lines, at which Markdown would end the block or begin code."""
    template = env.get_template(f"{page.kind}.md.j2")
    made = template.render(page=page, d=page.data, book=book, root=root_of(page), to=partial(_to, page))
    return "\n".join(line.strip() for line in made.splitlines() if line.strip())


def root_of(page: Page) -> str:
    """The way from the page's address up to the site's root."""
    return "../" * page.url.count("/") or "./"


def _to(page: Page, other: Page) -> str:
    return root_of(page) + other.url


def _bodies(pages_dir: Path) -> list[tuple[Page, str]]:
    book, env = Book(read_pages(pages_dir)), environment()
    return [(page, render_body(env, book, page)) for page in book.pages if page.kind in RENDERED]


def render_pages(pages_dir: Path) -> list[Path]:
    """Rewrite every body that differs from its data; return the files that changed."""
    made: list[tuple[Page, str]] = _bodies(pages_dir)
    return [pages_dir / page.path for page, body in made if rewrite_body(pages_dir, page, body)]


def render_bodies(book: Book, pages: Iterable[Page]) -> list[tuple[Page, str]]:
    """The same for these pages only, with a book already read; nothing is written."""
    env = environment()
    return [(page, render_body(env, book, page)) for page in pages]


def check_rendered(pages_dir: Path) -> list[Path]:
    """Files whose body is not what their data gives; nothing is written."""
    return [pages_dir / page.path for page, body in _bodies(pages_dir) if _differs(pages_dir, page, body)]


def _differs(pages_dir: Path, page: Page, body: str) -> bool:
    return (pages_dir / page.path).read_bytes() != page.text(body).encode()
