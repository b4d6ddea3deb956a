"""Deadlines in working days. A deadline is a function of the events and the calendar alone, never of a running clock.

Days are those of the district (state.DISTRICT), whatever zone the machine is set to. The day after the one on which a
clock starts is the first that counts; a pause moves a deadline by the working days it took, unless it was over.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from survey_app.domain.cases import steps
from survey_app.domain.cases.kinds import BAD_RATING, COMPLAINT, KINDS, QUESTION, SUGGESTION
from survey_app.domain.cases.state import CaseState
from survey_app.domain.errors import N_, BadInput
from survey_app.domain.workdays import Calendar

ASSIGN, VERIFY, ANSWER, CALL_BACK, PAUSE, SETTLE = "assign", "verify", "answer", "call_back", "pause", "settle"
STAGE_WORDS: Mapping[str, str] = {
    ASSIGN: N_("交给单位"),
    VERIFY: N_("联系核实"),
    ANSWER: N_("答复"),
    CALL_BACK: N_("等本人回音"),
    PAUSE: N_("暂停计时"),
    SETTLE: N_("核验、确认责任、办结"),
}
MOST_DAYS = 250


@dataclass(frozen=True)
class Limits:
    """Working days of one kind. 1, 5 and 15 are what cities set for bad ratings under 国办发〔2019〕51号."""

    assign: int = 1  # until the office has given it to a unit
    verify: int = 1  # until the unit has gone into the facts with the person
    simple: int = 5  # until the answer
    complex: int = 15  # the same, once rectifying has been announced
    call_back: int = 5  # the person's time to say yes or no
    settle: int = 5  # after the person's word, until verified, confirmed and closed
    remind: int = 1  # so long before a deadline the unit is reminded
    to_office: int = 2  # overdue so long with the unit's head, then with the office
    pause: int = 30  # the longest a clock may stand


@dataclass(frozen=True)
class Keeping:
    """How long what a person wrote or handed in is kept after closing, in days."""

    contact: int = 90
    words: int = 365
    files: int = 90
    objections: int = 365  # files of an objection, from its ruling


DEFAULTS: Mapping[str, Limits] = MappingProxyType(
    {
        QUESTION: Limits(),
        SUGGESTION: Limits(simple=15),
        COMPLAINT: Limits(),
        BAD_RATING: Limits(),
    }
)


@dataclass(frozen=True)
class Due:
    """The deadline that runs: of which stage, and its last day."""

    stage: str
    on: date


@dataclass(frozen=True)
class Clocks:
    """What deadlines are counted with."""

    calendar: Calendar = field(default_factory=Calendar)
    limits: Mapping[str, Limits] = field(default_factory=lambda: DEFAULTS)
    keeping: Keeping = Keeping()

    def due(self, case: CaseState) -> Due | None:
        """The deadline that runs; None where none does. Raises YearUnknown, which names the file to fill."""
        limits = self.limits[case.kind]
        stage = stage_of(case)
        if stage is None:
            return None
        if stage == PAUSE:
            return Due(stage, self.calendar.add_workdays(case.pauses[-1].since, limits.pause))
        return Due(stage, self._last_day(case, _days(limits, stage, case)))

    def remind_on(self, case: CaseState, due: Due) -> date:
        """The first day on which a reminder is due: `remind` working days before the deadline."""
        day, left = due.on, self.limits[case.kind].remind
        while left > 0 and day > case.since:
            left -= self.calendar.is_workday(day)
            day = date.fromordinal(day.toordinal() - 1)
        return day

    def office_on(self, case: CaseState, due: Due) -> date:
        """The last day an overdue case waits with the unit's head."""
        return self.calendar.add_workdays(due.on, self.limits[case.kind].to_office)

    def _last_day(self, case: CaseState, days: int) -> date:
        day = self.calendar.add_workdays(case.since, days)
        for pause in case.pauses:
            if pause.until and pause.since <= day:
                day = self.calendar.add_workdays(day, self.calendar.workdays_between(pause.since, pause.until))
        return day


def stage_of(case: CaseState) -> str | None:
    """Whose move it is, as a stage with a clock; None once closed."""
    if case.state == steps.PAUSED:
        return PAUSE
    if case.state == steps.NEW:
        return ASSIGN
    if case.state in steps.WORKING:
        waits = case.state == steps.TAKEN and KINDS[case.kind].contact_first and not case.reopened
        return VERIFY if waits else ANSWER
    if case.state in steps.REPLY:
        return SETTLE if case.satisfied else CALL_BACK
    return None


def _days(limits: Limits, stage: str, case: CaseState) -> int:
    if stage == ANSWER:
        return (limits.complex if case.complex else limits.simple) + case.extra_days
    if stage == SETTLE:
        return limits.call_back + limits.settle
    return int(getattr(limits, stage))


def read_limits(text: str, file: str) -> tuple[Mapping[str, Limits], Keeping]:
    """Settings from TOML: a table for each kind and [keeping]; what is absent keeps its default. Raises BadInput."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(file=file, problem=N_("不是TOML格式：%(error)s"), error=str(error)) from error
    for name in given.keys() - {*KINDS, "keeping"}:
        raise BadInput(file=file, problem=N_("不认识“%(name)s”。"), name=name)
    limits = {kind: _filled(DEFAULTS[kind], given.get(kind, {}), file, kind) for kind in KINDS}
    return MappingProxyType(limits), _filled(Keeping(), given.get("keeping", {}), file, "keeping")


def _filled(otherwise: Any, given: Any, file: str, table: str) -> Any:
    known = {one.name for one in fields(otherwise)}
    if not isinstance(given, dict):
        raise BadInput(file=file, problem=N_("“%(name)s”要写成一张表。"), name=table)
    for name, value in given.items():
        most = MOST_DAYS if table != "keeping" else 3650
        if name not in known:
            raise BadInput(file=file, problem=N_("不认识“%(name)s”。"), name=f"{table}.{name}")
        if type(value) is not int or not 1 <= value <= most:
            problem = N_("“%(name)s”要是1到%(most)s的整数天。")
            raise BadInput(file=file, problem=problem, name=f"{table}.{name}", most=most)
    return type(otherwise)(**{one.name: given.get(one.name, getattr(otherwise, one.name)) for one in fields(otherwise)})
