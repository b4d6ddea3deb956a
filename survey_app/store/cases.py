"""Cases: received once, carried on by appended events, read by number or by the person's code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from survey_app.config import Keys
from survey_app.domain.cases import box, codes, rules, steps
from survey_app.domain.cases import state as states
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.kinds import require_kind
from survey_app.domain.cases.refusals import StaleCase
from survey_app.domain.cases.state import CaseState, Event
from survey_app.store import audit
from survey_app.store.case_papers import Kept, attach
from survey_app.store.case_rows import (
    Case,
    as_case,
    bring_up,
    events_of,
    insert_events,
    naive,
    projection,
    row_of,
    state_of,
)
from survey_app.store.database import write
from survey_app.store.excluding import rule_out
from survey_app.store.models import CaseContact, CaseEvent, CaseRecord, CaseWords

__all__ = ["Case", "NewCase", "Received", "append", "case", "case_by_code", "events_of", "receive", "state"]

BY_CODE = "code"  # the actor where a person acts with their code: nothing more is known of them


@dataclass(frozen=True)
class NewCase:
    """What came in. `content` is what the person wrote, such as {"words": …}; it is sealed, as is the contact."""

    kind: str
    content: Mapping[str, Any]
    unit: str = ""
    procedure: str = ""
    contact: str = ""
    files: Sequence[Kept] = ()  # already on the disk
    channel: str = "web"
    actor: str = BY_CODE
    role: str = steps.CITIZEN


@dataclass(frozen=True)
class Received:
    """A case as it was taken in: its number for people, the code that follows it, whether this was the first time."""

    number: str
    code: str
    first: bool = True


@dataclass(frozen=True)
class Step:
    """A step to be taken; `seen` is the version of the case that whoever takes it saw, None for the portal's own."""

    wish: rules.Wish
    seen: int | None = None
    mark: str | None = None
    words: Mapping[str, Any] = field(default_factory=dict)  # what the person wrote with it, to be sealed
    files: Sequence[Kept] = ()  # already on the disk


def receive(new: NewCase, *, form_nonce: str, keys: Keys, clocks: Clocks, now: datetime) -> Received:
    """Take a case in and, where the unit is known, give it to the unit. The same form sent again is the same case."""
    with write():
        return receive_within(new, form_nonce=form_nonce, keys=keys, clocks=clocks, now=now)


def receive_within(new: NewCase, *, form_nonce: str, keys: Keys, clocks: Clocks, now: datetime) -> Received:
    """The same inside the caller's `write()`. Raises KindUnknown."""
    require_kind(new.kind)
    code = codes.make_case_code(keys.receipt, form_nonce=form_nonce, kind=new.kind, unit_slug=new.unit)
    if row := CaseRecord.get_or_none(CaseRecord.case_key == codes.case_key(code)):
        return Received(row.number, code, first=False)
    number = _next_number(now)
    events = _first_events(new, now)
    state = states.fold(new.kind, events)
    same = {"number": number, "case_key": codes.case_key(code), "kind": new.kind, "channel": new.channel}
    told = {"procedure_slug": new.procedure, "received_at": naive(now), "has_contact": bool(new.contact)}
    CaseRecord.insert(**same, **told, **projection(state, clocks)).execute()
    insert_events(number, [(event, None) for event in events])
    CaseWords.insert(case=number, event=1, sealed=box.seal(keys.case, box.WORDS, new.content)).execute()
    attach(number, 1, new.files)
    if new.contact:
        sealed = box.seal(keys.case, box.CONTACT, {"contact": new.contact})
        CaseContact.insert(case=number, sealed=sealed).execute()
    audit.record(actor=new.actor, action="case.received", subject=number, detail={"kind": new.kind}, now=now)
    return Received(number, code)


def append(number: str, step: Step, *, clocks: Clocks, keys: Keys, now: datetime) -> CaseState:
    """Take this step and those that follow of themselves, in one transaction.

    A step whose mark the case already holds was taken before: nothing changes. Raises CaseUnknown, StaleCase, and the
    refusals of `rules.require`; nothing is taken then.
    """
    with write():
        row = row_of(number)
        state = before = state_of(row)
        if _is_taken(number, step.mark):
            return state
        state = _taken(number, state, step, keys, now)
        while following := rules.follows(state):
            state = _taken(number, state, _own(following), keys, now)
        bring_up(number, before, state, clocks)
        return state


