"""The whole set of pages as templates see it: who belongs to whom, in the order a reader expects."""

from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from survey_app.publishing.pages import Page, read_pages
from survey_app.publishing.words import CATEGORIES, CLASSES, THEMES, month

ANSWERED = ("supersedes", "corrects")
EVERYDAY = "everyday-"  # how the months of everyday ratings begin; they are never mixed with rounds
Groups = list[tuple[str, list[Page]]]


def grouped(pages: Iterable[Page], name: Any, order: Iterable[str] = ()) -> Groups:
    """Pages under headings: first the headings of `order`, then the rest as they come; no empty heading."""
    found: dict[str, list[Page]] = {heading: [] for heading in order}
    for page in pages:
        found.setdefault(name(page), []).append(page)
    return [(heading, members) for heading, members in found.items() if members]


def kept_by_commitment(data: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """(unit, commitment) -> its row of the page of kept-rates, with the page's month."""
    return {(row["unit"], row["commitment"]): {**row, "month": data["month"]} for row in data["rates"]}


class Book:
    """Indexes over all pages; a missing page is an empty answer, since checks have spoken before."""

    def __init__(self, pages: Iterable[Page], files: frozenset[str] | None = None) -> None:
        """`files`: paths of all that is no page, or None where nobody has looked; then no file is found missing."""
        self.pages = sorted(pages, key=lambda page: page.path.split("/"))
        self.by_path = {page.path: page for page in self.pages}
        self.files = files

    def with_pages(self, changed: Iterable[Page], removed: Iterable[str] = (), files: Collection[str] = ()) -> "Book":
        """The book as it would be with these pages and files written, those paths gone; this one stays as it is."""
        pages = {**self.by_path, **{page.path: page for page in changed}}
        for path in removed:
            pages.pop(path, None)
        return Book(pages.values(), self.files if self.files is None else self.files.union(files))

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

    @cached_property
    def live_units(self) -> list[Page]:
        """Units that still work under their own name: those merged into another keep a page and leave the lists."""
        return [unit for unit in self.kind("unit") if not unit.data.get("merged_into")]

    def children(self, slug: str) -> list[Page]:
        """Units below this one."""
        return self._below.get(slug, [])

    @cached_property
    def _below(self) -> dict[str, list[Page]]:
        """Lists ask this for every row."""
        return dict(grouped((unit for unit in self.live_units if unit.data.get("parent")), _parent))

    def merged_into(self, slug: str) -> list[Page]:
        """Units that have become part of this one."""
        return [unit for unit in self.kind("unit") if unit.data.get("merged_into") == slug]

    def united(self, slug: str) -> frozenset[str]:
        """The unit itself and all that have become part of it, also by way of one another."""
        found, new = {slug}, [slug]
        while new:
            new = [unit.unit for one in new for unit in self.merged_into(one) if unit.unit not in found]
            found |= set(new)
        return frozenset(found)

    @cached_property
    def former_slugs(self) -> dict[str, Page]:
        """Old folder name -> the unit that had it; the first to claim a name has it."""
        found: dict[str, Page] = {}
        for unit in self.kind("unit"):
            slugs = unit.data.get("former_slugs")
            for slug in slugs if isinstance(slugs, list) else []:
                found.setdefault(str(slug), unit)
        return found

    def procedure(self, unit: str, slug: str) -> Page | None:
        """One procedure of one unit."""
        return self.by_path.get(f"units/{unit}/procedures/{slug}.md")

    def procedures_of(self, unit: str) -> list[Page]:
        """The unit's procedures in order of slug."""
        return self._of_unit.get(("procedure", unit), [])

    def answers_of(self, unit: str) -> Page | None:
        """The unit's page of answered questions and of what was mended."""
        return self.by_path.get(f"units/{unit}/answers.md")

    def commitments_of(self, unit: str, procedure: str = "") -> list[Page]:
        """The unit's commitments, or only those for one procedure."""
        found = self._of_unit.get(("commitment", unit), [])
        return [page for page in found if not procedure or page.data.get("procedure") == procedure]

    @cached_property
    def notices(self) -> list[Page]:
        """All notices, newest first."""
        return sorted(self.kind("notice"), key=lambda page: page.slug, reverse=True)

    @cached_property
    def _notices_of(self) -> dict[str, list[Page]]:
        return dict(grouped(self.notices, lambda page: str(page.data.get("unit", ""))))

    def notices_of(self, unit: str) -> list[Page]:
        """The unit's notices, newest first."""
        return self._notices_of.get(unit, [])

    @cached_property
    def _answers(self) -> dict[tuple[str, str], Page]:
        oldest_first = reversed(self.notices)
        return {(how, str(page.data[how])): page for page in oldest_first for how in ANSWERED if page.data.get(how)}

    def superseded_by(self, slug: str) -> Page | None:
        """The notice that takes the place of this one."""
        return self._answers.get(("supersedes", slug))

    def corrected_by(self, slug: str) -> Page | None:
        """The newest 更正 of this notice."""
        return self._answers.get(("corrects", slug))

    def items(self) -> list[Page]:
        """All rows of the 标准目录 by their numbers."""
        return sorted(self.kind("disclosure_item"), key=lambda page: (_number(page), page.slug))

    def items_of(self, unit: str) -> list[Page]:
        """What this unit has to publish, by number."""
        return [page for page in self.items() if page.data.get("unit") == unit]

    def items_by_level1(self) -> Groups:
        """The 标准目录 under its first-level matters, in the order in which these first appear."""
        return grouped(self.items(), lambda page: str(page.data.get("level1", "")))

    @cached_property
    def first_with(self) -> dict[tuple[str, str], str]:
        """Path of the first page that has this 索引号 or this number in the 标准目录: each must be one page's alone."""
        found: dict[tuple[str, str], str] = {}
        for kind, key in (("notice", "index_no"), ("disclosure_item", "number")):
            for page in self.kind(kind):
                found.setdefault((key, str(page.data.get(key, ""))), page.path)
        return found

    @cached_property
    def _results(self) -> list[Page]:
        return sorted(self.kind("round"), key=lambda page: (page.data["opens_on"], page.slug), reverse=True)

    def rounds(self, status: str = "") -> list[Page]:
        """Rounds, newest first; the months of everyday ratings are not among them."""
        found = [page for page in self._results if not page.slug.startswith(EVERYDAY)]
        return [page for page in found if not status or page.data["status"] == status]

    def months(self) -> list[Page]:
        """Results of everyday ratings, newest month first."""
        return [page for page in self._results if page.slug.startswith(EVERYDAY)]

    def kept(self, unit: str, commitment: str) -> dict[str, Any] | None:
        """What those who were served saw of a commitment: its row of the page of kept-rates, with the month."""
        return self._kept.get((unit, commitment))

    @cached_property
    def _kept(self) -> dict[tuple[str, str], dict[str, Any]]:
        pages = self.kind("kept_rates")
        return kept_by_commitment(pages[0].data) if pages else {}

    def handling(self) -> list[Page]:
        """How cases were handled, newest month first."""
        return sorted(self.kind("handling"), key=lambda page: page.slug, reverse=True)

    def units_by_class(self) -> Groups:
        """Units under the classes in which they are rated; class code as heading."""
        return grouped(self.live_units, lambda page: page.data.get("class", ""), CLASSES)

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
        """Yearly reports on disclosure: the newest year first, in each the district's own before those of units."""
        by_name = sorted(self.kind("annual_report"), key=lambda page: page.slug)
        return sorted(by_name, key=lambda page: page.slug[: len("annual-2025")], reverse=True)


def _parent(page: Page) -> str:
    return str(page.data["parent"])


def _number(page: Page) -> int:
    number = page.data.get("number")
    return number if isinstance(number, int) else 0


def read_book(pages_dir: Path) -> Book:
    """The pages of a folder with the names of the files beside them. Raises PagesUnsound."""
    return Book(read_pages(pages_dir), files_beside(pages_dir))


def files_beside(pages_dir: Path) -> frozenset[str]:
    """Paths of all that is no page: samples, forms, attachments, results of rounds."""
    below = (file.relative_to(pages_dir) for file in pages_dir.rglob("*") if file.is_file())
    return frozenset(path.as_posix() for path in below if path.suffix != ".md")
