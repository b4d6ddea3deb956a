"""What may be done to a running round, each with a reason that stands on its public page at once."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_, Refusal
from survey_app.office import roundpage
from survey_app.office.desk import blueprint
from survey_app.office.plan_steps import read_day
from survey_app.office.plan_views import require_confirmed
from survey_app.office.rounds_views import round_page
from survey_app.store import rounds, running
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say

DONE = N_("做好了。理由已经写进这一轮的公开页，网站一般一分钟内更新。")


@blueprint.post("/rounds/<round_code>/extend")
@door("round_officer")
def extend_round(round_code: str) -> ResponseReturnValue:
    """A later closing day."""

    def step() -> None:
        running.extend_round(round_code, _until(), **_who_and_why())

    return _done(round_code, step)


@blueprint.post("/rounds/<round_code>/pause")
@door("round_officer")
def pause_round(round_code: str) -> ResponseReturnValue:
    """Take no ballots for now."""
    return _done(round_code, lambda: running.pause_round(round_code, **_who_and_why()))


@blueprint.post("/rounds/<round_code>/resume")
@door("round_officer")
def resume_round(round_code: str) -> ResponseReturnValue:
    """Take ballots again."""
    return _done(round_code, lambda: running.resume_round(round_code, **_who_and_why()))


@blueprint.post("/rounds/<round_code>/void-unit")
@door("round_officer")
def void_unit(round_code: str) -> ResponseReturnValue:
    """A unit listed by mistake is rated no more."""

    def step() -> None:
        require_confirmed()
        running.void_unit(round_code, request.form.get("unit", ""), **_who_and_why())

    return _done(round_code, step)


@blueprint.post("/rounds/<round_code>/void")
@door("round_officer")
def void_round(round_code: str) -> ResponseReturnValue:
    """The whole round, for good."""

    def step() -> None:
        require_confirmed()
        running.void_round(round_code, **_who_and_why())

    return _done(round_code, step)


def _done(round_code: str, step: Callable[[], None]) -> ResponseReturnValue:
    try:
        step()
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    roundpage.republish(round_code, settings())
    flash(say(DONE), "good")
    return redirect(url_for(".show_round", round_code=round_code), 303)


def _who_and_why() -> running.Said:
    return {"reason": request.form.get("reason", ""), "actor": here().username, "now": now(), "today": today()}


def _until() -> date:
    return read_day(request.form, "until", N_("新的截止日期"))
