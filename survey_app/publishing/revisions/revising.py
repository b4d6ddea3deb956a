"""Revisions and pages brought together: a draft starts from the published page and ends as the published page.

The files are the truth. Whoever looks at a page here also notes the text its file has now, so that an edit by hand
is part of the history; and nothing is approved or written over a text that its author has not seen.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from survey_app.config import Settings
from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Finding, Refusal
from survey_app.publishing import staging
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page, errors
from survey_app.publishing.outputs.extras import affected
from survey_app.publishing.pages import Page, digest, new_page, parse_page
from survey_app.publishing.revisions import moving
from survey_app.publishing.revisions.rights import require_rightful
from survey_app.publishing.revisions.writing import (
    Written,
    carry_out_approved,
    file_digest,
    follow_duty,
    mark_failed,
    mark_published,
    write_approved,
)
from survey_app.publishing.shelf import shelf
from survey_app.store import page_versions
from survey_app.store import revisions as store
from survey_app.store.revisions import Proposal, Revision

__all__ = ["Written", "carry_out_approved", "file_digest", "mark_failed", "mark_published", "write_approved"]


class PageUnknown(Refusal):
    code, status = "page-unknown", 404
    message = N_("没有这一页。可能已经下架或换了网址，请从列表里找。")


class HasErrors(Refusal):
    code, status = "revision-has-errors", 422
    message = N_("还有%(count)s处要改，没有往下送。")

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings))


def book_of(settings: Settings) -> Book:
    """All pages and files as everybody sees them now."""
    known = shelf(settings.pages)
    return Book(known.sound(), frozenset(known.files))


def unit_of(page: Page) -> str:
    """Whose page it is: by its folder, else by its data; empty for the district's own."""
    return page.unit or str(page.data.get("unit", ""))


def look(settings: Settings, path: str, now: datetime) -> Page | None:
    """The page as its file is now, noted in the history; None where there is none that can be read."""
    page = _read(settings, path)
    page_versions.note_found(page=path, digest=file_digest(settings, path), data=page.data if page else None, now=now)
    return page


def require_page(settings: Settings, path: str, now: datetime) -> Page:
    """The same. Raises PageUnknown."""
    page = look(settings, path, now) if is_path(path) else None
    if page is None:
        raise PageUnknown
    return page


def is_path(path: str) -> bool:
    """Threat: an address that leads out of the pages folder."""
    parts = path.split("/")
    return path.endswith(".md") and all(part and not part.startswith(".") for part in parts) and "\0" not in path


def begin(
    *,
    page: Page,
    data: dict[str, Any],
    by: str,
    now: datetime,
    note: str = "",
    action: str = rules.PUBLISH,
) -> Revision:
    """A draft of a published page, based on the text it has now. Raises RevisionOpen."""
    return store.draft(proposal=proposal(page, data, note=note, action=action), by=by, now=now)


def proposal(page: Page, data: dict[str, Any], *, note: str = "", action: str = rules.PUBLISH) -> Proposal:
    """What a revision of a published page says."""
    return Proposal(
        page=page.path,
        kind=page.kind,
        unit_slug=unit_of(page),
        title=str(data.get("title") or page.title),
        data=data,
        base=page.data,
        base_digest=digest(page),
        action=action,
        note=note,
    )


def new_proposal(page: Page, *, note: str = "") -> Proposal:
    """What the revision of a page says that is not there yet."""
    return Proposal(
        page=page.path,
        kind=page.kind,
        unit_slug=unit_of(page),
        title=page.title,
        data=page.data,
        base=None,
        base_digest="",
        note=note,
    )


def save_many(settings: Settings, *, pages: Iterable[Page], author: str, reason: str, now: datetime) -> list[int]:
    """A draft for each of these pages, or for none. Raises RevisionOpen."""
    found = []
    for page in pages:
        there = look(settings, page.path, now)
        found.append(proposal(there, page.data, note=reason) if there else new_proposal(page, note=reason))
    return store.draft_many(proposals=found, by=author, now=now)


