"""Where an order stands, folded from what was done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from survey_app.domain.orders import steps


@dataclass(frozen=True)
class Event:
    """One thing done with an order. `detail` holds what the step says besides words, such as days and text."""

    number: int
    at: datetime
    on: date
    actor: str
    role: str
    step: str
    words: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderState:
    """An order as it stands. `text` is what the unit is told, `days` the working days it has from the issue."""

    kind: str
    state: str = steps.DRAFT
    issuer: str = ""
    title: str = ""
    paper_number: str = ""
    text: str = ""
    days: int = 0
    due_on: date | None = None
    drawn_by: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    replied_by: str = ""
    replied_on: date | None = None
    verified_by: str = ""
    closed_on: date | None = None
    followed_by: str = ""
    overdue: bool = False
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the unit or the office still has to do something."""
        return self.state in steps.OPEN


def fold(kind: str, events: Iterable[Event]) -> OrderState:
    """The state after all events, in their order."""
    state = OrderState(kind)
    for event in events:
        state = after(state, event)
    return state


def after(state: OrderState, event: Event) -> OrderState:
    """The state after one more event."""
    to = steps.TABLE[event.step][2] if event.step in steps.TABLE else None
    moved = replace(state, state=to or state.state, version=event.number)
    return replace(moved, **_CHANGES[event.step](event))


def _drawn(event: Event) -> dict[str, Any]:
    told = event.detail
    return {
        "drawn_by": event.actor,
        **{name: told[name] for name in ("issuer", "title", "paper_number", "text", "days")},
    }


def _issued(event: Event) -> dict[str, Any]:
    return {"issued_by": event.actor, "issued_on": event.on, "due_on": _due(event)}


def _ended(event: Event) -> dict[str, Any]:
    return {"closed_on": event.on}


def _due(event: Event) -> date:
    return date.fromisoformat(event.detail["due_on"])


_CHANGES: Mapping[str, Callable[[Event], dict[str, Any]]] = {
    steps.DRAW: _drawn,
    steps.REDRAW: _drawn,
    steps.DROP: _ended,
    steps.ISSUE: _issued,
    steps.REPLY: lambda event: {"replied_by": event.actor, "replied_on": event.on},
    steps.SEND_BACK: lambda event: {"replied_on": None, "due_on": _due(event), "overdue": False},
    steps.VERIFY: lambda event: {"verified_by": event.actor, **_ended(event)},
    steps.EXTEND: lambda event: {"due_on": _due(event), "overdue": False},
    steps.ESCALATE: lambda event: {"followed_by": event.detail["followed_by"], **_ended(event)},
    steps.WITHDRAW: _ended,
    steps.OVERDUE: lambda _event: {"overdue": True},
}
