"""A case found by its code, and what was done so far as its person reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from survey_app.casework import intake
from survey_app.casework.plain import shown
from survey_app.domain import attached
from survey_app.domain.cases import codes, steps
from survey_app.domain.cases.rules import OUTCOMES
from survey_app.domain.cases.state import Event
from survey_app.domain.cases.steps import HEAD, ROLE_WORDS, STEP_WORDS, UNIT
from survey_app.domain.errors import N_, fill
from survey_app.store import audit, case_papers
from survey_app.store import cases as store
from survey_app.store.cases import Case
from survey_app.store.database import write
from survey_app.web import limits
from survey_app.web.context import keys, now, settings, today
from survey_app.web.daymemory import day_memory
from survey_app.web.language import say

# Steps among those who work on it, and reminders: not the person's affair.
_UNSHOWN = frozenset({steps.NOTE, steps.REMINDED})
_MOVES = frozenset({steps.ASSIGNED, steps.TRANSFERRED})
_GUESSED = timedelta(hours=1)  # guessing from one network is written down once in so long


@dataclass(frozen=True)
class Line:
    """One step as the person reads it; `words` are public or the person's own, `files` (digest, name, what it is)."""

    what: str
    who: str
    at: datetime
    words: str
    files: Sequence[tuple[str, str, str]]


def find_case(code: str) -> Case:
    """The case of a canonical code that somebody sent. Raises CaseCodeUnknown, TooManyTries; guessing is recorded."""
    try:
        with limits.one_guess():
            return store.case_by_code(code)
    except limits.TooManyTries:
        _record_guessing()
        raise


def _record_guessing() -> None:
    """That somebody tries codes, not who: once an hour, so that a flood does not fill the audit list."""
    if day_memory(settings()).count_once("case-guessing", until=now() + _GUESSED, now=now(), today=today()):
        with write():
            audit.record(actor="", action="case.guessing", subject="", detail={}, now=now())


def kept_page(case: Case, code: str) -> str:
    """The code in large, and what happens next."""
    return render_template("citizen/case_kept.html", case=shown(case), code=codes.spoken(code))


def story(case: Case) -> list[Line]:
    """The steps that are the person's to read, oldest first."""
    events, files = store.events_of(case.number), case_papers.files(case.number)
    written, titles, unit, lines = case_papers.written(case.number, keys()), intake.units_of_today(), "", []
    for event in events:
        unit = str(event.detail["unit"]) if event.step in _MOVES else unit
        if event.step not in _UNSHOWN:
            who = titles.get(unit, "") if event.role in (UNIT, HEAD) else ""
            own = [
                (one.digest, one.name, say(attached.STATE_WORDS[one.state]))
                for one in files
                if one.event == event.number
            ]
            words = event.public or written.get(event.number, "")
            lines.append(Line(_what(event, titles), who or say(ROLE_WORDS[event.role]), _local(event), words, own))
    return lines


def _what(event: Event, titles: Mapping[str, str]) -> str:
    """The step, and the one thing it told besides words."""
    told = OUTCOMES.get(str(event.detail.get("outcome", ""))) or titles.get(str(event.detail.get("unit", "")))
    if not told:
        return say(STEP_WORDS[event.step])
    return fill(N_("%(step)s：%(told)s"), {"step": STEP_WORDS[event.step], "told": told}, say)


def _local(event: Event) -> datetime:
    return event.at.replace(tzinfo=None)  # as the filter `moment` takes it
