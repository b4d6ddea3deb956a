"""One page as it would look on the site, while it is still a draft: made by MkDocs's own steps, nothing else built."""

import threading
from pathlib import Path
from typing import Any

from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files, get_files
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page as MkDocsPage

from survey_app.config import Settings
from survey_app.files import write_atomically
from survey_app.publishing.book import Book
from survey_app.publishing.building.engine import child_config, config_file
from survey_app.publishing.pages import Page
from survey_app.publishing.render import RENDERED, environment, render_body
from survey_app.publishing.shelf import shelf

_one_at_a_time = threading.Lock()  # MkDocs keeps the current page in its settings


def build_preview(settings: Settings, page: Page, into: Path) -> Path:
    """The page's HTML below `into` at the page's own address; all else is served from the live release."""
    known = shelf(settings.pages)
    book = Book(known.sound(), frozenset(known.files)).with_pages([page])
    body = render_body(environment(), book, page) if page.kind in RENDERED else page.body
    target = into / page.url / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time:
        write_atomically(target, _html(settings, book.home, page.path, page.text(body), into).encode())
    return target


def _html(settings: Settings, home: dict[str, Any], path: str, text: str, into: Path) -> str:
    """The steps of `mkdocs build` for one page, in its order; of the other pages only the names are looked at."""
    with config_file(child_config(settings, home, into)) as file:
        config = load_config(str(file))
    draft = File(path, None, config.site_dir, config.use_directory_urls)
    draft.content_string = text
    files = _with_draft(get_files(config), draft)
    nav = get_navigation(files, config)
    page = draft.page or MkDocsPage(None, draft, config)
    page.read_source(config)
    page.render(config, files)
    page.active = True
    context = get_context(nav, files.documentation_pages(), config, page)
    return str(config.theme.get_env().get_template("main.html").render(context))


def _with_draft(files: Files, draft: File) -> Files:
    """All files, with the draft in the place of the page it is to replace."""
    if found := files.get_file_from_path(draft.src_uri):
        files.remove(found)
    files.append(draft)
    return files
