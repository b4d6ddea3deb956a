"""Opening a round in the browser: key and its two copies, the method on the site, the box."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import ROUND_OFFICER
from survey_app.office import opening
from survey_app.office.desk import blueprint
from survey_app.office.plan_views import require_confirmed
from survey_app.office.rounds_views import round_page
from survey_app.store import rounds
from survey_app.store.roundkeys import AUDITOR, OFFICE
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.sending import attachment

PROVED = N_("这一份私钥验证过了，打得开票箱。请收好，不要存在这台电脑上。")
ANNOUNCED = N_("办法写进网站了，一般一分钟内看得到。")
OPENED = N_("已经开始。从开始日期起收票，在那以前谁也评不了。")
OPENED_TODAY = N_("已经开始，现在就收票。")
MOST_KEY_BYTES = 4_096


class KeyFileWanted(Refusal):
    code, status = "key-file", 422
    message = N_("请先选刚才下载的私钥文件（名字以 .key 结尾）。")


@blueprint.post("/rounds/<round_code>/copies")
@door("round_officer")
def make_key(round_code: str) -> ResponseReturnValue:
    """Make the round's key. The hand-over code is on this one page and nowhere else."""
    try:
        require_confirmed()
        code = opening.make_key(round_code, actor=here().username, now=now())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    return round_page(rounds.get_round(round_code), handover=code)


@blueprint.post("/rounds/<round_code>/copies/take")
@door("key_keeper")
def take_copy(round_code: str) -> ResponseReturnValue:
    """The key file, for whoever has the hand-over code."""
    try:
        typed = request.form.get("handover", "")
        content = opening.copy_of_key(round_code, typed, actor=here().username, now=now())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    return attachment(content, f"{round_code}.key", "application/octet-stream")  # its event is written with the code


@blueprint.post("/rounds/<round_code>/copies/proof")
@door("key_keeper")
def prove_copy(round_code: str) -> ResponseReturnValue:
    """A keeper gives their copy back for a moment; it is read in memory and forgotten."""
    side = OFFICE if ROUND_OFFICER in here().roles else AUDITOR
    try:
        raw, name = _sent_file()
        opening.prove_copy(round_code, raw, file=name, side=side, actor=here().username, now=now())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    flash(say(PROVED), "good")
    return redirect(url_for(".show_round", round_code=round_code), 303)


@blueprint.post("/rounds/<round_code>/announce")
@door("round_officer")
def announce(round_code: str) -> ResponseReturnValue:
    """Put the method before the public."""
    try:
        opening.announce(round_code, settings=settings(), actor=here().username, now=now(), today=today())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    flash(say(ANNOUNCED), "good")
    return redirect(url_for(".show_round", round_code=round_code), 303)


@blueprint.post("/rounds/<round_code>/open")
@door("round_officer")
def open_round(round_code: str) -> ResponseReturnValue:
    """Open the box; from here on nothing of the round changes."""
    try:
        require_confirmed()
        opening.open_online(round_code, settings=settings(), actor=here().username, now=now(), today=today())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    flash(say(OPENED if rounds.get_round(round_code).opens_on > today() else OPENED_TODAY), "good")
    return redirect(url_for(".show_round", round_code=round_code), 303)


def _sent_file() -> tuple[bytes, str]:
    """A small file stays in memory, so the key never touches the server's disk (werkzeug spools from 500 kB on)."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise KeyFileWanted
    return sent.stream.read(MOST_KEY_BYTES), sent.filename
