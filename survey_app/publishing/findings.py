"""What the checks say of the whole site, kept until a page or the day changes: 10,000 pages take seconds to check."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from survey_app.domain.errors import Finding
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page, fresh
from survey_app.publishing.checks.days import real_days
from survey_app.publishing.checks.looks import Look
from survey_app.publishing.pages import Page
from survey_app.publishing.schemas import check_schema
from survey_app.publishing.shelf import shelf

Found = tuple[Page, Finding]
Check = Callable[[Page, Book, date], Iterable[Finding]]


@dataclass
class _Memory:
    key: tuple[object, ...] = ()
    found: tuple[Found, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)


_all, _late = _Memory(), _Memory()


def all_findings(pages: Path, book: Book, day: date) -> tuple[Found, ...]:
    """Everything the checks say of every page."""
    return _kept(_all, lambda page, book, day: check_page(page, book, day, _contract), pages, book, day)


def late_findings(pages: Path, book: Book, day: date) -> tuple[Found, ...]:
    """What only the passing of time has made wrong: reviews, columns and cadences that are overdue."""
    return _kept(_late, _check_time, pages, book, day)


def _check_time(page: Page, book: Book, day: date) -> Iterable[Finding]:
    look = Look(page, book, day)
    if not _is_sound(look):
        return ()
    return (finding for check in fresh.CHECKS for finding in check(look))


def _is_sound(look: Look) -> bool:
    """A page broken by hand is told by the checks of its data; those of the day would stumble over it."""
    return not (_contract(look.page) or [*real_days(look)])


_contracts: dict[str, tuple[Page, tuple[Finding, ...]]] = {}  # by path; the shelf keeps a page until its file changes


def _contract(page: Page) -> tuple[Finding, ...]:
    """What breaks the contract of its kind: that of a page alone, and half the time of all checks."""
    known = _contracts.get(page.path)
    if known is None or known[0] is not page:
        known = _contracts[page.path] = page, tuple(check_schema(page))
    return known[1]


def _kept(memory: _Memory, check: Check, pages: Path, book: Book, day: date) -> tuple[Found, ...]:
    known = shelf(pages)
    key = (pages, day, hash(frozenset(known.digests().items())), hash(frozenset(known.files)))
    with memory.lock:
        if memory.key != key:
            found = tuple((page, finding) for page in book.pages for finding in check(page, book, day))
            memory.key, memory.found = key, found
        return memory.found
