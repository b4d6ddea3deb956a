"""Who may open a case: a unit its own and those it works on with another; a try at others is refused and recorded."""

from datetime import datetime

from survey_app.domain.cases.refusals import NotYourCase
from survey_app.domain.cases.state import CaseState
from survey_app.store import case_private, cases


def state_for_unit(number: str, *, unit: str, by: str, now: datetime) -> CaseState:
    """The case as it stands, for somebody of `unit`. Raises CaseUnknown, NotYourCase (in the audit list)."""
    state = cases.state(number)
    if unit != state.unit and unit not in state.co_units:
        case_private.record_refused(number, by=by, unit=unit, now=now)
        raise NotYourCase
    return state
