"""What the clocks do by themselves on a day: reminders, what is overdue, silence, a pause that has lasted long enough.

Each has a mark that names the deadline it belongs to. The database takes a mark once per case, so a restart, a second
process, a day of downtime or a machine clock set back make nothing happen twice.
"""

from collections.abc import Iterator
from datetime import date

from survey_app.domain.cases import clocks as stages
from survey_app.domain.cases import steps
from survey_app.domain.cases.clocks import Clocks, Due
from survey_app.domain.cases.state import CaseState

Own = tuple[str, str]  # a step of the portal's own, and its mark
_OF_THE_UNIT = (stages.VERIFY, stages.ANSWER)


def own_steps(case: CaseState, clocks: Clocks, today: date) -> list[Own]:
    """What is to happen by itself on `today`, in this order. Raises YearUnknown."""
    due = clocks.due(case)
    return list(_own_steps(case, due, clocks, today)) if due else []


def _own_steps(case: CaseState, due: Due, clocks: Clocks, today: date) -> Iterator[Own]:
    over = today > due.on
    if due.stage == stages.PAUSE:
        yield from _if(over, steps.RESUMED, due)
    elif due.stage == stages.CALL_BACK:
        yield from _if(over, steps.SILENT, due)
    elif not over:
        yield from _if(today >= clocks.remind_on(case, due), steps.REMINDED, due)
    elif due.stage in _OF_THE_UNIT:
        yield steps.ESCALATED_HEAD, _mark(steps.ESCALATED_HEAD, due)
        yield from _if(today > clocks.office_on(case, due), steps.ESCALATED_OFFICE, due)
    else:
        yield steps.ESCALATED_OFFICE, _mark(steps.ESCALATED_OFFICE, due)


def _if(so: bool, step: str, due: Due) -> Iterator[Own]:
    if so:
        yield step, _mark(step, due)


def _mark(step: str, due: Due) -> str:
    return f"{step}|{due.stage}|{due.on.isoformat()}"
