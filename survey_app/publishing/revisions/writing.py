"""Approved revisions become files. Killed at any point and begun again, it ends in the same place."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import TemplateError

from survey_app.config import Settings
from survey_app.domain import revisions as rules
from survey_app.files import alone_in
from survey_app.publishing import staging
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page, digest, new_page, parse_page, remove_page, write_page
from survey_app.publishing.render import RENDERED, environment, render_body
from survey_app.publishing.revisions import moving
from survey_app.publishing.revisions.dutyboard import with_board, without_board
from survey_app.publishing.shelf import shelf
from survey_app.store import page_versions, units
from survey_app.store import revisions as store
from survey_app.store.revisions import Revision

UNMADE = "这一页的内容做不成网页，其他页面照常公布。请退回修改，或找技术人员。"
_log = logging.getLogger("pingyi.publishing")


@dataclass(frozen=True)
class Written:
    """A page that was written or removed, and the revisions that asked for it."""

    ids: tuple[int, ...]
    path: str


def file_digest(settings: Settings, path: str) -> str:
    """The digest of the page's file as it is now; empty where there is none."""
    file = settings.pages / path
    return digest(file.read_bytes()) if file.is_file() else ""


def follow_duty(settings: Settings, revision: Revision, now: datetime) -> Revision:
    """The board and what else is written about a unit never undo each other: the later one takes the other over."""
    page = _unit_page(settings, revision)
    if page is None or revision.base is None or digest(page) in (revision.base_digest, revision.target_digest):
        return revision
    if revision.action == rules.DUTY:
        data = with_board(page.data, revision.data)
    elif without_board(page.data) in (without_board(revision.base), without_board(revision.data)):
        data = with_board(revision.data, page.data)
    else:
        return revision
    target = digest(new_page(revision.page, data)) if revision.target_digest else ""
    return store.follow(
        number=revision.number, data=data, base=page.data, base_digest=digest(page), target_digest=target, now=now
    )


def _unit_page(settings: Settings, revision: Revision) -> Page | None:
    file = settings.pages / revision.page
    if revision.kind != "unit" or revision.action not in (rules.PUBLISH, rules.DUTY) or not file.is_file():
        return None
    found = parse_page(revision.page, file.read_bytes())
    return found if isinstance(found, Page) else None


def write_approved(settings: Settings, now: datetime) -> list[Written]:
    """Carry out every approved revision that is not yet on the site; returns them until they are marked as published.

    A page that somebody changed by hand meanwhile is left as it is: its revision becomes a conflict.
    """
    if not store.approved():
        return []
    with alone_in(settings.pages):
        return carry_out_approved(settings, now)


def carry_out_approved(settings: Settings, now: datetime) -> list[Written]:
    """The same for whoever is `alone_in` the pages."""
    known = shelf(settings.pages)
    book = Book(known.sound(), frozenset(known.files))
    written: list[Written] = []
    for ids, revision in _to_be_done(store.approved()):
        try:
            book, paths = _carry_out(settings, book, revision, now)
        except (ArithmeticError, LookupError, TypeError, ValueError, TemplateError, RecursionError) as error:
            # One page that cannot be made must not hold up the others: it says why and stays as the public knows it.
            _log.exception("revision %s of %s could not be written", revision.number, revision.page)
            store.mark_failed(numbers=ids, reason=f"{UNMADE} ({error!r})"[:300], now=now)
            continue
        written += [Written(ids, path) for path in paths]
    return written


def _to_be_done(waiting: Sequence[Revision]) -> Iterator[tuple[tuple[int, ...], Revision]]:
    """Each with the numbers it settles: the last tap on a board holds all before it, and none of those comes back."""
    taps: dict[str, list[int]] = {}
    for revision in waiting:
        if revision.action == rules.DUTY:
            taps.setdefault(revision.page, []).append(revision.number)
    for revision in waiting:
        ids = taps[revision.page] if revision.action == rules.DUTY else [revision.number]
        if revision.number == ids[-1]:
            yield tuple(ids), revision


def mark_published(ids: Collection[int], now: datetime) -> None:
    """The live site holds these revisions."""
    store.mark_published(numbers=ids, now=now)


def mark_failed(ids: Collection[int], reason: str, now: datetime) -> None:
    """The site could not be built with these revisions; they wait for the next build."""
    store.mark_failed(numbers=ids, reason=reason, now=now)


def _carry_out(settings: Settings, book: Book, revision: Revision, now: datetime) -> tuple[Book, list[str]]:
    if revision.action in rules.MOVES:
        return _move(settings, book, revision, now)
    revision = follow_duty(settings, revision, now)
    there = file_digest(settings, revision.page)
    if there not in (revision.target_digest, revision.base_digest):
        store.mark_conflict(number=revision.number, now=now)
        return book, []
    page = None if revision.action == rules.REMOVE else new_page(revision.page, revision.data)
    after = book.with_pages([page] if page else [], [] if page else [revision.page])
    if there != revision.target_digest:
        _keep_the_former(settings, book, revision, now)
        staging.let_out(settings, book, revision.data, revision.unit_slug)
        _write(settings, book, after, [page] if page else [], [] if page else [revision.page])
    _note(revision, revision.page, page, now)
    return after, [revision.page]


def _move(settings: Settings, book: Book, revision: Revision, now: datetime) -> tuple[Book, list[str]]:
    """A whole unit: its own page is changed or removed last, so that it tells whether all the rest is done."""
    plan = moving.plan(book, revision)
    there = file_digest(settings, revision.page)
    if there == revision.base_digest:
        after = book.with_pages(plan.pages, plan.removed)
        _keep_the_former(settings, book, revision, now)
        _write(settings, book, after, plan.first, plan.removed)
        _write(settings, book, after, plan.last, [])
    elif there == moving.digest_when_done(revision):
        after = book
    else:
        store.mark_conflict(number=revision.number, now=now)
        return book, []
    for page in plan.pages:
        _note(revision, page.path, page, now)
    merged = revision.action == rules.MERGE
    units.move(
        old=moving.old_slug(revision), new=revision.data["to"], merged=merged, by=revision.first_approver, now=now
    )
    return after, sorted({page.path for page in plan.pages} | set(plan.removed) | {revision.page})


def _write(settings: Settings, before: Book, after: Book, pages: Iterable[Page], removed: Iterable[str]) -> None:
    """A page that no template makes keeps the words a person wrote: those of the move, else those it had."""
    env = environment()
    for page in pages:
        there = before.by_path.get(page.path)
        kept = page.body or (there.body if there else "")
        write_page(settings.pages, page, render_body(env, after, page) if page.kind in RENDERED else kept)
    for path in removed:
        remove_page(settings.pages, path)


def _keep_the_former(settings: Settings, book: Book, revision: Revision, now: datetime) -> None:
    there = book.by_path.get(revision.page)
    found = file_digest(settings, revision.page)
    page_versions.note_found(page=revision.page, digest=found, data=there.data if there else None, now=now)


def _note(revision: Revision, path: str, page: Page | None, now: datetime) -> None:
    page_versions.note_written(
        page=path,
        digest=digest(page) if page else "",
        data=page.data if page else None,
        person=revision.author,
        revision=revision.number,
        now=now,
    )
