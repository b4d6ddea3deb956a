"""Questions, complaints, suggestions and objections: one plain form, and a code to follow what becomes of it."""

from dataclasses import dataclass

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.casework import intake
from survey_app.casework.forms import MOST_WORDS, CaseForm, case_form
from survey_app.citizen import cookies
from survey_app.citizen.cases_showing import kept_page
from survey_app.citizen.pages import see
from survey_app.domain.cases import alleging
from survey_app.domain.cases.kinds import COMPLAINT, QUESTION, SUGGESTION
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, new_mark, read_mark
from survey_app.publishing.services import ServiceUnknown, find_service, unit_choices
from survey_app.web import limits, puzzle
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

blueprint = Blueprint("cases", __name__, template_folder="templates")
OBJECTION = "objection"  # to the method or a result of a round: a complaint that the office itself answers
ASKED, GUESSED = "asked", "guessed"
HINT = N_("%(most)s字以内。写清哪一天、哪个窗口、办什么事、想要什么结果。姓名、电话写在下面“怎么找到您”里。")


@dataclass(frozen=True)
class Way:
    """One way in: the kind of case it makes, and its words."""

    kind: str
    title: str
    question: str
    hint: str
    send: str


WAYS = {
    "question": Way(QUESTION, N_("提问"), N_("您想问什么"), HINT, N_("提交问题")),
    "complaint": Way(COMPLAINT, N_("投诉"), N_("发生了什么事"), HINT, N_("提交投诉")),
    "suggestion": Way(SUGGESTION, N_("建议"), N_("您的建议"), HINT, N_("提交建议")),
    OBJECTION: Way(
        COMPLAINT,
        N_("对评议办法或结果有异议"),
        N_("您的异议"),
        N_("%(most)s字以内。写清哪一轮、哪个单位、哪个数或哪一条办法，为什么不对。异议和答复都公开，不公开您是谁。"),
        N_("提交异议"),
    ),
}


@blueprint.url_value_preprocessor
def _let_files_in(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: files may weigh more than a ballot, on the routes that take them alone."""
    if endpoint in ("cases.hand_in", "cases.add"):
        request.max_content_length = intake.MOST_REQUEST_BYTES


@blueprint.get("/case/new/<name>")
@door("public")
def new(name: str) -> ResponseReturnValue:
    """The empty form, for the unit and the procedure of the page the person came from."""
    form = _form_of(name)()
    form.unit.data, form.procedure.data = request.args.get("unit", ""), request.args.get("procedure", "")
    form.nonce.data = new_mark(keys().receipt, now())
    return cookies.probe(make_response(_page(name, form)))


@blueprint.post("/case/new/<name>")
@door("public")
def hand_in(name: str) -> ResponseReturnValue:
    """Store the case and give its code; or say what is wrong, or offer the sealed way, and keep what was typed."""
    form = _form_of(name)(CombinedMultiDict([request.files, request.form]))
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(name, form), 422
        if offer := _offered(form):
            return _page(name, form, offer=offer), 422
        code = _store(name, form, mark)
    except Refusal as refusal:
        return _given_back(name, form, refusal)
    return _with_code(code)


@blueprint.get("/case/kept")
@door("public")
def kept() -> ResponseReturnValue:
    """The code, to be photographed, printed or written down; whoever has none in this browser types one."""
    code = request.cookies.get(cookies.CASE)
    return kept_page(code) if code else see(url_for(".find"))


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_heavy(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nothing was read, so nothing can be given back: the browser's own way back has what was typed."""
    return render_template("refused.html", message=intake.too_heavy()), 413


def _form_of(name: str) -> type[CaseForm]:
    if name not in WAYS:
        abort(404)
    return case_form(slug for _title, units in unit_choices(settings()) for slug, _name in units)


def _offered(form: CaseForm) -> str:
    """Why the sealed way is offered; empty where it is not. Nothing is sent there but by the person."""
    if form.sealed.data:
        return ASKED
    return GUESSED if not form.plain.data and alleging.alleges(form.said) else ""


def _store(name: str, form: CaseForm, mark: FormMark) -> str:
    mark.require_read(settings().form_seconds)
    puzzle.require_solved(form.puzzle.data or "", limits.CASE)
    received = intake.take_in(form, kind=WAYS[name].kind, channel=intake.WEB, form_nonce=mark.nonce)
    limits.count_case()
    return received.code


def _given_back(name: str, form: CaseForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was typed, and the reason above it or beside the files."""
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    if refusal.code.startswith("attached-"):
        form.files.errors = [refusal.text(say)]
        return _page(name, form), refusal.status
    return _page(name, form, notice=refusal.text(say)), refusal.status


def _with_code(code: str) -> ResponseReturnValue:
    """Redirect, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return kept_page(code)
    return cookies.keep_case(see(url_for(".kept")), code)


def _page(name: str, form: CaseForm, *, notice: str = "", offer: str = "") -> str:
    way = WAYS[name]
    return render_template("citizen/case_new.html", name=name, form=form, notice=notice, offer=offer)
