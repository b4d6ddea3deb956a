"""Lists of cases for desks: which, in which order, one page at a time."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey_app.domain.cases import state, steps
from survey_app.store.case_rows import Case, as_case
from survey_app.store.models import CaseCoUnit, CaseRecord

PER_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which cases. Empty asks for nothing; `due_by`: the last day that the list "due" takes in.

    `escalated_first`: those that went to the office, then those with a unit's head, before all others.
    """

    show: str = "open"
    kind: str = ""
    kinds: Collection[str] = ()
    unit: str = ""
    due_by: date = date.max
    escalated_first: bool = False


@dataclass(frozen=True)
class Found:
    """One page of a list: `count` over all pages."""

    rows: list[Case]
    count: int
    page: int
    pages: int


_OPEN = CaseRecord.closed_at.is_null()
SHOWS: dict[str, Callable[[Wanted], Any]] = {
    "open": lambda _wanted: _OPEN,
    "due": lambda wanted: _OPEN & (CaseRecord.due_on <= wanted.due_by),
    "escalated": lambda _wanted: _OPEN & (CaseRecord.escalated != ""),
    "unassigned": lambda _wanted: _OPEN & (CaseRecord.unit_slug == ""),
    "extension": lambda _wanted: _OPEN & (CaseRecord.extension == state.ASKED),
    "dispute": lambda _wanted: CaseRecord.dispute.in_((state.PENDING, state.SECONDING)),
    "refused": lambda _wanted: _OPEN & (CaseRecord.satisfied == state.NO) & (CaseRecord.reopened > 0),
    "reply": lambda _wanted: _OPEN & CaseRecord.state.in_(sorted(steps.REPLY)),
    "closed": lambda _wanted: CaseRecord.closed_at.is_null(False),
    "all": lambda _wanted: CaseRecord.number != "",
}


def list_cases(wanted: Wanted, *, page: int = 1) -> Found:
    """One page of what is wanted, what is due first; closed ones newest first. An unknown `show` is "open"."""
    rows = _filtered(wanted)
    count = rows.count()
    pages = max(1, -(-count // PER_PAGE))
    number = min(max(page, 1), pages)
    shown = rows.order_by(*_order(wanted)).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Found([as_case(row) for row in shown], count, number, pages)


def count_cases(wanted: Wanted) -> int:
    """How many there are, for the figure beside a tab."""
    return int(_filtered(wanted).count())


def _filtered(wanted: Wanted) -> Any:
    rows = CaseRecord.select().where(SHOWS.get(wanted.show, SHOWS["open"])(wanted))
    if wanted.kind:
        rows = rows.where(CaseRecord.kind == wanted.kind)
    if wanted.kinds:
        rows = rows.where(CaseRecord.kind.in_(sorted(wanted.kinds)))
    if wanted.unit:
        with_others = CaseCoUnit.select(CaseCoUnit.case).where(CaseCoUnit.unit_slug == wanted.unit)
        rows = rows.where((CaseRecord.unit_slug == wanted.unit) | CaseRecord.number.in_(with_others))
    return rows


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.show == "closed":
        return (CaseRecord.closed_at.desc(), CaseRecord.number)
    first = (CaseRecord.escalated.desc(),) if wanted.escalated_first else ()  # "office" before "head" before ""
    return (*first, CaseRecord.closed_at, CaseRecord.due_on, CaseRecord.number)
