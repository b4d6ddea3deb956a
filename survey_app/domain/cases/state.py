"""What has become of a case: its events folded into a state. Nothing here knows the time or a calendar."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from survey_app.domain.cases import steps
from survey_app.domain.cases.kinds import KINDS

# Deadlines are days of the district. China has no summer time, so a fixed offset is exact and no machine can move it.
DISTRICT = timezone(timedelta(hours=8))
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
YES, NO, QUIET = "yes", "no", "silent"
PENDING, SECONDING, KEPT, EXCLUDED = "pending", "seconding", "kept", "excluded"
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
TO_HEAD, TO_OFFICE = "head", "office"
SOLVED, CANNOT = "solved", "cannot"


@dataclass(frozen=True)
class Event:
    """One step as it was taken. `at` is UTC with offset; `detail` is flat. `number` counts from 1 within the case."""

    number: int
    at: datetime
    actor: str
    role: str
    step: str
    public: str = ""
    internal: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day in the district on which it was taken."""
        return day_of(self.at)


@dataclass(frozen=True)
class Pause:
    """Days on which the clock stood; `until` is None while it stands."""

    since: date
    until: date | None = None


@dataclass(frozen=True)
class CaseState:
    """A case after its last event. Gates: `solved`, `responsible`, `settled` (S10: three things not to be let pass)."""

    kind: str
    state: str = ""
    version: int = 0
    at: datetime = BEGINNING
    received_on: date = date.min
    unit: str = ""
    co_units: frozenset[str] = frozenset()
    before_pause: str = ""
    since: date = date.min  # the day from which the clock of this stage runs
    pauses: tuple[Pause, ...] = ()
    extra_days: int = 0
    extension: str = ""
    complex: bool = False  # rectifying was announced: the longer clock
    transferred: bool = False
    returned_by: frozenset[str] = frozenset()
    outcome: str = ""
    answered_by: str = ""
    answered_on: date | None = None
    verified: bool = False
    stated: bool = False
    confirmed: bool = False
    satisfied: str = ""
    reopened: int = 0
    dispute: str = ""
    ruled_by: str = ""
    raised: str = ""
    handling: int | None = None
    words_added: int = 0
    closed_at: datetime | None = None

    @property
    def solved(self) -> bool:
        """Gate 1: answered with evidence, or a reasoned "cannot"; where the kind asks for it, verified by another."""
        return bool(self.outcome) and (self.verified or not KINDS[self.kind].checked)

    @property
    def responsible(self) -> bool:
        """Gate 2: responsibility stated by the unit and, for complaints, confirmed by the office."""
        kind = KINDS[self.kind]
        return (self.stated or not kind.responsibility) and (self.confirmed or not kind.confirmed)

    @property
    def settled(self) -> bool:
        """Gate 3: the person has said yes, or was silent past the clock; silence is kept as silence."""
        return self.satisfied in (YES, QUIET)

    @property
    def may_close(self) -> bool:
        """Whether all three gates are open."""
        return self.solved and self.responsible and self.settled

    @property
    def refused_twice(self) -> bool:
        """The person said no, was taken up again and said no again: the office decides."""
        return self.satisfied == NO and self.reopened > 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state != steps.DONE


def day_of(at: datetime) -> date:
    """The day in the district."""
    return at.astimezone(DISTRICT).date()


def fold(kind: str, events: Iterable[Event]) -> CaseState:
    """The state after these events, in their order."""
    state = CaseState(kind)
    for event in events:
        state = after(state, event)
    return state


def after(state: CaseState, event: Event) -> CaseState:
    """The state after one more event. Whether the step was allowed is asked before, in `rules`."""
    counted = replace(state, version=event.number, at=event.at)
    change = _CHANGES.get(event.step)
    return replace(counted, **change(counted, event)) if change else counted


Change = dict[str, Any]
_STAGE: Change = {"pauses": (), "extra_days": 0}


def _received(_state: CaseState, event: Event) -> Change:
    return {"state": steps.NEW, "received_on": event.day, "since": event.day}


def _assigned(_state: CaseState, event: Event) -> Change:
    moved = {"unit": str(event.detail["unit"]), "state": steps.TAKEN, "since": event.day, "raised": ""}
    return {**moved, **_STAGE, "complex": False}


def _co_unit(state: CaseState, event: Event) -> Change:
    return {"co_units": state.co_units | {str(event.detail["unit"])}}


def _contacted(state: CaseState, _event: Event) -> Change:
    return {"state": steps.HEARD, "raised": ""} if state.state == steps.TAKEN else {}


