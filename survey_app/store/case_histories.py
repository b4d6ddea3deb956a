"""Whole histories of closed cases, read at once for figures."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from peewee import chunked

from survey_app.domain.cases.state import Event
from survey_app.store.case_lists import midnight
from survey_app.store.case_rows import aware
from survey_app.store.database import database
from survey_app.store.models import CaseEvent, CaseRecord

AT_ONCE = 400


class Closed(NamedTuple):
    """A case as it stands closed; whatever is done with it later gives it another version."""

    number: str
    kind: str
    version: int


def closed_between(first: date, until: date) -> list[Closed]:
    """Every case closed from `first` to the day before `until`, in the order of their numbers."""
    columns = (CaseRecord.number, CaseRecord.kind, CaseRecord.version)
    rows = CaseRecord.select(*columns).where(*_within(first, until)).order_by(CaseRecord.number)
    return [Closed(*row) for row in database.execute(rows).fetchall()]


def histories(closed: Iterable[Closed]) -> Iterator[tuple[Closed, list[Event]]]:
    """These cases with their events. Words are left out: figures have no use for them."""
    cases = {one.number: one for one in closed}
    for some in chunked(cases, AT_ONCE):  # asked in one join, the database reads the events of all years
        for number, events in groupby(_rows(some), key=lambda row: row[0]):
            yield cases[number], [_event(row) for row in events]


def _rows(numbers: list[str]) -> Iterator[Any]:
    """As they stand in the file: the library's own rows take nine tenths of the time."""
    columns = (
        CaseEvent.case,
        CaseEvent.number,
        CaseEvent.at,
        CaseEvent.actor,
        CaseEvent.role,
        CaseEvent.step,
        CaseEvent.detail,
    )
    rows = CaseEvent.select(*columns).where(CaseEvent.case.in_(numbers))
    return iter(database.execute(rows.order_by(CaseEvent.case, CaseEvent.number)).fetchall())


def _within(first: date, until: date) -> tuple[Any, Any]:
    return CaseRecord.closed_at >= midnight(first), CaseRecord.closed_at < midnight(until)


def _event(row: Any) -> Event:
    _case, number, at, actor, role, step, detail = row
    told = json.loads(detail) if detail != "{}" else {}
    return Event(number, aware(datetime.fromisoformat(at)), actor, role, step, detail=told)


def first_closed() -> date | None:
    """The day (of UTC) on which the first case was closed."""
    row = CaseRecord.select(CaseRecord.closed_at).where(CaseRecord.closed_at.is_null(False))
    found = row.order_by(CaseRecord.closed_at).first()
    return found.closed_at.date() if found else None


def count_steps(step: str, first: date, until: date) -> int:
    """How often this step was taken with any case from `first` to the day before `until`."""
    within = (CaseEvent.at >= midnight(first), CaseEvent.at < midnight(until))
    return int(CaseEvent.select().where(CaseEvent.step == step, *within).count())
