"""One screen for one case, at the unit's desk and at the office's: drawn, a step taken, nothing typed lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import attachments, showing, stepforms, verbs
from survey_app.casework.attachments import Stored
from survey_app.casework.stepforms import StepForm, Typed
from survey_app.domain import attached
from survey_app.domain.cases import kinds, steps
from survey_app.domain.cases.state import CaseState
from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.answertexts import answer_texts, require_edited
from survey_app.store import case_papers
from survey_app.store import cases as store
from survey_app.store.cases import Case
from survey_app.web.context import keys, now, settings, today
from survey_app.web.language import say
from survey_app.web.looking import note_look
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.people import Person

TAKEN = N_("记好了。")
AWAY = (steps.TRANSFERRED, steps.RETURNED)  # the case is another's from then on


class ContactNotNeeded(Refusal):
    code, status = "case-contact-not-needed", 409
    message = N_("现在不用联系本人，或本人没有留联系方式，没有打开。正在办理的办件才能看。")


class StepUnknown(Refusal):
    code, status = "case-step-unknown", 422
    message = N_("没有选要做哪一步。请从右边的步骤里选一个，写好再提交。")


@dataclass(frozen=True)
class Desk:
    """Which desk it is: the blueprint's name, what its person is in a case, and what they may see."""

    blueprint: str
    person: Person
    role: str  # of domain.cases.steps; empty: reads and takes no step
    unit: str = ""
    sees_contact: bool = False

    def at(self, view: str) -> str:
        """The endpoint of a view of this desk."""
        return f"{self.blueprint}.{view}"


def words() -> dict[str, Any]:
    """What every page of cases needs to say states, kinds and days in words."""
    found = showing.names(settings())
    return {
        "kinds": kinds.KIND_WORDS,
        "channels": kinds.CHANNEL_WORDS,
        "case_states": steps.STATE_WORDS,
        "step_words": steps.STEP_WORDS,
        "role_words": steps.ROLE_WORDS,
        "countdown": lambda case: showing.countdown(case, settings(), today()),
        "titles": found.unit,
        "procedure_title": found.procedure,
        "case_marks": showing.marks,
        "told": found.told,
        "file_words": attached.STATE_WORDS,
        "all_units": found.units(),
    }


def needs_contact(case: Case) -> bool:
    """Whether somebody has to reach the person now: they left a way, and the case is being worked on."""
    return case.has_contact and case.state in steps.WORKING


def require_contact_needed(case: Case) -> None:
    """Raises ContactNotNeeded."""
    if not needs_contact(case):
        raise ContactNotNeeded


def page(desk: Desk, case: Case, *, typed: Typed | None = None, problem: str = "", **more: Any) -> str:
    """The screen of one case; `typed` and `problem` where a step was not taken."""
    state = store.state(case.number)
    note_look("case.seen", case.number)
    found = words()
    return render_template(
        "staff/case.html",
        case=case,
        state=state,
        events=store.events_of(case.number),
        written=case_papers.written(case.number, keys()),
        files=case_papers.files(case.number),
        co_units="、".join(found["titles"](slug) for slug in sorted(state.co_units)),
        forms=_forms(desk, state),
        typed=typed or _begun(case),
        problem=problem,
        mark=page_mark(),
        texts=answer_texts(settings(), case.kind),
        list_endpoint=desk.at("cases"),
        file_endpoint=desk.at("case_file"),
        **found,
        **more,
    )


def _forms(desk: Desk, state: CaseState) -> list[StepForm]:
    """Who only reads takes no step."""
    who = {"role": desk.role, "actor": desk.person.username, "unit": desk.unit}
    return stepforms.forms_for(state, **who) if desk.role else []


def _begun(case: Case) -> Typed:
    """An answer that begins with the prepared text somebody chose; nothing else is filled in."""
    chosen = request.args.get("text", "")
    text = next((one for one in answer_texts(settings(), case.kind) if one.code == chosen), None)
    return Typed(steps.ANSWERED, public=text.words) if text else Typed()


def take(desk: Desk, case: Case, show: Callable[..., str]) -> ResponseReturnValue:
    """Take the posted step and come back to the case; what was typed stays where it could not be taken.

    `show`: draws the screen again. A form sent twice is one step, by its mark.
    """
    typed = stepforms.read(request.form)
    try:
        _carry_out(desk, case, typed)
    except Refusal as refusal:
        now_is = store.case(case.number)
        return show(now_is, typed=typed, problem=refusal.text(say)), refusal.status
    flash(say(TAKEN), "good")
    if typed.step in AWAY:
        return redirect(url_for(desk.at("cases")), 303)
    return redirect(url_for(desk.at("case"), number=case.number), 303)


def _carry_out(desk: Desk, case: Case, typed: Typed) -> None:
    if not typed.step:
        raise StepUnknown
    stepforms.require_readable(typed)
    if typed.step == steps.ANSWERED:
        require_edited(typed.public, answer_texts(settings(), case.kind))
    files = _files(typed)
    verbs.take_step(
        case.number,
        typed.step,
        verbs.Said(typed.public, typed.internal, _with_evidence(typed.detail, files), files=files),
        by=desk.person.username,
        role=desk.role,
        unit=desk.unit,
        seen=request.form.get("version", -1, int),
        mark=sent_mark(),
        keys=keys(),
        settings=settings(),
        now=now(),
    )


def _files(typed: Typed) -> Sequence[Stored]:
    """Files come with an answer only. Raises what `attachments.take` raises."""
    if not stepforms.FORMS[typed.step].files:
        return ()
    return attachments.take(request.files.getlist("files"), keys=keys(), settings=settings())


def _with_evidence(detail: Mapping[str, Any], files: Sequence[Stored]) -> Mapping[str, Any]:
    """What shows that it is solved: as typed, or else the names of the files that came with the answer."""
    if not files or detail.get("evidence"):
        return detail
    return {**detail, "evidence": "、".join(file.name for file in files)}


def send_file(case: Case, digest: str) -> Response:
    """A file of this case and of no other, to be saved. Raises AttachmentGone."""
    files = case_papers.files(case.number)
    return attachments.hand_out(files, digest, of=case.number, keys=keys(), settings=settings())
