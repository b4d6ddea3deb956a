"""A case as the person who holds its code reads it: state, what happens next and by when, and what was done so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from survey_app.domain import attached
from survey_app.domain.cases import clocks, rules, steps
from survey_app.domain.cases.clocks import Due
from survey_app.domain.cases.kinds import KIND_WORDS
from survey_app.domain.cases.rules import OUTCOMES
from survey_app.domain.cases.state import CaseState, Event
from survey_app.domain.cases.steps import CITIZEN, ROLE_WORDS, STATE_WORDS, STEP_WORDS, UNIT
from survey_app.domain.errors import N_, fill
from survey_app.web.language import say

# Steps among those who work on it, and reminders: not the person's affair.
_UNSHOWN = frozenset({steps.NOTE, steps.REMINDED})
_NEXT: Mapping[str, str] = {
    clocks.ASSIGN: N_("主管办公室最晚%(day)s交给单位办理。"),
    clocks.VERIFY: N_("单位最晚%(day)s核实情况，留了联系方式的会联系您，然后答复。"),
    clocks.ANSWER: N_("单位最晚%(day)s答复。"),
    clocks.CALL_BACK: N_("单位已经答复。请在%(day)s前（含当天）说满意不满意；不说，记“没有回音”，不算满意。"),
    clocks.SETTLE: N_("您已经说过满意不满意。最晚%(day)s核验、办结。"),
    clocks.PAUSE: N_("暂停计时，原因写在办理经过里，最晚%(day)s恢复。"),
}
_LATE = N_("本来最晚%(day)s要办完这一步，已经超期。超期的自动报单位负责人，再不办报主管办公室。")
_CLOSED = N_("已经办结。觉得没有解决的，可以打12345，或写一件新的。")
_REFUSED = N_("您说没有解决。重新办过还不满意的，由主管办公室来定。")
_TONES = {steps.REPLIED: "warn", steps.CHECKED: "warn", steps.DONE: "good"}


@dataclass(frozen=True)
class File:
    """A file to be downloaded with the code; `note` says what it is."""

    number: int
    name: str
    note: str


@dataclass(frozen=True)
class Line:
    """One step as the person reads it."""

    what: str
    who: str
    at: datetime
    words: str
    files: tuple[File, ...]


def next_words(state: CaseState, due: Due | None, today: date) -> str:
    """What happens next and by when, in one or two plain sentences."""
    if not state.is_open:
        return say(_CLOSED)
    if state.refused_twice:
        return say(_REFUSED)
    if due is None:
        return say(STATE_WORDS[state.state])
    late = due.on < today and due.stage != clocks.CALL_BACK
    return fill(_LATE if late else _NEXT[due.stage], {"day": due.on}, say)


def story(events: Sequence[Event], files: Mapping[int, tuple[File, ...]], unit_titles: Mapping[str, str]) -> list[Line]:
    """The steps that are the person's to read, oldest first; `files` by event."""
    shown, unit = [], ""
    for event in events:
        unit = str(event.detail.get("unit", unit)) if event.step in _MOVES else unit
        if event.step not in _UNSHOWN:
            who = unit_titles.get(unit, "") if event.role == UNIT else ""
            shown.append(_line(event, who or say(ROLE_WORDS[event.role]), files.get(event.number, ())))
    return shown


_MOVES = frozenset({steps.RECEIVED, steps.ASSIGNED, steps.TRANSFERRED})


def _line(event: Event, who: str, files: tuple[File, ...]) -> Line:
    what = say(STEP_WORDS[event.step])
    if outcome := OUTCOMES.get(str(event.detail.get("outcome", ""))):
        what = fill(N_("%(step)s：%(more)s"), {"step": STEP_WORDS[event.step], "more": outcome}, say)
    return Line(what, who, event.at.replace(tzinfo=None), event.public, files)


def file_note(state: str) -> str:
    """What a person should know of a file before opening it."""
    return say(attached.STATE_WORDS[state])


def may(state: CaseState) -> dict[str, bool]:
    """What the person can do now."""
    open_to = rules.possible(state, role=CITIZEN, actor=CITIZEN)
    return {
        "judge": steps.SATISFIED in open_to and steps.DISSATISFIED in open_to,
        "rate": steps.HANDLING_RATED in open_to,
        "add": steps.WORDS_ADDED in open_to,
    }
