"""A case in plain words for its person: where it stands, what happens next and by when, what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from survey_app.casework import intake
from survey_app.casework.rules import clocks_of
from survey_app.domain.cases import clocks, rules, steps
from survey_app.domain.cases.clocks import Due
from survey_app.domain.cases.kinds import KIND_WORDS
from survey_app.domain.cases.state import CaseState
from survey_app.domain.cases.steps import CITIZEN, STATE_WORDS
from survey_app.domain.errors import N_, fill
from survey_app.domain.workdays import YearUnknown
from survey_app.store import cases as store
from survey_app.store.cases import Case
from survey_app.web.context import settings, today
from survey_app.web.language import say

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
class Shown:
    """A case in words; `may`: judge, rate, add."""

    number: str
    kind: str
    unit: str
    state: str
    tone: str
    received_at: datetime
    next: str
    version: int
    may: Mapping[str, bool]


def shown(case: Case) -> Shown:
    """The case in the reader's language."""
    state = store.state(case.number)
    judged = state.state in steps.REPLY and bool(state.satisfied)
    return Shown(
        number=case.number,
        kind=say(KIND_WORDS[case.kind]),
        unit=intake.units_of_today().get(case.unit, case.unit),
        state=say(N_("您已回音，等办结") if judged else STATE_WORDS[state.state]),
        tone="" if judged else _TONES.get(state.state, ""),
        received_at=case.received_at.replace(tzinfo=None),
        next=next_words(state, _due(state), today()),
        version=state.version,
        may=_may(state),
    )


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


def _due(state: CaseState) -> Due | None:
    """The deadline that runs; none where next year's calendar is missing, which the clock job reports."""
    try:
        return clocks_of(settings()).due(state)
    except YearUnknown:
        return None


def _may(state: CaseState) -> dict[str, bool]:
    open_to = rules.possible(state, role=CITIZEN, actor=CITIZEN)
    judge = steps.SATISFIED in open_to and steps.DISSATISFIED in open_to
    return {"judge": judge, "rate": steps.HANDLING_RATED in open_to, "add": steps.WORDS_ADDED in open_to}
