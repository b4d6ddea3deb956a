"""The list of what was done: events are added, read and verified; nothing else."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from survey_app.domain import audit as rules
from survey_app.domain.audit import Event, Fault
from survey_app.store.database import database
from survey_app.store.models import AuditEvent, AuditHead

BOX_SHUT = "round.box"  # what a ballot box held when it was shut


class OutsideTransaction(RuntimeError):
    """An event is recorded in the transaction of the change it speaks of, or the two could part."""


def record(*, actor: str, action: str, subject: str, detail: Mapping[str, object] | None = None, now: datetime) -> None:
    """Append an event, inside the caller's `write()`. Raises OutsideTransaction elsewhere."""
    if not database.in_transaction():
        raise OutsideTransaction(action)
    head = AuditHead.get_or_none(one=1)
    number, before = (head.number + 1, bytes(head.digest)) if head else (1, rules.START)
    event = Event(number, rules.instant(now), actor, action, subject, dict(detail or {}))
    digest = rules.chain(before, event)
    text = rules.canonical_json(event.detail)
    fields = {"at": event.at, "actor": actor, "action": action, "subject": subject, "detail": text}
    AuditEvent.insert(number=number, digest=digest, **fields).execute()
    if head:
        AuditHead.update(number=number, digest=digest).where(AuditHead.one == 1).execute()
    else:
        AuditHead.insert(one=1, number=number, digest=digest).execute()


def verify() -> list[Fault]:
    """The first place where the chain does not hold; empty when all is as it was recorded."""
    return rules.first_fault(_chained(), head())


def head() -> tuple[int, bytes] | None:
    """Number and digest of the last event. Whoever notes them down can later show that nothing before changed."""
    row = AuditHead.get_or_none(one=1)
    return (row.number, bytes(row.digest)) if row else None


def digest_of(number: int) -> bytes | None:
    """The digest stored with an event; None where there is no such event."""
    row = AuditEvent.get_or_none(number=number)
    return bytes(row.digest) if row else None


@dataclass(frozen=True)
class Wanted:
    """Which events to list; what is empty asks for nothing. `until` is a day of its own."""

    actor: str = ""
    action: str = ""  # "account" takes account.add, account.reset …
    subject: str = ""
    since: date | None = None
    until: date | None = None


def list_events(
    wanted: Wanted | None = None, *, limit: int | None = None, offset: int = 0, oldest_first: bool = False
) -> list[Event]:
    """Events, newest first unless told otherwise."""
    order = AuditEvent.number if oldest_first else AuditEvent.number.desc()
    rows = _filtered(wanted or Wanted()).order_by(order).offset(offset)
    return [_event(row) for row in (rows.limit(limit) if limit is not None else rows.limit(-1))]


def events_of(*, subject: str, actions: Collection[str]) -> list[Event]:
    """What was done in these ways to exactly this subject, oldest first."""
    rows = AuditEvent.select().where(AuditEvent.subject == subject, AuditEvent.action.in_(list(actions)))
    return [_event(row) for row in rows.order_by(AuditEvent.number)]


def count_events(wanted: Wanted | None = None) -> int:
    """How many events there are of this kind."""
    return _filtered(wanted or Wanted()).count()


def _filtered(wanted: Wanted) -> Any:
    rows = AuditEvent.select()
    if wanted.actor:
        rows = rows.where(AuditEvent.actor == wanted.actor)
    if wanted.action:
        rows = rows.where((AuditEvent.action == wanted.action) | AuditEvent.action.startswith(f"{wanted.action}."))
    if wanted.subject:
        rows = rows.where(AuditEvent.subject.contains(wanted.subject))
    if wanted.since:
        rows = rows.where(AuditEvent.at >= wanted.since.isoformat())
    if wanted.until:
        rows = rows.where(AuditEvent.at < (wanted.until + timedelta(days=1)).isoformat())
    return rows


def _chained() -> Iterator[tuple[Event, bytes]]:
    for row in AuditEvent.select().order_by(AuditEvent.number).iterator():
        yield _event(row), bytes(row.digest)


def _event(row: AuditEvent) -> Event:
    return Event(row.number, row.at, row.actor, row.action, row.subject, json.loads(row.detail))
