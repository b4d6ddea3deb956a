"""From a round's last day to its draft: shut, the key given back, computed, sent to the units."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.domain import ballot_box
from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import ROUND_OFFICER
from survey_app.office import drafting, steps
from survey_app.office.desk import blueprint
from survey_app.office.standing import KeyNeeded, NotShut, Standing, missing, require_nothing_missing, standing_of
from survey_app.store import paper, rounds
from survey_app.store.rounds import Round
from survey_app.store.steps import COMPUTE, PUBLISH, SHUT
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say

ASKED = N_("已经开始，这一页会自己更新。")
SHOWN = N_("已送单位核对，单位提异议到%(until)s为止。")
LOOK_AGAIN_S = 5
PAGES = (
    ("closing", N_("截止和开箱")),
    ("draft", N_("结果草稿")),
    ("flags", N_("提请复核")),
    ("objections_", N_("异议")),
    ("publishing", N_("公布")),
    ("versions", N_("各版和下载")),
)


class NoKeyFile(Refusal):
    code, status = "no-key-file", 422
    message = N_("请先选私钥文件（U盘上那一份）。")


class KeyFileTooLarge(Refusal):
    code, status = "key-too-large", 413
    message = N_("这个文件太大，不是私钥。私钥文件只有三行字，请另选。")


@blueprint.get("/closing")
@door("closing")
def choose_closing() -> ResponseReturnValue:
    """Rounds that run or are on their way to publication, with what comes next."""
    found = [one for one in rounds.list_rounds() if one.status != rules.DRAFT]
    rows = [(one, _next(standing_of(one, settings()))) for one in found]
    return render_template("office/choose_closing.html", rows=rows, status_words=rules.STATUS_WORDS)


@blueprint.get("/rounds/<round_code>/close")
@door("closing")
def closing(round_code: str) -> ResponseReturnValue:
    """Is it shut, is the box open, is the result computed."""
    return close_page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/close")
@door("round_officer")
def shut(round_code: str) -> ResponseReturnValue:
    """Shut the box, before its last day only with a reason."""
    reason = request.form.get("reason", "")
    return _acted(
        round_code,
        lambda found: steps.shut(found, reason=reason, by=here().username, settings=settings(), now=_local()),
        close_page,
        steps.DONE[SHUT],
    )


@blueprint.post("/rounds/<round_code>/close/key")
@door("round_officer")
def give_key(round_code: str) -> ResponseReturnValue:
    """One copy of the private key comes back; it is read into memory, used and forgotten."""
    return _acted(round_code, _open_box, close_page, ASKED)


@blueprint.post("/rounds/<round_code>/compute")
@door("round_officer")
def compute(round_code: str) -> ResponseReturnValue:
    """Have the release computed, first or again."""
    return _acted(round_code, _compute, close_page, ASKED)


@blueprint.get("/rounds/<round_code>/draft")
@door("closing")
def draft(round_code: str) -> ResponseReturnValue:
    """What was computed, before anybody outside has seen it."""
    return draft_page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/draft")
@door("round_officer")
def show_draft(round_code: str) -> ResponseReturnValue:
    """Let every unit see its own figures, and object."""
    round_ = rounds.get_round(round_code)
    try:
        shown = drafting.show(round_, by=here().username, settings=settings(), now=now(), today=today())
    except Refusal as refusal:
        return draft_page(round_, refusal), refusal.status
    flash(fill(SHOWN, {"until": shown.until_on}, say), "good")
    return redirect(url_for(".draft", round_code=round_code), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    refusal = KeyFileTooLarge() if request.endpoint == "office.give_key" else None
    message = refusal.text(say) if refusal else say(N_("提交的内容太长，没有收下。请删短后再提交。"))
    return render_template("refused.html", message=message), error.code or KeyFileTooLarge.status


@blueprint.after_request
def _look_again(answer: Response) -> Response:
    """While a step runs its page is loaded anew, by the browser itself, without any script."""
    if request.method == "GET" and g.get("step_runs"):
        answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


def frame(found: Standing, page: str) -> dict[str, object]:
    """What all pages of a round on its way to publication share."""
    g.step_runs = found.is_busy
    links = [(say(title), url_for(f".{name}", round_code=found.round.code), name) for name, title in PAGES]
    return {
        "round": found.round,
        "standing": found,
        "links": links,
        "page": page,
        "counts": found.counts,
        "missing": missing(found, today()),
        "is_officer": ROUND_OFFICER in here().roles,
        "shut_early": found.round.status in (rules.CLOSED, rules.PUBLISHED) and today() <= found.round.closes_on,
    }


def close_page(round_: Round, refusal: Refusal | None = None) -> str:
    """The page of closing, with what was refused."""
    found = standing_of(round_, settings())
    waiting = len(paper.list_staged(round_)) if round_.status == rules.OPEN else 0
    early = today() <= round_.closes_on
    said = {"problem": refusal.text(say) if refusal else "", "reason": request.form.get("reason", "")}
    return render_template("office/close.html", **frame(found, "closing"), early=early, waiting=waiting, **said)


def draft_page(round_: Round, refusal: Refusal | None = None) -> str:
    """The page of the draft: scores by class, what may be shown to whom."""
    found = standing_of(round_, settings())
    scores = found.release.rows("scores") if found.release else []
    return render_template(
        "office/draft.html",
        **frame(found, "draft"),
        problem=refusal.text(say) if refusal else "",
        classes=[(one.zh, [row for row in scores if row["class"] == one.code]) for one in _classes(found)],
        names={unit.slug: unit.zh for unit in round_.units},
        days=settings().objection_days,
    )


def ask_for_publication(round_: Round) -> None:
    """Have the round published. Raises the first thing missing, StepRunning."""
    require_nothing_missing(standing_of(round_, settings()), today())
    steps.ask(round_, PUBLISH, by=here().username, settings=settings(), now=now())


def _acted(
    round_code: str, act: Callable[[Round], None], page: Callable[[Round, Refusal], str], words: str
) -> ResponseReturnValue:
    round_ = rounds.get_round(round_code)
    try:
        act(round_)
    except Refusal as refusal:
        return page(rounds.get_round(round_code), refusal), refusal.status
    flash(say(words), "good")
    return redirect(url_for(".closing", round_code=round_code), 303)


def _open_box(round_: Round) -> None:
    if round_.status == rules.OPEN:
        raise NotShut(closes_on=round_.closes_on)
    sent = request.files.get("key")
    if sent is None or not sent.filename:
        raise NoKeyFile
    public = rounds.require_public_key(round_)
    key = ballot_box.key_of(sent.read(), file=sent.filename[-60:], round_code=round_.code, public_key=public)
    steps.unseal(round_, key, by=here().username, settings=settings(), now=now())


def _compute(round_: Round) -> None:
    if not standing_of(round_, settings()).unsealed:
        raise KeyNeeded
    steps.ask(round_, COMPUTE, by=here().username, settings=settings(), now=now())


def _local() -> datetime:
    return steps.local(settings(), now())


def _classes(found: Standing) -> tuple[rules.Named, ...]:
    return found.round.questionnaire.classes


def _next(found: Standing) -> str:
    """What comes next, in the reader's words."""
    if found.round.status == rules.PUBLISHED:
        return ""
    left = missing(found, today())
    return left[0].text(say) if left else say(N_("可以公布了。"))
