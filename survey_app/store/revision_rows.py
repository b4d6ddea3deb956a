"""Revisions as they lie in the database: what they hold, and how they are found."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from survey_app.domain import revisions as rules
from survey_app.store.models import Revision as Row

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Revision:
    """One proposed change of one page. `base` is the text it was made from, None for a new page. Times are UTC."""

    number: int
    page: str
    kind: str
    unit_slug: str
    title: str
    action: str
    data: dict[str, Any]
    base: dict[str, Any] | None
    base_digest: str
    state: str
    version: int
    author: str
    saved_by: str
    note: str
    created_at: datetime
    saved_at: datetime
    submitted_at: datetime | None
    first_approver: str
    second_approver: str
    decision: str
    decided_at: datetime | None
    target_digest: str
    published_at: datetime | None
    failure: str

    @property
    def is_office_act(self) -> bool:
        """Whether it is the publicity office's own, for no unit to write, take back or put away."""
        return rules.is_office_act(action=self.action, author=self.author, first_approver=self.first_approver)


@dataclass(frozen=True)
class Proposal:
    """What a new revision says."""

    page: str
    kind: str
    unit_slug: str
    title: str
    data: Data
    base: Data | None
    base_digest: str
    action: str = rules.PUBLISH
    note: str = ""


def get(number: int) -> Revision:
    """The revision by its number. Raises RevisionUnknown."""
    return as_revision(row_of(number))


def open_of(page: str) -> Revision | None:
    """The page's revision that is not finished, if there is one; a tap on the duty board stands in nobody's way."""
    is_open = (Row.page == page) & Row.state.in_(rules.OPEN) & (Row.action != rules.DUTY)
    row = Row.select().where(is_open).order_by(Row.id).first()
    return as_revision(row) if row else None


def is_known(page: str) -> bool:
    """Whether any revision was ever made of this page."""
    return Row.select().where(Row.page == page).exists()


def listed(
    *, states: Collection[str], unit_slug: str | None = None, page: str | None = None, limit: int = 500
) -> list[Revision]:
    """Revisions in these states, the one saved last first."""
    rows = Row.select().where(Row.state.in_(states))
    if unit_slug is not None:
        rows = rows.where(Row.unit_slug == unit_slug)
    if page is not None:
        rows = rows.where(Row.page == page)
    return [as_revision(row) for row in rows.order_by(Row.saved_at.desc(), Row.id.desc()).limit(limit)]


def waiting() -> list[Revision]:
    """What approvers have to decide, oldest first."""
    rows = Row.select().where(Row.state.in_(rules.WAITING)).order_by(Row.submitted_at, Row.id)
    return [as_revision(row) for row in rows]


def approved() -> list[Revision]:
    """Approved and not yet on the site, in the order of approval."""
    rows = Row.select().where(Row.state == rules.APPROVED).order_by(Row.decided_at, Row.id)
    return [as_revision(row) for row in rows]


def count(*, states: Collection[str], unit_slug: str | None = None) -> int:
    """How many revisions are in these states; of a unit's, those that are its own to do."""
    rows = Row.select().where(Row.state.in_(states))
    if unit_slug is not None:
        acts = Row.action.in_(rules.MOVES) | ((Row.action == rules.PUBLISH) & (Row.author == Row.first_approver))
        rows = rows.where(Row.unit_slug == unit_slug, ~acts)
    return rows.count()


def row_of(number: int) -> Row:
    """The row by its number. Raises RevisionUnknown."""
    row = Row.get_or_none(id=number)
    if row is None:
        raise rules.RevisionUnknown
    return row


def as_revision(row: Row) -> Revision:
    """A row as the rest of the portal sees it."""
    fields = {name: getattr(row, name) for name in Revision.__dataclass_fields__ if name != "number"}
    return Revision(number=row.id, **fields | {"data": json.loads(row.data), "base": json.loads(row.base)})


def as_json(data: Data | None) -> str:
    """As stored."""
    return json.dumps(data, ensure_ascii=False)  # keys keep their order: it is the page's


def utc(now: datetime) -> datetime:
    """As stored: UTC without an offset."""
    return now.astimezone(UTC).replace(tzinfo=None)
