"""Files of a unit: handed in at the desk, named in a form, public with the page that names them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.domain.errors import N_, Refusal, fill
from survey_app.publishing import staging
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.unit.desk import blueprint, here, require_unit
from survey_app.web.context import now, settings
from survey_app.web.doors import door
from survey_app.web.language import say

KEPT = N_("文件收下了：%(path)s。在表单里选它，页面通过审核以后一起公开。")
TOO_LONG = N_("提交的内容太长，没有收下。请删短后再提交。")
TOO_HEAVY = N_("文件太大，最多%(most)s兆。请压缩或分成几个。")


@blueprint.get("/files")
@door("desk")
def files() -> ResponseReturnValue:
    """The unit's files and a box to hand one in."""
    return _page()


@blueprint.post("/files")
@door("desk")
def hand_in() -> ResponseReturnValue:
    """Keep one file; nobody sees it before a page that names it is approved."""
    unit = require_unit()
    sent = request.files.get("file")
    try:
        content = sent.read() if sent else b""
        path = staging.hand_in(settings(), unit=unit, name=(sent.filename or "") if sent else "", content=content)
    except Refusal as refusal:
        return _page(refusal.text(say)), refusal.status
    with write():
        detail = {"bytes": len(content)}
        audit.record(actor=here().username, action="file.hand_in", subject=path, detail=detail, now=now())
    flash(fill(KEPT, {"path": path}, say), "good")
    return redirect(url_for(".files"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_heavy(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint != "desk.hand_in":
        return render_template("refused.html", message=say(TOO_LONG)), 413
    return _page(fill(TOO_HEAVY, {"most": settings().file_limit_mib}, say)), 413


def _page(problem: str = "") -> str:
    unit = require_unit()
    waiting = staging.waiting_files(settings())
    public = settings().pages
    rows = [(path, (public / path).exists(), path in waiting) for path in staging.files_of(settings(), unit)]
    most = settings().file_limit_mib
    return render_template("desk/files.html", rows=rows, problem=problem, kinds=staging.BEGINNINGS, most=most)
