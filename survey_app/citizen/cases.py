"""Questions, complaints, suggestions and objections: one plain form, and a code to follow what becomes of it."""

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from survey_app.casework import intake, sealing
from survey_app.casework.forms import CaseForm, over_units
from survey_app.citizen import cookies
from survey_app.citizen.cases_showing import find_case, kept_page
from survey_app.citizen.cases_ways import OBJECTION, WAYS, Way
from survey_app.citizen.pages import see
from survey_app.domain.cases import alleging, codes
from survey_app.domain.cases.codes import CaseCodeMistyped, CaseCodeUnknown
from survey_app.domain.cases.kinds import WEB
from survey_app.domain.errors import Refusal, fill
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, new_mark, read_mark
from survey_app.publishing.services import unit_choices
from survey_app.store import rounds
from survey_app.store.cases import Received
from survey_app.web import limits, puzzle
from survey_app.web.context import keys, now, settings
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.uploads import let_files_in

blueprint = Blueprint("cases", __name__, template_folder="templates")
let_files_in(blueprint, {"cases.hand_in", "cases.add"})
ASKED, GUESSED = "asked", "guessed"


@blueprint.get("/case/new/<name>")
@door("public")
def new(name: str) -> ResponseReturnValue:
    """The empty form, for the unit and the procedure of the page the person came from."""
    way, form = _way(name), _form()()
    form.unit.data, form.procedure.data = request.args.get("unit", ""), request.args.get("procedure", "")
    form.nonce.data = new_mark(keys().receipt, now())
    return cookies.probe(make_response(_page(way, form)))


@blueprint.post("/case/new/<name>")
@door("public")
def hand_in(name: str) -> ResponseReturnValue:
    """Store the case and give its code; or say what is wrong, or offer the sealed way, and keep what was typed."""
    way, form = _way(name), _form()(CombinedMultiDict([request.files, request.form]))
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(way, form), 422
        if offer := _offered(form):
            return _page(way, form, offer=offer), 422
        received = _store(way, form, mark)
    except Refusal as refusal:
        return _given_back(way, form, refusal)
    return _with_code(received)


@blueprint.get("/case/kept")
@door("public")
def kept() -> ResponseReturnValue:
    """The code, to be photographed, printed or written down; whoever has none in this browser types one."""
    try:
        code = codes.parse_case_code(request.cookies.get(cookies.CASE, ""))
        return kept_page(find_case(code), code)
    except (CaseCodeMistyped, CaseCodeUnknown):
        return see(url_for(".find"))


def _way(name: str) -> Way:
    return WAYS[name] if name in WAYS else abort(404)


def _form() -> type[CaseForm]:
    return over_units(CaseForm, intake.units_of_today())


def _offered(form: CaseForm) -> str:
    """Why the sealed way is offered; empty where it is not. Nothing is sent there but by the person."""
    if form.sealed.data:
        return ASKED
    return GUESSED if not form.plain.data and alleging.alleges(form.said) else ""


def _store(way: Way, form: CaseForm, mark: FormMark) -> Received:
    mark.require_read(settings().form_seconds)
    puzzle.require_solved(form.puzzle.data or "", limits.CASE)
    if way.name == OBJECTION:
        form.unit.data, form.heading = "", _objected_to()
    received = intake.take_in(form, kind=way.kind, channel=WEB, form_nonce=mark.nonce)
    if received.first:
        limits.count_case()
    return received


def _objected_to() -> str:
    """What an objection is about, as its first line: the round of the page it came from, where there is one."""
    known = {round_.code: round_.name for round_ in rounds.list_rounds()}
    name = known.get(request.values.get("round", ""), "")
    return f"【{WAYS[OBJECTION].title}{'：' if name else ''}{name}】"


def _given_back(way: Way, form: CaseForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was typed, and the reason above it or beside the files."""
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    if intake.is_of_files(refusal):
        form.files.errors = [refusal.text(say)]
        return _page(way, form), refusal.status
    return _page(way, form, notice=refusal.text(say)), refusal.status


def _with_code(received: Received) -> ResponseReturnValue:
    """Redirect, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return kept_page(find_case(received.code), received.code)
    return cookies.keep_case(see(url_for(".kept")), received.code)


def _page(way: Way, form: CaseForm, *, notice: str = "", offer: str = "") -> str:
    bounds = intake.bounds()
    return render_template(
        "citizen/case_new.html",
        way=way,
        hint=fill(way.hint, {"most": bounds["words_most"]}, say),
        form=form,
        errors=form.messages,
        notice=notice,
        offer=offer,
        sealed_open=sealing.installed(settings()) is not None,
        round=request.values.get("round", ""),
        classes=unit_choices(settings()),
        challenge=puzzle.new_challenge(limits.CASE),
        **bounds,
    )
