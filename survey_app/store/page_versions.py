"""Texts that pages have had: what the portal wrote, and what was found in the file after somebody changed it there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from peewee import fn

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.revisions import APPROVED
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import PageVersion as Row
from survey_app.store.models import Revision

DESK, HAND, FOUND = "desk", "hand", "found"
SOURCE_WORDS = {DESK: N_("审核后公布"), HAND: N_("直接改了文件"), FOUND: N_("本网站启用修订记录以前就有")}


class VersionUnknown(Refusal):
    code, status = "version-unknown", 404
    message = N_("修订记录里没有这一版。请从“历史”里找。")


@dataclass(frozen=True)
class Version:
    """One text of one page. `data` None: the page was gone. `seen_at` is UTC: when the portal wrote or found it."""

    number: int
    page: str
    digest: str
    data: dict[str, Any] | None
    source: str
    person: str
    revision: int | None
    seen_at: datetime


def get(number: int) -> Version:
    """One text by its number. Raises VersionUnknown."""
    row = Row.get_or_none(id=number)
    if row is None:
        raise VersionUnknown
    return _version(row)


def of_page(page: str) -> list[Version]:
    """All texts of a page, newest first."""
    return [_version(row) for row in Row.select().where(Row.page == page).order_by(Row.id.desc())]


def texts_of_kind(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Page and data of every text that pages of this kind have had, in the order in which they came."""
    rows = Row.select(Row.page, Row.data).where(Row.data.contains(f'"kind": "{kind}"')).order_by(Row.id)
    for page, data in rows.tuples():
        told = json.loads(data)
        if told and told.get("kind") == kind:
            yield page, told


def last_number() -> int:
    """The number of the newest text; it grows with every one."""
    return int(Row.select(fn.MAX(Row.id)).scalar() or 0)


def note_found(*, page: str, digest: str, data: Mapping[str, Any] | None, now: datetime) -> bool:
    """Keep the text the file has now, unless it is the last one known; True when somebody changed it by hand.

    A text that an approved revision is just giving the page is the desk's: `note_written` follows.
    """
    if _is_last(page, digest):
        return False
    with write():
        last = _last(page)
        if (last and last.digest == digest) or _is_being_written(page, digest):
            return False
        source = HAND if last else FOUND
        _add(page, digest, data, source, "", None, now)
        if last:
            detail = {"before": last.digest, "after": digest}
            audit.record(actor="file", action="page.hand_edit", subject=page, detail=detail, now=now)
    return source == HAND


def note_written(
    *, page: str, digest: str, data: Mapping[str, Any] | None, person: str, revision: int, now: datetime
) -> None:
    """Keep the text a revision gave the page; said twice, kept once."""
    with write():
        if not Row.get_or_none(page=page, digest=digest, revision=revision):
            _add(page, digest, data, DESK, person, revision, now)


def _is_last(page: str, digest: str) -> bool:
    last = _last(page)
    return bool(last and last.digest == digest)


def _is_being_written(page: str, digest: str) -> bool:
    same = (Revision.page == page) & (Revision.target_digest == digest)
    return Revision.select().where(same, Revision.state == APPROVED).exists()


def _last(page: str) -> Row | None:
    return Row.select().where(Row.page == page).order_by(Row.id.desc()).first()


def _add(
    page: str,
    digest: str,
    data: Mapping[str, Any] | None,
    source: str,
    person: str,
    revision: int | None,
    now: datetime,
) -> None:
    at = now.astimezone(UTC).replace(tzinfo=None)
    text = json.dumps(data, ensure_ascii=False)
    Row.create(page=page, digest=digest, data=text, source=source, person=person, revision=revision, seen_at=at)


def _version(row: Row) -> Version:
    return Version(
        row.id, row.page, row.digest, json.loads(row.data), row.source, row.person, row.revision_id, row.seen_at
    )