def proposed(revision: Revision) -> Page:
    """The page as it would be."""
    return new_page(revision.page, revision.data)


def findings(settings: Settings, revision: Revision, today: date, book: Book | None = None) -> list[Finding]:
    """What the checks say of the pages as they would be, among all others as they are.

    A file that waits for its page is there for pages of its own unit alone: with no other would it go public.
    """
    before = book or book_of(settings)
    if revision.action in rules.MOVES:
        return moving.findings(before, revision, today)
    if revision.action == rules.REMOVE:
        return _left_behind(before, revision.page, today)
    page = proposed(revision)
    read = parse_page(page.path, page.text("").encode("utf-8", "replace"))
    if isinstance(read, Finding):
        return [read]
    along = staging.along_with(settings, before, revision.data, revision.unit_slug)
    return check_page(read, before.with_pages([read], files=along), today)


def _left_behind(before: Book, path: str, today: date) -> list[Finding]:
    """What becomes wrong in other pages when this one is gone."""
    stem = path.removesuffix(".md")
    linking = {page.path for page in before.pages if stem in page.head or stem in page.body}
    after, near = before.with_pages([], [path]), (affected(before, path) | linking) - {path}
    there = [(before.by_path[other], after.by_path[other]) for other in sorted(near) if other in after.by_path]
    found = []
    for old, new in there:
        known = {(finding.at, finding.message) for finding in check_page(old, before, today)}
        found += [f for f in check_page(new, after, today) if (f.at, f.message) not in known]
    return found


def submit(settings: Settings, *, revision: Revision, by: str, now: datetime, today: date) -> Revision:
    """Hand it to the approver. Raises HasErrors, PageChanged, SavedByOther, RevisionMoved, what `rights` refuses."""
    revision = _with_base(settings, revision, now)
    require_rightful(revision)
    _require_sound(settings, revision, today)
    return store.submit(number=revision.number, version=revision.version, by=by, now=now)


def approve(
    settings: Settings,
    *,
    revision: Revision,
    by: str,
    roles: Collection[str],
    words: str,
    pass_on: bool,
    now: datetime,
    today: date,
) -> Revision:
    """Approve it, or pass it to a second approver. Raises what `submit` and `store.revisions.approve` raise."""
    revision = _with_base(settings, revision, now)
    require_rightful(revision)
    _require_sound(settings, revision, today)
    return store.approve(
        number=revision.number,
        version=revision.version,
        words=words,
        second_wanted=pass_on or settings.second_approval,
        target_digest=target_digest(revision),
        by=by,
        roles=roles,
        now=now,
    )


def target_digest(revision: Revision) -> str:
    """What the page's file will have for its digest once the revision is carried out; empty: it is gone."""
    if revision.action == rules.REMOVE:
        return ""
    data = revision.data["unit"] if revision.action in rules.MOVES else revision.data
    return digest(new_page(revision.page, data))


def is_outdated(settings: Settings, revision: Revision, now: datetime) -> bool:
    """Whether the page's file is no longer the one the revision was made from."""
    look(settings, revision.page, now)
    return file_digest(settings, revision.page) != revision.base_digest


def current(settings: Settings, revision: Revision, now: datetime) -> Revision:
    """The revision, on top of what the duty board said meanwhile."""
    return follow_duty(settings, revision, now)


def _with_base(settings: Settings, revision: Revision, now: datetime) -> Revision:
    followed = follow_duty(settings, revision, now)
    if is_outdated(settings, followed, now):
        if followed.state != rules.CONFLICT:
            store.mark_conflict(number=followed.number, now=now)
        raise rules.PageChanged(title=followed.title)
    return followed


def _require_sound(settings: Settings, revision: Revision, today: date) -> None:
    if wrong := errors(findings(settings, revision, today)):
        raise HasErrors(wrong)


def _read(settings: Settings, path: str) -> Page | None:
    file = settings.pages / path
    if not file.is_file():
        return None
    found = parse_page(path, file.read_bytes())
    return found if isinstance(found, Page) else None