def _rectifying(_state: CaseState, _event: Event) -> Change:
    return {"state": steps.MENDING, "complex": True}


def _answered(_state: CaseState, event: Event) -> Change:
    said = {"outcome": str(event.detail["outcome"]), "answered_by": event.actor, "answered_on": event.day}
    return {
        **said,
        "state": steps.REPLIED,
        "since": event.day,
        **_STAGE,
        "satisfied": "",
        "verified": False,
        "raised": "",
    }


def _verified(_state: CaseState, _event: Event) -> Change:
    return {"state": steps.CHECKED, "verified": True}


def _sent_back(_state: CaseState, event: Event) -> Change:
    return {"state": steps.TAKEN, **_undone(event)}


def _undone(event: Event) -> Change:
    """What has to be answered anew; what was stated about responsibility stands."""
    return {
        "outcome": "",
        "verified": False,
        "satisfied": "",
        "since": event.day,
        "complex": False,
        "raised": "",
        **_STAGE,
    }


def _returned(state: CaseState, event: Event) -> Change:
    back = {"state": steps.NEW, "unit": "", "returned_by": state.returned_by | {state.unit}}
    return {**back, "since": event.day, "raised": "", **_STAGE}


def _transferred(state: CaseState, event: Event) -> Change:
    return {**_assigned(state, event), "transferred": True}


def _granted(state: CaseState, event: Event) -> Change:
    return {"extension": GRANTED, "extra_days": state.extra_days + int(event.detail["days"]), "raised": ""}


def _suspended(state: CaseState, event: Event) -> Change:
    pauses = (*state.pauses, Pause(event.day))
    return {"state": steps.PAUSED, "before_pause": state.state, "pauses": pauses}


def _resumed(state: CaseState, event: Event) -> Change:
    pauses = (*state.pauses[:-1], replace(state.pauses[-1], until=event.day))
    return {"state": state.before_pause, "before_pause": "", "pauses": pauses}


def _ruled(state: CaseState, event: Event) -> Change:
    if event.detail["verdict"] == KEPT:
        return {"dispute": KEPT, "ruled_by": event.actor}
    return {"dispute": EXCLUDED if state.dispute == SECONDING else SECONDING, "ruled_by": event.actor}


def _reopened(state: CaseState, event: Event) -> Change:
    return {"state": steps.TAKEN, "reopened": state.reopened + 1, **_undone(event)}


def _closed(_state: CaseState, event: Event) -> Change:
    return {"state": steps.DONE, "closed_at": event.at}


def _fixed(**change: Any) -> Callable[[CaseState, Event], Change]:
    return lambda _state, _event: change


_CHANGES: Mapping[str, Callable[[CaseState, Event], Change]] = {
    steps.RECEIVED: _received,
    steps.ASSIGNED: _assigned,
    steps.CO_UNIT_ADDED: _co_unit,
    steps.CONTACTED: _contacted,
    steps.RECTIFYING: _rectifying,
    steps.ANSWERED: _answered,
    steps.VERIFIED: _verified,
    steps.SENT_BACK: _sent_back,
    steps.RETURNED: _returned,
    steps.TRANSFERRED: _transferred,
    steps.EXTENSION_ASKED: _fixed(extension=ASKED),
    steps.EXTENSION_GRANTED: _granted,
    steps.EXTENSION_REFUSED: _fixed(extension=REFUSED),
    steps.SUSPENDED: _suspended,
    steps.RESUMED: _resumed,
    steps.DISPUTED: _fixed(dispute=PENDING),
    steps.DISPUTE_RULED: _ruled,
    steps.RESPONSIBILITY_STATED: _fixed(stated=True),
    steps.RESPONSIBILITY_CONFIRMED: _fixed(confirmed=True),
    steps.RESPONSIBILITY_REFUSED: _fixed(stated=False),
    steps.SATISFIED: _fixed(satisfied=YES),
    steps.DISSATISFIED: _fixed(satisfied=NO),
    steps.SILENT: _fixed(satisfied=QUIET),
    steps.REOPENED: _reopened,
    steps.ESCALATED_HEAD: lambda state, _event: {"raised": state.raised or TO_HEAD},
    steps.ESCALATED_OFFICE: _fixed(raised=TO_OFFICE),
    steps.WORDS_ADDED: lambda state, _event: {"words_added": state.words_added + 1},
    steps.HANDLING_RATED: lambda _state, event: {"handling": int(event.detail["level"])},
    steps.CLOSED: _closed,
}
