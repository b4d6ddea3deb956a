"""Whether a step may be taken now: the table of `steps`, then what happened before, then what the step has to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.domain.cases import refusals, state, steps
from survey_app.domain.cases.kinds import BAD_RATING, KIND_WORDS, KINDS
from survey_app.domain.cases.state import CaseState
from survey_app.domain.errors import N_, Refusal

MOST_SIGNS = 2000
MOST_ADDITIONS = 5
GROUNDS: Mapping[str, str] = {"mistaken": N_("误评"), "malicious": N_("恶意评价")}
OUTCOMES: Mapping[str, str] = {state.SOLVED: N_("已解决"), state.CANNOT: N_("不能解决，理由如下")}
VERDICTS: Mapping[str, str] = {state.KEPT: N_("评价有效"), state.EXCLUDED: N_("剔除评价")}


@dataclass(frozen=True)
class Wish:
    """A step somebody wants to take."""

    step: str
    actor: str
    role: str
    public: str = ""
    internal: str = ""
    detail: Mapping[str, Any] | None = None
    unit: str = ""  # whose somebody of a unit is

    @property
    def told(self) -> Mapping[str, Any]:
        """The details, never None."""
        return self.detail or {}


def require(case: CaseState, wish: Wish) -> None:
    """Raises StepNotYours, NotYourCase, StepNotAllowed, WordsMissing, WordsTooLong, DetailWrong and the step's own."""
    _require_table(case, wish)
    _require_unit(case, wish)
    if guard := _GUARDS.get(wish.step):
        guard(case, wish)
    _require_words(wish)
    if wish.step == steps.ANSWERED:
        _require_evidence(case, wish)
    for name, words, fits in _DETAILS.get(wish.step, ()):
        if not fits(wish.told.get(name)):
            raise refusals.DetailWrong(step=steps.STEP_WORDS[wish.step], field=words)


def follows(case: CaseState) -> str | None:
    """What follows of itself: a first no takes the case up again, a second goes to the office, three gates close."""
    if not case.is_open:
        return None
    if case.satisfied == state.NO and not case.reopened:
        return steps.REOPENED
    if case.refused_twice and case.raised != state.TO_OFFICE:
        return steps.ESCALATED_OFFICE
    return steps.CLOSED if case.may_close else None


def possible(case: CaseState, *, role: str, actor: str, unit: str = "") -> tuple[str, ...]:
    """The steps that `actor` in this role could take now, apart from what they have to say with it."""
    wishes = (Wish(step, actor, role, unit=unit) for step in steps.steps_for(case.state, role))
    return tuple(wish.step for wish in wishes if not _stands_against(case, wish))


def _stands_against(case: CaseState, wish: Wish) -> bool:
    try:
        _require_unit(case, wish)
        if guard := _GUARDS.get(wish.step):
            guard(case, wish)
    except Refusal:
        return True
    return False


def _require_table(case: CaseState, wish: Wish) -> None:
    roles = steps.ALLOWED.get(wish.step, {})
    words = steps.STEP_WORDS.get(wish.step, wish.step)
    if wish.role not in roles:
        raise refusals.StepNotYours(step=words, role=steps.ROLE_WORDS[wish.role])
    if case.state not in roles[wish.role]:
        raise refusals.StepNotAllowed(state=steps.STATE_WORDS.get(case.state, case.state), step=words)


def _require_unit(case: CaseState, wish: Wish) -> None:
    """A co-operating unit reads and notes; what answers the person is the unit's own."""
    if wish.role not in (steps.UNIT, steps.HEAD) or wish.unit == case.unit:
        return
    if wish.step != steps.NOTE or wish.unit not in case.co_units:
        raise refusals.NotYourCase


def _require_words(wish: Wish) -> None:
    words = steps.STEP_WORDS[wish.step]
    ruled = wish.step == steps.CLOSED and wish.role == steps.OFFICE  # against the person's word: with a reason
    if ((ruled or wish.step in steps.SAYS_WHY) and not wish.public.strip()) or (
        wish.step in steps.NOTES_WHY and not wish.internal.strip()
    ):
        raise refusals.WordsMissing(step=words)
    if (longest := max(len(wish.public), len(wish.internal))) > MOST_SIGNS:
        raise refusals.WordsTooLong(count=longest, most=MOST_SIGNS)


def _require_evidence(case: CaseState, wish: Wish) -> None:
    """Gate 1: what counts as solved is shown, by words on what proves it or by the names of the files added."""
    needs = KINDS[case.kind].checked and wish.told.get("outcome") == state.SOLVED
    if needs and not str(wish.told.get("evidence", "")).strip():
        raise refusals.DetailWrong(step=steps.STEP_WORDS[wish.step], field=N_("凭什么说已经解决，例如收据、照片"))


def _contact_first(case: CaseState, wish: Wish) -> None:
    if KINDS[case.kind].contact_first and case.state == steps.TAKEN and not case.reopened and wish.role != steps.OFFICE:
        raise refusals.ContactFirst


def _not_own_answer(case: CaseState, wish: Wish) -> None:
    if wish.actor == case.answered_by:
        raise refusals.SamePerson


