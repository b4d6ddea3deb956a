"""Whole histories of closed cases, read at once for figures."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from survey_app.domain.cases.state import Event
from survey_app.store.case_lists import midnight
from survey_app.store.case_rows import aware
from survey_app.store.models import CaseEvent, CaseRecord

_AT = CaseEvent.at.cast("TEXT")  # as it stands: the library tries formats one by one, which took most of the time


def closed_between(first: date, until: date) -> Iterator[tuple[str, list[Event]]]:
    """Kind and events of every case closed from `first` to the day before `until`, in the order of their numbers.

    Words are left out: figures have no use for them.
    """
    columns = (CaseRecord.number, CaseRecord.kind, CaseEvent.number, _AT, CaseEvent.actor, CaseEvent.role)
    rows = CaseEvent.select(*columns, CaseEvent.step, CaseEvent.detail).join(CaseRecord)
    ordered = rows.where(*_within(first, until)).order_by(CaseRecord.number, CaseEvent.number).tuples()
    for (_number, kind), events in groupby(ordered.iterator(), key=lambda row: row[:2]):
        yield kind, [_event(row) for row in events]


def count_closed(first: date, until: date) -> int:
    """How many cases those are."""
    return int(CaseRecord.select().where(*_within(first, until)).count())


def _within(first: date, until: date) -> tuple[Any, Any]:
    return CaseRecord.closed_at >= midnight(first), CaseRecord.closed_at < midnight(until)


def _event(row: Any) -> Event:
    _case, _kind, number, at, actor, role, step, detail = row
    told = json.loads(detail) if detail != "{}" else {}
    return Event(number, aware(datetime.fromisoformat(at)), actor, role, step, detail=told)


def first_closed() -> date | None:
    """The day (of UTC) on which the first case was closed."""
    row = CaseRecord.select(CaseRecord.closed_at).where(CaseRecord.closed_at.is_null(False))
    found = row.order_by(CaseRecord.closed_at).first()
    return found.closed_at.date() if found else None
