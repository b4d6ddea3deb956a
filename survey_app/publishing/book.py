"""The whole set of pages as templates see it: who belongs to whom, in the order a reader expects."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from survey_app.publishing.pages import Page
from survey_app.publishing.words import CATEGORIES, CLASSES, THEMES, month

Groups = list[tuple[str, list[Page]]]


def grouped(pages: Iterable[Page], name: Any, order: Iterable[str] = ()) -> Groups:
    """Pages under headings: first the headings of `order`, then the rest as they come; no empty heading."""
    found: dict[str, list[Page]] = {heading: [] for heading in order}
    for page in pages:
        found.setdefault(name(page), []).append(page)
    return [(heading, members) for heading, members in found.items() if members]


class Book:
    """Indexes over all pages; a missing page is an empty answer, since checks have spoken before."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.pages = sorted(pages, key=lambda page: page.path.split("/"))
        self.by_path = {page.path: page for page in self.pages}

    def kind(self, kind: str) -> list[Page]:
        """All pages of one kind in order of path."""
        return self._kinds.get(kind, [])

    @cached_property
    def _kinds(self) -> dict[str, list[Page]]:
        return dict(grouped(self.pages, lambda page: page.kind))

    @cached_property
    def _of_unit(self) -> dict[tuple[str, str], list[Page]]:
        found: dict[tuple[str, str], list[Page]] = {}
        for page in self.pages:
            found.setdefault((page.kind, page.unit), []).append(page)
        return found

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page below the site's root."""
        return frozenset(page.url for page in self.pages)

    @property
    def home(self) -> dict[str, Any]:
        """The district's name, sponsors and words, from the home page."""
        found = self.kind("home")
        return found[0].data if found else {}

    def unit(self, slug: str) -> Page | None:
        """The unit's own page."""
        return self.by_path.get(f"units/{slug}/index.md")

    def unit_title(self, slug: str) -> str:
        """What the unit is called; its slug when it has no page."""
        found = self.unit(slug)
        return found.title if found else slug

    def children(self, slug: str) -> list[Page]:
        """Units below this one."""
        return [unit for unit in self.kind("unit") if unit.data.get("parent") == slug]

    def procedure(self, unit: str, slug: str) -> Page | None:
        """One procedure of one unit."""
        return self.by_path.get(f"units/{unit}/procedures/{slug}.md")

    def procedures_of(self, unit: str) -> list[Page]:
        """The unit's procedures in order of slug."""
        return self._of_unit.get(("procedure", unit), [])

    def commitments_of(self, unit: str, procedure: str = "") -> list[Page]:
        """The unit's commitments, or only those for one procedure."""
        found = self._of_unit.get(("commitment", unit), [])
        return [page for page in found if not procedure or page.data.get("procedure") == procedure]

    @cached_property
    def notices(self) -> list[Page]:
        """All notices, newest first."""
        return sorted(self.kind("notice"), key=lambda page: page.slug, reverse=True)

    def notices_of(self, unit: str) -> list[Page]:
        """The unit's notices, newest first."""
        return [page for page in self.notices if page.data.get("unit") == unit]

    def superseded_by(self, slug: str) -> Page | None:
        """The notice that takes the place of this one."""
        return next((page for page in self.notices if page.data.get("supersedes") == slug), None)

    def rounds(self, status: str = "") -> list[Page]:
        """Rounds, newest first."""
        found = sorted(self.kind("round"), key=lambda page: (page.data["opens_on"], page.slug), reverse=True)
        return [page for page in found if not status or page.data["status"] == status]

    def units_by_class(self) -> Groups:
        """Units under the classes in which they are rated; class code as heading."""
        return grouped(self.kind("unit"), lambda page: page.data.get("class", ""), CLASSES)

    def by_theme(self, pages: Iterable[Page], audience: str = "") -> Groups:
        """Procedures under their themes; those that have none under the source list's own heading."""
        chosen = [page for page in pages if not audience or audience in page.data.get("audience", [])]
        return grouped(chosen, lambda page: page.data.get("theme") or page.data.get("group") or "其他事项", THEMES)

    def without_theme(self) -> Groups:
        """Imported procedures that have no theme yet, by unit slug."""
        return grouped((p for p in self.kind("procedure") if "theme" not in p.data), lambda page: page.unit)

    def with_theme(self) -> Groups:
        """Procedures that have a theme, by theme."""
        return self.by_theme(p for p in self.kind("procedure") if "theme" in p.data)

    def by_month(self) -> Groups:
        """Notices by month of publication, newest first."""
        return grouped(self.notices, lambda page: month(page.data["published_on"]))

    def by_category(self) -> Groups:
        """Notices by category, newest first in each."""
        return grouped(self.notices, lambda page: page.data["category"], CATEGORIES)

    def annual_reports(self) -> list[Page]:
        """Yearly reports on disclosure, newest first."""
        return [p for p in reversed(self.pages) if p.path.startswith("disclosure/annual-")]
