"""Flags that ask for a review, and objections of units: each decided with a reason, what weighs by two people."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import objections as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.objections import Correction
from survey_app.domain.roles import REVIEWER, ROUND_OFFICER
from survey_app.office import rulings, steps
from survey_app.office.closing_views import frame
from survey_app.office.desk import blueprint, units_by_class
from survey_app.office.standing import ReleaseMissing, newest, standing_of
from survey_app.store import drafts, objections, rounds
from survey_app.store.drafts import Flag
from survey_app.store.objections import Filing
from survey_app.store.rounds import Round
from survey_app.store.steps import COMPUTE, StepRunning
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.sending import send_download

DECIDED = N_("已记下。")
WAITS = N_("已记下，等第二个人确认。")
CONFIRMED = N_("已确认。")
BACK = N_("没有确认，退回重新处理。")
ENTERED = N_("登记好了，请裁定。")
COUNTED_ANEW = N_("已认定，正在照此重新计算。算好以后，把新的一版送单位核对。")


@blueprint.get("/rounds/<round_code>/flags")
@door("closing")
def flags(round_code: str) -> ResponseReturnValue:
    """What the integrity tests found."""
    return _flags_page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/flags")
@door("ruling")
def decide_flag(round_code: str) -> ResponseReturnValue:
    """A first decision, a second person's confirmation, or sending back."""
    return _acted(round_code, _decide_flag, _flags_page, "flags")


@blueprint.get("/rounds/<round_code>/objections")
@door("closing")
def objections_(round_code: str) -> ResponseReturnValue:
    """All objections of the round, open ones first."""
    return _objections_page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/objections")
@door("round_officer")
def enter_objection(round_code: str) -> ResponseReturnValue:
    """What a citizen says or the office itself found, at any time after the result was computed."""
    return _acted(round_code, _enter, _objections_page, "objections_")


@blueprint.post("/rounds/<round_code>/objections/<int:number>")
@door("ruling")
def rule(round_code: str, number: int) -> ResponseReturnValue:
    """A first person's ruling, a second person's word, or sending back."""
    return _acted(round_code, lambda round_: _rule(round_, number), _objections_page, "objections_")


@blueprint.get("/rounds/<round_code>/objections/files/<int:number>")
@door("closing")
def objection_file(round_code: str, number: int) -> ResponseReturnValue:
    """A file that a unit handed in: the browser keeps it, it opens nothing here."""
    name, content = objections.content_of(rounds.get_round(round_code), number)
    return send_download(content, name, "application/octet-stream", round=round_code)


def _acted(
    round_code: str, act: Callable[[Round], str], page: Callable[[Round, Refusal], str], endpoint: str
) -> ResponseReturnValue:
    round_ = rounds.get_round(round_code)
    try:
        said = act(round_)
    except Refusal as refusal:
        return page(round_, refusal), refusal.status
    flash(say(said), "good")
    return redirect(url_for(f".{endpoint}", round_code=round_code), 303)


def _decide_flag(round_: Round) -> str:
    form, flag, who = request.form, _flag(round_), here().username
    act = form.get("act", "")
    if act in ("confirm", "back"):
        drafts.confirm(round_, flag, agree=act == "confirm", by=who, now=now(), today=today())
        if act == "back":
            return BACK
        return _counted_anew(round_) if rulings.leaves_out(round_, flag) else CONFIRMED
    decision, reason = form.get("decision", ""), form.get("reason", "")
    made = drafts.review(round_, flag, decision=decision, reason=reason, by=who, now=now(), today=today())
    return DECIDED if made.is_settled else WAITS


def _flag(round_: Round) -> Flag:
    """The flag that the form names, if the release has it. Raises AlreadyDone."""
    named = (request.form.get("unit", ""), request.form.get("test", ""), request.form.get("detail", ""))
    if named not in [row.flag for row in standing_of(round_, settings()).flags]:
        raise rules.AlreadyDone
    return named


def _enter(round_: Round) -> str:
    release = newest(round_.code, settings())
    if release is None:
        raise ReleaseMissing
    form = request.form
    mark = sent_mark()
    filing = Filing(form.get("unit", ""), form.get("words", ""), mark, here().username, found_in=release.digest)
    objections.file_objection(round_, filing, now=now(), today=today())
    return ENTERED


def _rule(round_: Round, number: int) -> str:
    act, who = request.form.get("act", ""), here().username
    if act == "confirm":
        return _confirm(round_, number)
    if act == "back":
        objections.send_back(round_, number, by=who, now=now())
        return BACK
    decision, reason = request.form.get("decision", ""), request.form.get("reason", "")
    correction = _correction(round_) if decision == rules.UPHELD else Correction()
    objections.propose(round_, number, decision=decision, reason=reason, correction=correction, by=who, now=now())
    return WAITS


def _confirm(round_: Round, number: int) -> str:
    ruled = objections.confirm(round_, number, by=here().username, now=now(), today=today())
    return _counted_anew(round_) if ruled.decision == rules.UPHELD else CONFIRMED


def _counted_anew(round_: Round) -> str:
    try:
        steps.ask(round_, COMPUTE, by=here().username, settings=settings(), now=now())
    except StepRunning:
        return CONFIRMED  # the page of closing says that rulings wait to be counted
    return COUNTED_ANEW


def _correction(round_: Round) -> Correction:
    form = request.form
    return rules.typed_correction(
        form.get("correction", ""),
        group=form.get("group", ""),
        people=form.get("people", "").strip(),
        class_code=form.get("class", ""),
        groups=frozenset(one.code for one in round_.questionnaire.groups),
        classes=frozenset(one.code for one in round_.questionnaire.classes),
    )


def _flags_page(round_: Round, refusal: Refusal | None = None) -> str:
    found = standing_of(round_, settings())
    return render_template(
        "office/flags.html",
        **frame(found, "flags"),
        **_shared(round_, refusal),
        tests=rules.TEST_WORDS,
        decisions=lambda flag: rulings.review_words(round_, flag),
        where=lambda flag: rulings.weeks_words(flag, say),
    )


def _objections_page(round_: Round, refusal: Refusal | None = None) -> str:
    found = standing_of(round_, settings())
    return render_template(
        "office/objections.html",
        **frame(found, "objections_"),
        **_shared(round_, refusal),
        filed=sorted(found.filed, key=lambda one: (one.state == rules.RULED, one.number)),
        decisions=rules.DECISION_WORDS,
        states=rules.STATE_WORDS,
        origins=rules.ORIGIN_WORDS,
        units=units_by_class(round_),
        mark=page_mark(),
        corrections=rules.CORRECTION_WORDS,
        groups=round_.questionnaire.groups,
        classes=round_.questionnaire.classes,
    )


def _shared(round_: Round, refusal: Refusal | None) -> dict[str, object]:
    can_rule = bool({ROUND_OFFICER, REVIEWER} & here().roles)
    return {
        "problem": refusal.text(say) if refusal else "",
        "typed": request.form,
        "names": {unit.slug: unit.zh for unit in round_.units},
        "can_rule": can_rule,
        "me": here().username,
    }
