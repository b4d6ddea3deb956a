"""What a built site holds besides MkDocs's pages, and which pages' bodies hang on which.

`write_extras` writes notices to print, posters, codes, open data, feeds and redirects into a built site; `affected`
tells the fast path which bodies to render again. Both work from the pages alone: no clock, so that the same pages
give the same bytes whether all is built or only what changed.
"""

from collections.abc import Collection
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.errors import N_
from survey_app.publishing import synonyms
from survey_app.publishing.book import ANSWERED, Book
from survey_app.publishing.outputs import feeds, opendata, prints, redirects
from survey_app.publishing.outputs.built import Built, address_of
from survey_app.publishing.pages import Page

NO_ADDRESS = N_("首页没有写网站地址（address），所以没有做二维码、海报、公告订阅和网站地图。")
DISCLOSED = ("catalogue", "disclosure_item", "disclosure_block", "annual_report")


def write_extras(settings: Settings, book: Book, into: Path, changed: Collection[str] | None = None) -> None:
    """Complete the built site in `into`; with `changed`, only what those pages, written or removed, have a part in."""
    built = Built(settings, book, into, None if changed is None else frozenset(changed))
    for write in (prints.write, opendata.write, feeds.write, redirects.write, synonyms.write):
        write(built)


def remarks(book: Book) -> list[str]:
    """What the site lacks because the pages do not say it; for the report of a build."""
    return [] if address_of(book) else [NO_ADDRESS]


def affected(book: Book, path: str) -> set[str]:
    """Paths of pages whose bodies may change when the page at `path` is written or removed.

    Ask it with the book before the change and with the book after it, and take both: a notice that no longer
    supersedes another changes that other one.
    """
    page = book.by_path.get(path)
    found = {path, *_hubs(book), *_pointing_at(book, path)}
    if page is None:
        return found
    if page.kind in ("home", "round", "kept_rates"):
        return found | {other.path for other in book.pages}
    if page.kind in DISCLOSED:
        found |= {other.path for kind in DISCLOSED if kind != "disclosure_item" for other in book.kind(kind)}
    return found | _pointed_at(book, page)


def _hubs(book: Book) -> set[str]:
    """Pages that list others: the home page, the lists, the catalogue."""
    return {page.path for kind in ("home", "listing", "catalogue") for page in book.kind(kind)}


def _pointing_at(book: Book, path: str) -> set[str]:
    """Pages that name this one in their data; known by its place alone, so a removed page has them too."""
    place = path.removesuffix(".md").split("/")
    if place[0] == "units" and place[-1] == "index" and len(place) == 3:
        return _naming_unit(book, place[1])
    if place[0] == "units" and place[-1] == "answers" and len(place) == 3:
        return _of_one_unit(book, place[1], "")
    if place[0] == "units" and len(place) == 4:
        return _of_one_unit(book, place[1], place[3])
    if place[0] == "notices":
        return {page.path for page in book.notices if place[-1] in (page.data.get(key) for key in ANSWERED)}
    return set()


def _naming_unit(book: Book, slug: str) -> set[str]:
    below = {page.path for page in book.pages if page.path.startswith(f"units/{slug}/")}
    naming = {page.path for page in book.pages if slug in _units_of(page)}
    return below | naming


def _units_of(page: Page) -> list[str]:
    """Units a page names, in whatever part they have."""
    named = [page.data.get(key) for key in ("unit", "parent", "merged_into")]
    return [*(slug for slug in named if isinstance(slug, str)), *page.data.get("co_units", [])]


def _of_one_unit(book: Book, unit: str, slug: str) -> set[str]:
    """The unit's own page, and commitments for this procedure."""
    promises = {page.path for page in book.commitments_of(unit) if page.data.get("procedure") == slug}
    return promises | {f"units/{unit}/index.md"} & set(book.by_path)


def _pointed_at(book: Book, page: Page) -> set[str]:
    """Pages that show this one because it names them."""
    paths = [f"units/{slug}/index.md" for slug in _units_of(page)]
    if page.kind == "commitment" and page.data.get("procedure"):
        paths.append(f"units/{page.unit}/procedures/{page.data['procedure']}.md")
    if page.kind == "notice":
        paths += [f"notices/{page.data.get(key)}.md" for key in ANSWERED]
    return {path for path in paths if path in book.by_path}
