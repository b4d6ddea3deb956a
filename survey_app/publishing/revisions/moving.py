"""A unit changes its address, or becomes part of another: every page that goes along, and every page that names it.

The unit's own page is changed, or removed, last. Until then the move can be begun again from any point; after that it
is known to be whole.
"""

import re
from collections.abc import Mapping
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
LASTING = frozenset({"notice", "annual_report", "round", "result"})


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
    swap = _Swap(old, new, merging, places)
    unit = new_page(revision.page if merging else f"units/{new}/index.md", revision.data["unit"])
    moved = [swap.page(page, places[page.path]) for page in own]
    others = [page for page in book.pages if page.path not in (*places, revision.page, unit.path)]
    named = [changed for page, changed in ((page, swap.page(page, page.path)) for page in others) if changed != page]
    if merging:
        return Plan([*moved, *named], [*places], [unit])
    return Plan([*moved, *named, unit], [*places, revision.page], [])


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
    near = [after.by_path[path] for path in sorted({*_near(book, revision), *(page.path for page in made.pages)})]
    return [finding for page in near for finding in check_page(page, after, today)]


def _near(book: Book, revision: Revision) -> set[str]:
    """Pages that speak of the unit or of anything in its folder, and stay where they are."""
    folder = f"units/{old_slug(revision)}/"
    return {p.path for p in book.pages if not p.path.startswith(folder) and (folder in p.head or folder in p.body)}


def _place(book: Book, page: Page, old: str, new: str, merging: bool) -> str:
    """The page's path in the other folder; a name that is taken there by another page gets a number."""
    wanted = f"units/{new}/" + page.path.removeprefix(f"units/{old}/")
    stem, number = wanted.removesuffix(".md"), 1
    while merging and wanted in book.by_path and not _is_same(book.by_path[wanted], page, old, new):
        number += 1
        wanted = f"{stem}-{number}.md"
    return wanted


def _is_same(there: Page, page: Page, old: str, new: str) -> bool:
    """Whether the page has already been moved there: the same but for what names the unit."""
    naming = re.compile(rf"units/(?:{re.escape(old)}|{re.escape(new)})/(?:[a-z]+/[a-z0-9-]+)?")
    bare = [_swapped({k: v for k, v in one.data.items() if k not in NAMING}, naming, "") for one in (there, page)]
    return bool(bare[0] == bare[1])


@dataclass(frozen=True)
class _Swap:
    """One slug, and the addresses below it, for another wherever a page names them."""

    old: str
    new: str
    merging: bool
    places: Mapping[str, str]

    def page(self, page: Page, path: str) -> Page:
        """The page as it has to be; the page itself where it names nothing that moves."""
        keeps_author = self.merging and page.kind in LASTING
        data = {key: value if keeps_author else self._slug(key, value) for key, value in page.data.items()}
        data = self._links(data)
        body = page.body if page.kind in RENDERED else self._links(page.body)
        if path == page.path and data == page.data and body == page.body:
            return page
        made = new_page(path, data)
        return Page(path, data, made.head, body)

    def _slug(self, key: str, value: Any) -> Any:
        if key not in NAMING:
            return value
        if isinstance(value, list):
            return list(dict.fromkeys(self.new if slug == self.old else slug for slug in value))
        return self.new if value == self.old else value

    def _links(self, value: Any) -> Any:
        """The unit's own address stays where its page stays; what moved is found at its new place."""
        if not self.merging:
            return _swapped(value, re.compile(rf"\bunits/{re.escape(self.old)}/"), f"units/{self.new}/")
        for path, place in self.places.items():
            moved = re.compile(rf"\b{re.escape(path.removesuffix('.md'))}(?![a-z0-9-])")
            value = _swapped(value, moved, place.removesuffix(".md"))
        return value


def _swapped(value: Any, pattern: re.Pattern[str], by: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(by, value) if "units/" in value else value
    if isinstance(value, list):
        return [_swapped(part, pattern, by) for part in value]
    if isinstance(value, dict):
        return {key: _swapped(part, pattern, by) for key, part in value.items()}
    return value
