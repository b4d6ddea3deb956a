"""Orders as they lie in the database: read, folded, and the row kept for lists brought up to the last event."""

import json
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from survey_app.domain.orders.rules import OrderUnknown
from survey_app.domain.orders.state import Event, OrderState, fold
from survey_app.store import sealed_files
from survey_app.store.case_rows import naive
from survey_app.store.models import OrderEvent, OrderFile, OrderRecord
from survey_app.store.sealed_files import SealedFile


@dataclass(frozen=True)
class Order:
    """An order for lists and pages; `basis` says in words what it is drawn from."""

    number: str
    kind: str
    unit: str
    source: str
    source_ref: str
    basis: str
    previous: str
    drawn_on: date
    state: str
    title: str
    paper_number: str
    issued_by: str
    issued_on: date | None
    due_on: date | None
    replied_on: date | None
    closed_on: date | None
    followed_by: str
    overdue: bool
    version: int

    @property
    def answered_on(self) -> date | None:
        """The day of the reply that counts."""
        return self.replied_on


_PROJECTED = (
    *("state", "title", "paper_number", "issued_by", "issued_on", "due_on", "replied_on", "closed_on"),
    *("followed_by", "overdue", "version"),
)


def row_of(number: str) -> OrderRecord:
    """The row of this order. Raises OrderUnknown."""
    row = OrderRecord.get_or_none(OrderRecord.number == number)
    if row is None:
        raise OrderUnknown
    return row


def as_order(row: Any) -> Order:
    """A row as the rest of the portal sees it; lists give bare tuples, which take a quarter of the time."""
    same = {name: getattr(row, name) for name in Order.__dataclass_fields__ if name != "unit"}
    return Order(**same, unit=row.unit_slug)


def projection(state: OrderState) -> dict[str, object]:
    """What the row keeps of the state."""
    return {name: getattr(state, name) for name in _PROJECTED}


def events_of(number: str) -> list[Event]:
    """What was done with this order, in order. Times are UTC with offset."""
    rows = OrderEvent.select().where(OrderEvent.order == number).order_by(OrderEvent.number)
    return [
        Event(
            row.number,
            row.at.replace(tzinfo=UTC),
            row.on,
            row.actor,
            row.role,
            row.step,
            row.words,
            json.loads(row.detail),
        )
        for row in rows
    ]


def state_of(row: OrderRecord) -> OrderState:
    """The order folded from its events."""
    return fold(row.kind, events_of(row.number))


def insert_event(number: str, event: Event, mark: str | None) -> None:
    """Append one event, inside the caller's `write()`."""
    same = {name: getattr(event, name) for name in ("number", "on", "actor", "role", "step", "words")}
    detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True)
    OrderEvent.insert(order=number, at=naive(event.at), detail=detail, mark=mark, **same).execute()


def is_taken(number: str, mark: str | None) -> bool:
    """Whether a step with this mark was taken before."""
    here = (OrderEvent.order == number) & (OrderEvent.mark == mark)
    return mark is not None and OrderEvent.select().where(here).exists()


def files_of(number: str) -> list[SealedFile]:
    """The files of an order in the order in which they came."""
    rows = OrderFile.select().where(OrderFile.order == number)
    return sealed_files.listed(rows.order_by(OrderFile.event, OrderFile.name))
