"""Cases as they lie in the database: read, folded, and the row kept for lists brought up to the last event."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from survey_app.domain.cases.clocks import Clocks, Due
from survey_app.domain.cases.refusals import CaseUnknown
from survey_app.domain.cases.state import CaseState, Event, fold
from survey_app.domain.workdays import YearUnknown
from survey_app.store.models import CaseCoUnit, CaseEvent, CaseRecord


@dataclass(frozen=True)
class Case:
    """A case for lists and pages. Times are UTC with offset. `due_on`: last day of `stage`, or None."""

    number: str
    kind: str
    channel: str
    unit: str
    procedure: str
    state: str
    received_at: datetime
    stage: str
    due_on: date | None
    raised: str
    extension: str
    dispute: str
    satisfied: str
    reopened: int
    version: int
    closed_at: datetime | None
    has_contact: bool


def row_of(number: str) -> CaseRecord:
    """The row of this case. Raises CaseUnknown."""
    row = CaseRecord.get_or_none(CaseRecord.number == number)
    if row is None:
        raise CaseUnknown
    return row


def as_case(row: CaseRecord) -> Case:
    """A row as the rest of the portal sees it."""
    same = {name: getattr(row, name) for name in Case.__dataclass_fields__ if name not in _RENAMED}
    return Case(
        **same,
        unit=row.unit_slug,
        procedure=row.procedure_slug,
        received_at=aware(row.received_at),
        closed_at=row.closed_at and aware(row.closed_at),
    )


_RENAMED = ("unit", "procedure", "received_at", "closed_at")


def events_of(number: str) -> list[Event]:
    """The events of a case in their order."""
    rows = CaseEvent.select().where(CaseEvent.case == number).order_by(CaseEvent.number)
    return [as_event(row) for row in rows]


def state_of(row: CaseRecord) -> CaseState:
    """The case folded from its events."""
    return fold(row.kind, events_of(row.number))


def as_event(row: CaseEvent) -> Event:
    """A row as the domain sees it."""
    said = (row.public_words, row.internal_words, json.loads(row.detail))
    return Event(row.number, aware(row.at), row.actor, row.role, row.step, *said)


def insert_events(number: str, events: Iterable[tuple[Event, str | None]]) -> None:
    """Append events with their marks."""
    for event, mark in events:
        detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True)
        said = {"public_words": event.public, "internal_words": event.internal, "detail": detail, "mark": mark}
        who = {"actor": event.actor, "role": event.role, "step": event.step}
        CaseEvent.insert(case=number, number=event.number, at=naive(event.at), **who, **said).execute()


def bring_up(number: str, before: CaseState | None, state: CaseState, clocks: Clocks) -> None:
    """The row for lists after the last event; co-operating units beside it."""
    CaseRecord.update(**projection(state, clocks)).where(CaseRecord.number == number).execute()
    for unit in state.co_units - (before.co_units if before else frozenset()):
        CaseCoUnit.insert(case=number, unit_slug=unit).on_conflict_ignore().execute()


def projection(state: CaseState, clocks: Clocks) -> dict[str, object]:
    """The columns that follow from the state."""
    due = due_or_none(state, clocks)
    same = ("state", "raised", "extension", "dispute", "satisfied", "reopened", "version")
    return {
        **{name: getattr(state, name) for name in same},
        "unit_slug": state.unit,
        "stage": due.stage if due else "",
        "due_on": due.on if due else None,
        "closed_at": naive(state.closed_at) if state.closed_at else None,
    }


def due_or_none(state: CaseState, clocks: Clocks) -> Due | None:
    """A case is taken in also when next year's calendar is missing; the clock job says so and fills the day in."""
    try:
        return clocks.due(state)
    except YearUnknown:
        return None


def naive(at: datetime) -> datetime:
    """As stored: UTC without an offset."""
    return at.astimezone(UTC).replace(tzinfo=None)


def aware(at: datetime) -> datetime:
    """As read: UTC with its offset."""
    return at.replace(tzinfo=UTC)
