"""Report wrongdoing: sealed on arrival to the discipline officer's key (domain/sealed).

The answer to the form is the last page itself: no cookie and no address of this browser tells that something was sent.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.casework import sealing
from survey_app.citizen.forms import errors_of
from survey_app.citizen.sealed_forms import ReportCodeForm, ReportForm
from survey_app.domain import attached, receipts, sealed
from survey_app.domain.errors import Refusal
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, new_mark, read_mark
from survey_app.pingyi_sealed import PDF, fingerprint, spoken
from survey_app.store import sealed as store
from survey_app.web import limits, puzzle
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.uploads import let_files_in

blueprint = Blueprint("sealed", __name__, template_folder="templates")
let_files_in(blueprint, {"sealed.hand_in"})


@blueprint.get("/report")
@door("public")
def report() -> ResponseReturnValue:
    """The empty form; where no key is installed, where else to turn. No unit in the address: addresses are logged."""
    return _page(ReportForm())


@blueprint.post("/report")
@door("public")
def hand_in() -> ResponseReturnValue:
    """Seal and keep; or say what is wrong and keep what was typed.

    With `carry=1` nothing is taken: another form's words are shown here, to be read again before they are sent.
    """
    form = ReportForm(request.form)
    if request.form.get("carry"):
        return _page(form)
    try:
        sealing.require_installed(settings())
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(form), 422
        code = _seal(form, mark)
    except Refusal as refusal:
        return _given_back(form, refusal)
    return render_template("citizen/report_sent.html", code=receipts.spoken(code))


@blueprint.post("/report/where")
@door("public")
def where() -> ResponseReturnValue:
    """Whether a report still waits in the inbox, for whoever kept its code."""
    form = ReportCodeForm(request.form)
    if not form.validate():
        return _page(ReportForm(), code_form=form), 422
    try:
        with limits.one_guess():
            week = store.still_waits(form.code.canonical)
    except Refusal as refusal:
        form.code.errors = [refusal.text(say)]
        return _page(ReportForm(), code_form=form), refusal.status
    return _page(ReportForm(), code_form=form, waiting_since=week)


def _seal(form: ReportForm, mark: FormMark) -> str:
    mark.require_read(settings().form_seconds)
    puzzle.require_solved(form.puzzle.data or "")
    limits.count_rating()
    code = sealing.new_code(mark.nonce, keys())
    files = sealing.enclosed(request.files.getlist("files"))
    sealing.hand_in(form.report(code, files), settings=settings(), today=today())
    return code


def _given_back(form: ReportForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was typed; browsers keep no chosen file, which the page says."""
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = ""
    return _page(form, notice=refusal.text(say)), refusal.status


def _page(form: ReportForm, notice: str = "", code_form: ReportCodeForm | None = None, **more: object) -> str:
    public = sealing.installed(settings())
    if public is None:
        return render_template("citizen/report_none.html", notice=notice)
    form.nonce.data = form.nonce.data or new_mark(keys().receipt, now())
    return render_template(
        "citizen/report.html",
        form=form,
        errors=[*errors_of(form), *(errors_of(code_form) if code_form else [])],
        notice=notice,
        fingerprint=spoken(fingerprint(public)),
        most={"words": sealed.MOST_WORDS, "files": attached.MOST_FILES, "mib": attached.MOST_BYTES // 2**20},
        accept=",".join(sorted({*attached.PICTURES, PDF})),
        code_form=code_form or ReportCodeForm(),
        challenge=puzzle.new_challenge(),
        **more,
    )