def append_own(number: str, step: str, mark: str, *, seen: int, clocks: Clocks, keys: Keys, now: datetime) -> bool:
    """A step that the clocks take by themselves, once; False where it was taken before.

    False too where somebody has acted since version `seen`: what they did stands, and the clock is looked at again.
    """
    own = Step(rules.Wish(step, "", steps.SYSTEM), seen, mark)
    try:
        return append(number, own, clocks=clocks, keys=keys, now=now).version > seen
    except StaleCase:
        return False


def refresh(number: str, clocks: Clocks) -> bool:
    """Count the deadline anew, as when a calendar or a setting has come since; whether it is another now."""
    with write():
        row = row_of(number)
        told = projection(state_of(row), clocks)
        if (row.due_on, row.stage) == (told["due_on"], told["stage"]):
            return False
        CaseRecord.update(**told).where(CaseRecord.number == number).execute()
        return True


def _own(step: str) -> Step:
    return Step(rules.Wish(step, "", steps.SYSTEM))


def _taken(number: str, state: CaseState, step: Step, keys: Keys, now: datetime) -> CaseState:
    if step.seen is not None and step.seen != state.version:
        raise _stale(number)
    rules.require(state, step.wish)
    wish = step.wish
    at = max(now, state.at)  # a machine clock set back does not put one event before another
    event = Event(state.version + 1, at, wish.actor, wish.role, wish.step, wish.public, wish.internal, dict(wish.told))
    if states.after(state, event).dispute == states.EXCLUDED != state.dispute:
        event = replace(event, detail={**event.detail, **rule_out(number, keys)})
    insert_events(number, [(event, step.mark)])
    if step.words:
        sealed = box.seal(keys.case, box.WORDS, step.words)
        CaseWords.insert(case=number, event=event.number, sealed=sealed).execute()
    attach(number, event.number, step.files)
    audit.record(actor=wish.actor, action=f"case.{wish.step}", subject=number, detail={"event": event.number}, now=now)
    return states.after(state, event)


def case(number: str) -> Case:
    """The case with this number. Raises CaseUnknown."""
    return as_case(row_of(number))


def case_by_code(code: str) -> Case:
    """The case of this canonical code; look it up inside `web.limits.one_guess`. Raises CaseCodeUnknown."""
    row = CaseRecord.get_or_none(CaseRecord.case_key == codes.case_key(code))
    if row is None:
        raise codes.CaseCodeUnknown
    return as_case(row)


def state(number: str) -> CaseState:
    """The case folded from its events. Raises CaseUnknown."""
    return state_of(row_of(number))


def _first_events(new: NewCase, now: datetime) -> list[Event]:
    received = Event(1, now, new.actor, new.role, steps.RECEIVED, detail={"channel": new.channel})
    if not new.unit:
        return [received]
    return [received, Event(2, now, "", steps.SYSTEM, steps.ASSIGNED, detail={"unit": new.unit})]


def _next_number(now: datetime) -> str:
    """The year of the district and a running number: 2026-000123."""
    year = f"{states.day_of(now).year}-"
    numbers = CaseRecord.select(CaseRecord.number).where(CaseRecord.number.startswith(year))
    last = numbers.order_by(CaseRecord.number.desc()).first()
    return f"{year}{int(last.number[5:]) + 1 if last else 1:06d}"


def _is_taken(number: str, mark: str | None) -> bool:
    here = (CaseEvent.case == number) & (CaseEvent.mark == mark)
    return mark is not None and CaseEvent.select().where(here).exists()


def _stale(number: str) -> StaleCase:
    last = CaseEvent.select().where(CaseEvent.case == number).order_by(CaseEvent.number.desc()).first()
    return StaleCase(who=last.actor or steps.ROLE_WORDS[last.role], step=steps.STEP_WORDS[last.step])
