"""What a page, and all pages together, must keep before anything is public. Each module holds one family of checks.

A check takes a Look (a page, the book it stands in, the day) and yields findings. Only errors stop a build or a
submission. What depends on the day is never more than a warning: no site fails because a night has passed.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.book import Book, files_beside
from survey_app.publishing.checks import days, fresh, limits, links, persons, phrases, places, privacy, prose, relations
from survey_app.publishing.checks.looks import Check, Look
from survey_app.publishing.pages import Page, scan_pages
from survey_app.publishing.schemas import check_schema

CHECKS: tuple[Check, ...] = (
    *limits.CHECKS,
    *relations.CHECKS,
    *days.CHECKS,
    *phrases.CHECKS,
    *privacy.CHECKS,
    *persons.CHECKS,
    *links.CHECKS,
    *prose.CHECKS,
    *fresh.CHECKS,
)


def check_pages(pages_dir: Path, today: date | None = None) -> list[Finding]:
    """Everything found in the pages of this folder, in order of path. No error among it: they can be built."""
    day = today or date.today()
    pages, unread = scan_pages(pages_dir)
    book = Book(pages, files_beside(pages_dir))
    found = chain.from_iterable(check_page(page, book, day) for page in book.pages)
    whole = chain(unread, places.clashing_names(pages_dir), _no_home(book))
    return sorted(chain(whole, found), key=lambda finding: finding.path)


def check_page(
    page: Page, book: Book, today: date, contract: Callable[[Page], Iterable[Finding]] = check_schema
) -> list[Finding]:
    """Everything found in one page, seen inside the book that already holds it (see Book.with_pages).

    Where the data break the contract of their kind only that is told: the other checks would stumble over it.
    """
    look = Look(page, book, today)
    own = [*contract(page), *places.out_of_place(page)] or list(days.real_days(look))
    return own or [finding for check in CHECKS for finding in check(look)]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that must be mended before anything is built or submitted."""
    return [finding for finding in findings if finding.level == "error"]


def _no_home(book: Book) -> Iterator[Finding]:
    if not book.kind("home"):
        yield Finding("index.md", "文件", N_("没有首页。请补上index.md，写明地区名称和主办单位。"))
