"""The sealed inbox, for the discipline officer alone: how many wait, each as a file, and gone once it has been read."""

from hashlib import sha256
from pathlib import Path

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import pingyi_sealed
from survey_app.casework import sealing
from survey_app.domain import sealed
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.office.desk import blueprint
from survey_app.pingyi_sealed import fingerprint, spoken
from survey_app.store import sealed as store
from survey_app.web import limits
from survey_app.web.context import now, settings
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.sending import attachment, send_download

PROGRAM = Path(pingyi_sealed.__file__)
RECEIVED = N_("%(label)s已经确认收到，从信箱里删去了。")


@blueprint.get("/sealed")
@door("sealed")
def sealed_inbox() -> ResponseReturnValue:
    """What waits, by week."""
    return _page()


@blueprint.post("/sealed/download")
@door("sealed")
def download_sealed() -> ResponseReturnValue:
    """One report as it lies there: sealed. It stays until somebody shows that it could be read."""
    label = request.form.get("name", "")
    try:
        bundle = store.hand_out(label, actor=here().username, now=now())
    except Refusal as refusal:
        return _page(refusal), refusal.status
    return attachment(bundle, f"{label}.sealed", "application/octet-stream")  # its event is written by the store


@blueprint.get("/sealed/program")
@door("sealed")
def download_program() -> ResponseReturnValue:
    """The one file that makes keys and opens reports on the officer's own PC."""
    return send_download(PROGRAM.read_bytes(), PROGRAM.name, "application/octet-stream")


@blueprint.post("/sealed/received")
@door("sealed")
def confirm_sealed() -> ResponseReturnValue:
    """Delete one report; its code, which stands inside, shows that it was opened."""
    try:
        code = sealed.parse_code(request.form.get("code", ""))
        with limits.one_guess():
            label = store.confirm_received(code, actor=here().username, now=now())
    except Refusal as refusal:
        return _page(refusal), refusal.status
    flash(fill(RECEIVED, {"label": label}, say), "good")
    return redirect(url_for(".sealed_inbox"), 303)


def _page(refusal: Refusal | None = None) -> str:
    public = sealing.installed(settings())
    return render_template(
        "office/sealed.html",
        waiting=store.list_waiting(),
        mark=spoken(fingerprint(public)) if public else "",
        program=PROGRAM.name,
        digest=sha256(PROGRAM.read_bytes()).hexdigest(),
        problem=refusal.text(say) if refusal else "",
        typed=request.form.get("code", ""),
    )
