"""A unit changes its address, or becomes part of another: every page that goes along, and every page that names it.

The unit's own page is changed, or removed, last. Until then the move can be begun again from any point; after that it
is known to be whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey_app.domain import revisions as rules
from survey_app.domain.errors import Finding
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page
from survey_app.publishing.pages import Page, digest, new_page
from survey_app.publishing.render import RENDERED
from survey_app.store.revisions import Revision

# Where a page names a unit by its slug. What a notice or a yearly report says of its author stays true after a merger.
NAMING = ("unit", "parent", "merged_into", "co_units")
LASTING = frozenset({"notice", "annual_report", "round"})


@dataclass(frozen=True)
class Plan:
    """Pages to write, then paths to remove, then the page that says that all is done; each in this order."""

    first: list[Page]
    removed: list[str]
    last: list[Page]

    @property
    def pages(self) -> list[Page]:
        """All pages that are written."""
        return [*self.first, *self.last]


def plan(book: Book, revision: Revision) -> Plan:
    """What is left to do to carry out the move; nothing when all is done."""
    old, new, merging = old_slug(revision), str(revision.data["to"]), revision.action == rules.MERGE
    own = [page for page in book.pages if page.unit == old and page.path != revision.page]
    places = {page.path: _place(book, page, old, new, merging) for page in own}
    moved = [new_page(places[page.path], _renamed(page.data, old, new)) for page in own]
    named = [_naming(page, old, new) for page in book.pages if page.path not in places and _names(page, old, merging)]
    unit = new_page(revision.page if merging else f"units/{new}/index.md", revision.data["unit"])
    others = [page for page in named if page.path not in (revision.page, unit.path)]
    if merging:
        return Plan([*moved, *others], [*places], [unit])
    return Plan([*moved, *others, unit], [*places, revision.page], [])


def old_slug(revision: Revision) -> str:
    """The folder the unit leaves: written in the data, since the revision itself follows the unit."""
    return str(revision.data["from"])


def digest_when_done(revision: Revision) -> str:
    """The digest of the unit's former page once all is done; empty: it is gone."""
    return digest(new_page(revision.page, revision.data["unit"])) if revision.action == rules.MERGE else ""


def findings(book: Book, revision: Revision, today: date) -> list[Finding]:
    """What the checks say of every page the move touches, as it would be."""
    made = plan(book, revision)
    after = book.with_pages(made.pages, made.removed)
    return [finding for page in made.pages for finding in check_page(page, after, today)]


def _place(book: Book, page: Page, old: str, new: str, merging: bool) -> str:
    """The page's path in the other folder; a name that is taken there by another page gets a number."""
    wanted = f"units/{new}/" + page.path.removeprefix(f"units/{old}/")
    same = digest(new_page(wanted, _renamed(page.data, old, new)))
    stem, number = wanted.removesuffix(".md"), 1
    while merging and wanted in book.by_path and digest(book.by_path[wanted]) != same:
        number += 1
        wanted = f"{stem}-{number}.md"
    return wanted


def _names(page: Page, old: str, merging: bool) -> bool:
    if merging and page.kind in LASTING:
        return any(f"units/{old}/{folder}/" in page.head for folder in MOVED)
    links = f"units/{old}/"
    by_hand = page.kind not in RENDERED and links in page.body
    return by_hand or links in page.head or any(old in _as_list(page.data.get(key)) for key in NAMING)


def _naming(page: Page, old: str, new: str) -> Page:
    """The page with the new slug; a body written by hand has its links changed, any other is made anew."""
    changed = new_page(page.path, _renamed(page.data, old, new))
    body = page.body.replace(f"units/{old}/", f"units/{new}/") if page.kind not in RENDERED else page.body
    return Page(changed.path, changed.data, changed.head, body)


def _renamed(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    found = {}
    for key, value in data.items():
        if key in NAMING:
            swapped = _unique(new if slug == old else slug for slug in _as_list(value))
            found[key] = swapped if isinstance(value, list) else swapped[0]
        else:
            found[key] = _with_links(value, f"units/{old}/", f"units/{new}/")
    return found


def _with_links(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [_with_links(part, old, new) for part in value]
    if isinstance(value, dict):
        return {key: _with_links(part, old, new) for key, part in value.items()}
    return value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unique(slugs: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(slugs))
