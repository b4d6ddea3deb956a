"""How closed cases were handled, as figures: pure functions over what happened. Exact; rounded once, where shown.

on time     every answer was given on or before the last day of the clock that then ran
days        working days from the day of receipt to the last answer (the day of receipt is not counted; pauses are)
satisfied   the person said so; silence past the clock is silence, never satisfaction
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from survey_app.domain.cases import state, steps
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.state import CaseState, Event
from survey_app.domain.everyday import LOW

NO_UNIT = "~"  # handled by the office itself
OTHERS = ""  # the name of the row that holds those too few for a row of their own


@dataclass(frozen=True)
class Handled:
    """One closed case. `days`: None where no answer was given before it closed."""

    unit: str
    kind: str
    days: int | None
    on_time: bool
    reopened: bool
    satisfied: str  # yes | no | silent | empty
    ruled_out: int = 0  # the level of a rating that two people ruled out of the count; 0: none


@dataclass(frozen=True)
class Figures:
    """Counts over some closed cases. Shares are of `closed`; `days` is the median over those that were answered."""

    closed: int
    on_time: int
    days: Fraction | None
    reopened: int
    satisfied: int
    unsatisfied: int
    silent: int

    @property
    def on_time_pct(self) -> Fraction:
        """100 · on time ÷ closed."""
        return Fraction(100 * self.on_time, self.closed) if self.closed else Fraction(0)


def handled(kind: str, events: Iterable[Event], clocks: Clocks) -> Handled:
    """What a closed case was, from its events. Raises YearUnknown."""
    case, on_time, answered_on, level = CaseState(kind), True, None, 0
    for event in events:
        if event.step == steps.ANSWERED:
            on_time, answered_on = on_time and _in_time(case, event.day, clocks), event.day
        level = int(event.detail.get("level", level)) if event.step == steps.DISPUTE_RULED else level
        case = state.after(case, event)
    days = clocks.calendar.workdays_between(case.received_on, answered_on) if answered_on else None
    on_time = on_time and days is not None
    return Handled(case.unit or NO_UNIT, kind, days, on_time, case.reopened > 0, case.satisfied, level)


def _in_time(case: CaseState, day: date, clocks: Clocks) -> bool:
    due = clocks.due(case)
    return due is None or day <= due.on


def figures(cases: Iterable[Handled]) -> Figures:
    """The figures of these cases together."""
    found = list(cases)
    days = [case.days for case in found if case.days is not None]
    said = [case.satisfied for case in found]
    return Figures(
        closed=len(found),
        on_time=sum(case.on_time for case in found),
        days=Fraction(median(days)) if days else None,
        reopened=sum(case.reopened for case in found),
        satisfied=said.count(state.YES),
        unsatisfied=said.count(state.NO),
        silent=said.count(state.QUIET),
    )


def ruled_out(cases: Iterable[Handled]) -> dict[int, int]:
    """Level -> how many ratings of it two people ruled out of the count; every low level is there, also with none."""
    found = Counter(case.ruled_out for case in cases if case.ruled_out)
    return {level: found[level] for level in (*LOW, *sorted(set(found) - set(LOW), reverse=True))}


def by(name: Callable[[Handled], str], cases: Iterable[Handled]) -> dict[str, list[Handled]]:
    """The cases in groups, in the order of their names."""
    found: dict[str, list[Handled]] = {}
    for case in cases:
        found.setdefault(name(case), []).append(case)
    return dict(sorted(found.items()))


def pooled(groups: Mapping[str, list[Handled]], min_n: int) -> dict[str, list[Handled]]:
    """Groups of at least `min_n` each; what is smaller goes together into OTHERS, last. Empty where all is too little.

    Threat: a total less the rows that are shown tells the row that is not. So whatever is too small for itself is
    joined, and by the smallest of the others too, until it is large enough to be shown.
    """
    shown = {name: cases for name, cases in groups.items() if len(cases) >= min_n}
    rest = [case for name, cases in groups.items() if name not in shown for case in cases]
    while rest and len(rest) < min_n and shown:
        least = min(shown, key=lambda name: (len(shown[name]), name))
        rest += shown.pop(least)
    if len(rest) >= min_n:
        return {**shown, OTHERS: rest}
    return shown if not rest else {}