def _once(done: Callable[[CaseState], bool]) -> Callable[[CaseState, Wish], None]:
    def guard(case: CaseState, wish: Wish) -> None:
        if done(case):
            raise refusals.AlreadyDone(step=steps.STEP_WORDS[wish.step])

    return guard


def _waits(asked: Callable[[CaseState], bool]) -> Callable[[CaseState, Wish], None]:
    def guard(case: CaseState, _wish: Wish) -> None:
        if not asked(case):
            raise refusals.NothingAsked

    return guard


def _may_dispute(case: CaseState, wish: Wish) -> None:
    if case.kind != BAD_RATING:
        raise refusals.NotOfThisKind(kind=KIND_WORDS[case.kind], step=steps.STEP_WORDS[wish.step])
    if case.dispute:
        raise refusals.AlreadyDone(step=steps.STEP_WORDS[wish.step])


def _may_rule(case: CaseState, wish: Wish) -> None:
    if case.dispute not in (state.PENDING, state.SECONDING):
        raise refusals.NothingAsked
    if case.dispute == state.SECONDING and wish.actor == case.ruled_by:
        raise refusals.SamePerson


def _may_state(case: CaseState, wish: Wish) -> None:
    if not KINDS[case.kind].responsibility:
        raise refusals.NotOfThisKind(kind=KIND_WORDS[case.kind], step=steps.STEP_WORDS[wish.step])
    if case.stated:
        raise refusals.AlreadyDone(step=steps.STEP_WORDS[wish.step])


def _may_close(case: CaseState, wish: Wish) -> None:
    by_office = wish.role == steps.OFFICE and case.refused_twice
    missing = [
        words
        for words, is_open in (
            (N_("问题还没有解决或说明理由并核验"), case.solved),
            (N_("责任还没有说明或确认"), case.responsible),
            (N_("本人还没有回音，也没有到期"), case.settled or by_office),
        )
        if not is_open
    ]
    if missing:
        raise refusals.GatesOpen(missing="；".join(missing))


def _few_additions(case: CaseState, _wish: Wish) -> None:
    if case.words_added >= MOST_ADDITIONS:
        raise refusals.AlreadyDone(step=steps.STEP_WORDS[steps.WORDS_ADDED])


def _may_reopen(case: CaseState, _wish: Wish) -> None:
    if case.satisfied != state.NO or case.reopened:
        raise refusals.NothingAsked


_GUARDS: Mapping[str, Callable[[CaseState, Wish], None]] = {
    steps.RECTIFYING: _contact_first,
    steps.ANSWERED: _contact_first,
    steps.VERIFIED: _not_own_answer,
    steps.RETURNED: _once(lambda case: case.unit in case.returned_by),
    steps.TRANSFERRED: _once(lambda case: case.transferred),
    steps.EXTENSION_ASKED: _once(lambda case: bool(case.extension)),
    steps.EXTENSION_GRANTED: _waits(lambda case: case.extension == state.ASKED),
    steps.EXTENSION_REFUSED: _waits(lambda case: case.extension == state.ASKED),
    steps.DISPUTED: _may_dispute,
    steps.DISPUTE_RULED: _may_rule,
    steps.RESPONSIBILITY_STATED: _may_state,
    steps.RESPONSIBILITY_CONFIRMED: _waits(lambda case: case.stated and not case.confirmed),
    steps.RESPONSIBILITY_REFUSED: _waits(lambda case: case.stated and not case.confirmed),
    steps.SATISFIED: _once(lambda case: bool(case.satisfied)),
    steps.DISSATISFIED: _once(lambda case: bool(case.satisfied)),
    steps.SILENT: _once(lambda case: bool(case.satisfied)),
    steps.REOPENED: _may_reopen,
    steps.HANDLING_RATED: _once(lambda case: case.handling is not None),
    steps.WORDS_ADDED: _few_additions,
    steps.CLOSED: _may_close,
}


def _one_of(known: Mapping[str, str]) -> Callable[[Any], bool]:
    return lambda given: given in known


def _is_slug(given: Any) -> bool:
    return isinstance(given, str) and bool(given)


Need = tuple[str, str, Callable[[Any], bool]]
_DETAILS: Mapping[str, tuple[Need, ...]] = {
    steps.ASSIGNED: (("unit", N_("交给哪个单位"), _is_slug),),
    steps.CO_UNIT_ADDED: (("unit", N_("协办单位"), _is_slug),),
    steps.TRANSFERRED: (("unit", N_("转给哪个单位"), _is_slug),),
    steps.ANSWERED: (("outcome", N_("解决了没有"), _one_of(OUTCOMES)),),
    steps.DISPUTED: (("ground", N_("误评还是恶意评价"), _one_of(GROUNDS)),),
    steps.DISPUTE_RULED: (("verdict", N_("裁定"), _one_of(VERDICTS)),),
    steps.EXTENSION_GRANTED: (("days", N_("延几个工作日，1到30"), lambda given: given in range(1, 31)),),
    steps.HANDLING_RATED: (("level", N_("1到5的评价"), lambda given: given in range(1, 6)),),
}
