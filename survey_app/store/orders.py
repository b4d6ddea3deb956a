"""Orders: drawn once, carried on by appended events, listed; nobody changes what was done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from survey_app.domain.orders import rules, steps
from survey_app.domain.orders.rules import StaleOrder, Text, Wish
from survey_app.domain.orders.state import Event, OrderState, after, fold
from survey_app.store import audit, sealed_files
from survey_app.store.case_papers import Kept
from survey_app.store.database import write
from survey_app.store.models import OrderEvent, OrderFile, OrderRecord
from survey_app.store.order_rows import (
    Order,
    as_order,
    events_of,
    files_of,
    insert_event,
    is_taken,
    projection,
    row_of,
    state_of,
)

__all__ = ["Drawn", "Order", "Step", "draw", "events_of", "files_of", "listed", "order", "orders_in", "state", "take"]


@dataclass(frozen=True)
class Drawn:
    """A new order as it is drawn: for whom, from what, and in which words. `mark`: a form sent twice is one order."""

    kind: str
    unit: str
    source: str
    basis: str
    text: Text
    mark: str
    by: str
    source_ref: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Step:
    """A step to be taken; `seen` is the version that whoever takes it saw, None for the portal's own."""

    wish: Wish
    mark: str
    seen: int | None = None
    files: Sequence[Kept] = ()  # already on the disk


def draw(drawn: Drawn, *, now: datetime, today: date) -> Order:
    """Keep a draft. The same form sent again is the same order. Raises KindUnknown."""
    rules.require_kind(drawn.kind)
    with write():
        return _draw_within(drawn, now, today)


def _draw_within(drawn: Drawn, now: datetime, today: date) -> Order:
    if row := OrderRecord.get_or_none(OrderRecord.form_mark == drawn.mark):
        return as_order(row)
    number = _next_number(today)
    event = Event(1, now, today, drawn.by, steps.OFFICE, steps.DRAW, "", drawn.text.as_detail())
    facts = {"kind": drawn.kind, "unit_slug": drawn.unit, "source": drawn.source, "source_ref": drawn.source_ref}
    more = {"basis": drawn.basis, "previous": drawn.previous, "form_mark": drawn.mark, "drawn_on": today}
    OrderRecord.insert(number=number, **facts, **more, **projection(fold(drawn.kind, [event]))).execute()
    insert_event(number, event, None)
    detail = {"kind": drawn.kind, "unit": drawn.unit, "source": drawn.source}
    audit.record(actor=drawn.by, action=f"order.{steps.DRAW}", subject=number, detail=detail, now=now)
    return order(number)


def take(number: str, step: Step, *, now: datetime, today: date) -> OrderState:
    """Take this step. One whose mark the order already holds was taken before: nothing changes.

    Raises OrderUnknown, StaleOrder and the refusals of `rules.require`; nothing is taken then.
    """
    with write():
        return _take_within(number, step, now, today)


def _take_within(number: str, step: Step, now: datetime, today: date) -> OrderState:
    row = row_of(number)
    state = state_of(row)
    if is_taken(number, step.mark):
        return state
    if step.seen is not None and step.seen != state.version:
        raise _stale(number)
    rules.require(state, step.wish)
    wish = step.wish
    event = Event(state.version + 1, now, today, wish.actor, wish.role, wish.step, wish.words.strip(), wish.detail)
    insert_event(number, event, step.mark)
    sealed_files.insert(OrderFile, step.files, order=number, event=event.number)
    found = after(state, event)
    OrderRecord.update(**projection(found)).where(OrderRecord.number == number).execute()
    detail = {"event": event.number, "files": len(step.files)}
    audit.record(actor=wish.actor, action=f"order.{wish.step}", subject=number, detail=detail, now=now)
    return found


def escalate(number: str, step: Step, follows: Drawn, *, now: datetime, today: date) -> Order:
    """End this order and draw the next kind from it, both or neither; sent twice it is one. Raises what `take` does."""
    with write():
        if not is_taken(number, step.mark):
            # Asked first: a step that may not be taken draws nothing, and the number goes into the step.
            rules.require(state(number), step.wish)
        drawn = _draw_within(follows, now, today)
        wish = replace(step.wish, detail={"followed_by": drawn.number})
        _take_within(number, replace(step, wish=wish), now, today)
        return drawn


def order(number: str) -> Order:
    """The order with this number. Raises OrderUnknown."""
    return as_order(row_of(number))


def state(number: str) -> OrderState:
    """The order folded from its events. Raises OrderUnknown."""
    return state_of(row_of(number))


def listed(*, unit: str = "", states: Iterable[str] = ()) -> list[Order]:
    """All orders, the earliest day first and those without one last; of a unit, in some states."""
    rows = OrderRecord.select()
    rows = rows.where(OrderRecord.unit_slug == unit) if unit else rows
    rows = rows.where(OrderRecord.state.in_(chosen)) if (chosen := list(states)) else rows
    return [
        as_order(row) for row in rows.order_by(OrderRecord.due_on.asc(nulls="LAST"), OrderRecord.number).namedtuples()
    ]


def orders_in(start: date, end: date) -> list[Order]:
    """Orders issued from `start` to `end`, both days with them, in the order of their issue."""
    rows = OrderRecord.select().where(OrderRecord.issued_on.between(start, end))
    return [as_order(row) for row in rows.order_by(OrderRecord.issued_on, OrderRecord.number).namedtuples()]


def ever_overdue() -> frozenset[str]:
    """Numbers of the orders whose reply was ever missing after its day."""
    late = OrderEvent.select(OrderEvent.order).where(OrderEvent.step == steps.OVERDUE)
    return frozenset(number for (number,) in late.tuples())


def passed_days() -> list[tuple[str, date]]:
    """(order, day on which it was written down) for every last day that passed without a reply."""
    rows = OrderEvent.select(OrderEvent.order, OrderEvent.on).where(OrderEvent.step == steps.OVERDUE)
    return list(rows.order_by(OrderEvent.on, OrderEvent.order).tuples())


def drawn_from(source: str) -> Mapping[tuple[str, str], Order]:
    """(source_ref, unit) -> the last order drawn from it that was not dropped."""
    rows = OrderRecord.select().where(OrderRecord.source == source, OrderRecord.state != steps.DROPPED)
    return {(row.source_ref, row.unit_slug): as_order(row) for row in rows.order_by(OrderRecord.number).namedtuples()}


def note_overdue(number: str, *, now: datetime, today: date) -> bool:
    """Write down, once for each last day, that the reply is missing; whether it was written now."""
    with write():
        found = state(number)
        if not rules.is_late(found, today):
            return False
        mark = f"overdue:{found.due_on}"
        wish = Wish(steps.OVERDUE, "", steps.SYSTEM, detail={"due_on": str(found.due_on)})
        return _take_within(number, Step(wish, mark), now, today).version > found.version


def _next_number(today: date) -> str:
    """The year and a running number: 2026-0007."""
    year = f"{today.year}-"
    last = OrderRecord.select().where(OrderRecord.number.startswith(year)).order_by(OrderRecord.number.desc()).first()
    return f"{year}{int(last.number[5:]) + 1 if last else 1:04d}"


def _stale(number: str) -> StaleOrder:
    last = OrderEvent.select().where(OrderEvent.order == number).order_by(OrderEvent.number.desc()).first()
    return StaleOrder(who=last.actor or steps.ROLE_WORDS[last.role], step=steps.STEP_WORDS[last.step])
