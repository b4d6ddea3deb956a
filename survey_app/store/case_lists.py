"""Lists of cases, page by page, by indexes (migration 0006)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from survey_app.domain.cases import steps
from survey_app.domain.cases.state import BEGINNING, DISTRICT, PENDING, SECONDING
from survey_app.store.case_rows import Case, as_case, naive
from survey_app.store.models import CaseCoUnit, CaseRecord

DUE, NEWEST, OLDEST = "due", "-number", "number"
LOT = 500  # numbers that one question to the database may name
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Wanted:
    """Which cases to list; what is empty asks for nothing.

    `overdue_on`: those whose deadline had passed on this day. `disputes`, `extensions`: those that wait for a ruling.
    """

    unit: str = ""
    units: Collection[str] | None = None  # whose own it is; None: whosesoever
    kinds: Collection[str] = ()
    states: Collection[str] = ()
    open: str = ""  # open | closed
    raised: str = ""  # head | office
    overdue_on: date | None = None
    disputes: bool = False
    extensions: bool = False
    refused_twice: bool = False
    without_unit: bool = False
    channel: str = ""
    procedure: str = ""
    number: str = ""  # the beginning of it
    received_from: date | None = None
    received_to: date | None = None  # with this day


@dataclass(frozen=True)
class Page:
    """One page of a list and how many cases it has in all."""

    cases: list[Case]
    total: int


def list_cases(wanted: Wanted, *, sort: str = DUE, offset: int = 0, limit: int = 50) -> Page:
    """Cases as `wanted`; `sort` due (open deadlines first), number, received, kind, unit or state; a minus: down."""
    total = count_cases(wanted)
    numbers = _filtered(wanted, CaseRecord.number).order_by(*_ORDER[sort]).offset(offset).limit(limit)
    shown = [number for (number,) in numbers.tuples()]  # sorting numbers alone is four times as fast as whole rows
    return Page([case for start in range(0, len(shown), LOT) for case in _cases(shown[start : start + LOT])], total)


def _cases(numbers: list[str]) -> list[Case]:
    """Whole cases in the order of these numbers."""
    rows = {row.number: row for row in CaseRecord.select().where(CaseRecord.number.in_(numbers))}
    return [as_case(rows[number]) for number in numbers]


def count_cases(wanted: Wanted) -> int:
    """How many cases there are of this kind."""
    return int(_filtered(wanted).count())


def due_cases(on: date) -> list[str]:
    """Numbers of open cases that a clock may have to look at on this day, oldest deadline first: those due soon or
    over, and those whose deadline is not known."""
    near = (CaseRecord.due_on.is_null() & (CaseRecord.state != steps.DONE)) | (CaseRecord.due_on <= on)
    rows = CaseRecord.select(CaseRecord.number).where(CaseRecord.closed_at.is_null(), near)
    return [number for (number,) in rows.order_by(CaseRecord.due_on, CaseRecord.number).tuples()]


def open_cases() -> list[str]:
    """Numbers of all open cases."""
    rows = CaseRecord.select(CaseRecord.number).where(CaseRecord.closed_at.is_null()).order_by(CaseRecord.number)
    return [number for (number,) in rows.tuples()]


def counts_by_state(unit: str = "") -> dict[str, int]:
    """State -> how many open cases are in it."""
    rows = CaseRecord.select(CaseRecord.state, fn.COUNT(CaseRecord.number)).where(CaseRecord.closed_at.is_null())
    rows = rows.where(CaseRecord.unit_slug == unit) if unit else rows
    return dict(rows.group_by(CaseRecord.state).tuples())


_ORDER = {
    DUE: (CaseRecord.due_on.is_null(), CaseRecord.due_on, CaseRecord.number),
    "-due": (CaseRecord.due_on.is_null(), CaseRecord.due_on.desc(), CaseRecord.number),
    NEWEST: (CaseRecord.number.desc(),),
    OLDEST: (CaseRecord.number,),
    "received": (CaseRecord.received_at, CaseRecord.number),
    "-received": (CaseRecord.received_at.desc(), CaseRecord.number.desc()),
    "kind": (CaseRecord.kind, CaseRecord.number),
    "-kind": (CaseRecord.kind.desc(), CaseRecord.number),
    "unit": (CaseRecord.unit_slug, CaseRecord.number),
    "-unit": (CaseRecord.unit_slug.desc(), CaseRecord.number),
    "state": (CaseRecord.state, CaseRecord.number),
    "-state": (CaseRecord.state.desc(), CaseRecord.number),
}


def _filtered(wanted: Wanted, *columns: Any) -> Any:
    rows = CaseRecord.select(*columns)
    for condition in _conditions(wanted):
        rows = rows.where(condition)
    return rows


def _conditions(wanted: Wanted) -> Iterator[Any]:
    if wanted.unit:
        yield _of_unit(wanted.unit)
    if wanted.units is not None:
        yield CaseRecord.unit_slug.in_(list(wanted.units))
    for column, values in ((CaseRecord.kind, wanted.kinds), (CaseRecord.state, wanted.states)):
        if values:
            yield column.in_(list(values))
    same = {"raised": wanted.raised, "channel": wanted.channel, "procedure_slug": wanted.procedure}
    for name, value in same.items():
        if value:
            yield getattr(CaseRecord, name) == value
    if wanted.number:
        yield CaseRecord.number.startswith(wanted.number)
    yield from _flags(wanted)
    yield from _days(wanted)


def _flags(wanted: Wanted) -> Iterator[Any]:
    if wanted.open:
        yield CaseRecord.closed_at.is_null(wanted.open == OPEN)
    if wanted.disputes:
        yield CaseRecord.dispute.in_((PENDING, SECONDING))
    if wanted.extensions:
        yield CaseRecord.extension == "asked"
    if wanted.refused_twice:
        yield (CaseRecord.satisfied == "no") & (CaseRecord.reopened > 0)
    if wanted.without_unit:
        yield CaseRecord.unit_slug == ""


def _days(wanted: Wanted) -> Iterator[Any]:
    if wanted.overdue_on:
        yield CaseRecord.closed_at.is_null()
        yield CaseRecord.due_on < wanted.overdue_on
    if wanted.received_from:
        yield CaseRecord.received_at >= midnight(wanted.received_from)
    if wanted.received_to:
        yield CaseRecord.received_at < midnight(wanted.received_to + timedelta(days=1))


def _of_unit(unit: str) -> Any:
    """Its own and those it works on with another."""
    helped = CaseCoUnit.select(CaseCoUnit.case).where(CaseCoUnit.unit_slug == unit)
    return (CaseRecord.unit_slug == unit) | CaseRecord.number.in_(helped)


def midnight(day: date) -> datetime:
    """The first instant of a day of the district, as stored."""
    return naive(datetime(day.year, day.month, day.day, tzinfo=DISTRICT)) if day.year > 1 else naive(BEGINNING)
