"""The duty board: who is at which window now, changed in two taps and live at once, without an approval."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import jobs
from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain
from survey_app.files import alone_in
from survey_app.publishing.checks import check_page, errors
from survey_app.publishing.pages import Page, digest, new_page
from survey_app.publishing.revisions import revising
from survey_app.store import revisions as store
from survey_app.unit.desk import blueprint, here, own_page
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

STATES = {"on": N_("在岗"), "away": N_("暂离"), "out": N_("外出")}
WAIT_S = 3.0
CHANGED = N_("去向牌已改，网站上已经是新的。")
GOING = N_("去向牌已改，正在放到网站上。")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


class TimeWrong(Refusal):
    code, status = "duty-time", 422
    message = N_("几点回，请写成10:40这样。")


class WindowGone(Refusal):
    code, status = "duty-window", 409
    message = N_("窗口安排刚刚改过，没有这个窗口了。请在下面重新选。")


@blueprint.get("/duty")
@door("desk")
def duty() -> ResponseReturnValue:
    """Every window with its three buttons."""
    return _board(_unit_page())


@blueprint.post("/duty")
@door("desk")
def change_duty() -> ResponseReturnValue:
    """One tap: a window's state. Live at once; who changed what is in the list of what was done."""
    with alone_in(settings().pages):  # each tap is made on what the one before has written
        page = _unit_page()
        try:
            data = _changed(page, now().astimezone(ZoneInfo(settings().timezone)))
        except (TimeWrong, WindowGone) as refusal:
            return _board(page, refusal.text(say)), refusal.status
        revision = _publish(page, data)
        revising.carry_out_approved(settings(), now())
    jobs.publish_soon(settings())
    said = jobs.wait_published(settings(), WAIT_S, path=revision.page)
    flash(say({jobs.PUBLISHED: CHANGED, jobs.WAITING: GOING}.get(said, said)), "good" if said == jobs.PUBLISHED else "")
    return redirect(url_for(".duty", _anchor=f"w{request.form.get('window', '')}"), 303)


def _board(page: Page, problem: str = "") -> str:
    windows = page.data.get("windows") or []
    return render_template("desk/duty.html", page=page, windows=windows, states=STATES, problem=problem)


def _unit_page() -> Page:
    return own_page(f"units/{here().unit_slug}/index")


def _publish(page: Page, data: dict[str, Any]) -> store.Revision:
    made = new_page(page.path, data)
    wrong = errors(check_page(made, revising.book_of(settings()).with_pages([made]), today()))
    if wrong:
        raise revising.HasErrors(wrong)
    proposal = revising.proposal(page, data, action=rules.DUTY)
    return store.act(proposal=proposal, target_digest=digest(made), second_wanted=False, by=here().username, now=now())


def _changed(page: Page, at: datetime) -> dict[str, Any]:
    windows = [dict(window) for window in page.data.get("windows") or []]
    number, name = request.form.get("window", -1, int), request.form.get("name", "")
    if not 0 <= number < len(windows) or windows[number].get("number") != name:
        raise WindowGone
    state = request.form.get("state", "")
    if state not in STATES:
        raise WindowGone
    windows[number] = _as_said(windows[number], state)
    return {**page.data, "windows": windows, "duty_at": at.strftime("%Y-%m-%d %H:%M")}


def _as_said(window: dict[str, Any], state: str) -> dict[str, Any]:
    kept = {key: value for key, value in window.items() if key not in ("state", "back_at", "stand_in")}
    back, stand_in = request.form.get("back_at", "").strip(), request.form.get("stand_in", "").strip()
    require_plain(stand_in, most=60)
    said: dict[str, Any] = {"state": state}
    if state == "away" and back:
        clock = CLOCK.fullmatch(back)
        if not clock:
            raise TimeWrong
        said["back_at"] = f"{int(clock[1]):02d}:{clock[2]}"
    if state == "out" and stand_in:
        said["stand_in"] = stand_in
    return {**kept, **said}
