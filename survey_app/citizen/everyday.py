"""Everyday ratings (好差评): rate the service just used, with or without the visit code of a slip."""

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework.rules import clocks_of
from survey_app.citizen import cookies
from survey_app.citizen.everyday_forms import ServiceForm, service_form
from survey_app.citizen.pages import see
from survey_app.domain import codes, everyday, scale
from survey_app.domain.cases.codes import CaseCodeMistyped, parse_case_code, spoken
from survey_app.domain.checksign import tidy
from survey_app.domain.errors import Refusal
from survey_app.domain.everyday import KEPT_WORDS, LEVELS
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, FormTooFast, new_mark, read_mark
from survey_app.publishing.services import Service, find_service, kept_month
from survey_app.publishing.ticks import tick_groups
from survey_app.store.database import StorageUnavailable
from survey_app.store.everyday import Rated, RatingIsFinal, rate_service
from survey_app.web import limits
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import ENGLISH, language, say

blueprint = Blueprint("everyday", __name__, template_folder="templates")
AT_WINDOW = "window"
# Reasons that lie in no field: said above the form, which is all there to be sent again.
_ABOVE = (StorageUnavailable, RatingIsFinal, limits.TooManyTries, FormForeign, FormExpired, FormTooFast)


@blueprint.get("/rate/service/<unit_slug>")
@blueprint.get("/rate/service/<unit_slug>/<procedure_slug>")
@door("public")
def rate(unit_slug: str, procedure_slug: str = "") -> ResponseReturnValue:
    """The empty form; a visit code in the address moves to a cookie at once."""
    service = _service(unit_slug, procedure_slug)
    if code := request.args.get("code"):
        return cookies.keep_visit(see(_address(service)), code)
    form = _form_of(service)()
    form.nonce.data = new_mark(keys().receipt, now())
    form.code.data = codes.spoken(tidy(request.cookies.get(cookies.VISIT, "")))
    return cookies.probe(make_response(_page(service, form)))


@blueprint.post("/rate/service/<unit_slug>")
@blueprint.post("/rate/service/<unit_slug>/<procedure_slug>")
@door("public")
def cast(unit_slug: str, procedure_slug: str = "") -> ResponseReturnValue:
    """Store the rating and say so; or say what is wrong and keep what was chosen."""
    service = _service(unit_slug, procedure_slug)
    form = _form_of(service)(request.form)
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(service, form), 422
        done = _store(service, form, mark)
    except Refusal as refusal:
        return _given_back(service, form, refusal)
    return _thanks(service, done)


def _given_back(service: Service, form: ServiceForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was chosen, and the reason above it or beside the code."""
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    if isinstance(refusal, _ABOVE):
        return _page(service, form, notice=refusal.text(say)), refusal.status
    form.code.errors = [refusal.text(say)]
    return _page(service, form), refusal.status


@blueprint.get("/rated")
@door("public")
def rated() -> ResponseReturnValue:
    """Thanks, after the rating has been stored; it shows no choice and cannot be led to otherwise."""
    unit_slug, counted, asked = cookies.rated()
    if not unit_slug:
        return see(url_for("site.page"))
    return _thanks_page(unit_slug, counted, _kept_case() if asked else "")


def _kept_case() -> str:
    """The case code this browser keeps; what somebody made up is none."""
    try:
        return parse_case_code(request.cookies.get(cookies.CASE, ""))
    except CaseCodeMistyped:
        return ""


def _service(unit_slug: str, procedure_slug: str) -> Service:
    return find_service(settings(), unit_slug, procedure_slug, today())


def _form_of(service: Service) -> type[ServiceForm]:
    return service_form(service.promises, tick_groups(settings()))


def _store(service: Service, form: ServiceForm, mark: FormMark) -> Rated:
    if form.is_open:
        mark.require_read(settings().form_seconds)
    rating = replace(form.rating(service, prompted=_at_window()), flags=limits.count_rating())
    with limits.one_guess():
        return rate_service(
            rating,
            procedures=service.procedures,
            code=form.code.canonical,
            form_nonce=mark.nonce,
            keys=keys(),
            clocks=clocks_of(settings()),
            now=now(),
            today=today(),
        )


def _at_window() -> bool:
    """Whether the person came by the QR code of the window, where they were asked to rate."""
    return request.values.get("from") == AT_WINDOW


def _page(service: Service, form: ServiceForm, notice: str = "") -> str:
    month = kept_month(service.promises)
    return render_template(
        "citizen/rate_service.html",
        service=service,
        form=form,
        groups=form.groups,
        english=language() == ENGLISH,
        levels=[(level, say(scale.LEVELS[level])) for level in LEVELS],
        kept_choices=[(name, say(text)) for name, text in KEPT_WORDS.items()],
        kept_month=month and everyday.month_words(month, say),
        at_window=_at_window(),
        kept={"contact_days": clocks_of(settings()).keeping.contact, "months": everyday.FROZEN_MONTHS},
        errors=form.messages,
        notice=notice,
    )


def _thanks(service: Service, done: Rated) -> Response:
    """Redirect, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return make_response(_thanks_page(service.unit, done.counts, done.case_code))
    answer = cookies.keep_rated(see(url_for(".rated")), service.unit, counted=done.counts, asked=bool(done.case_code))
    return cookies.keep_case(answer, done.case_code) if done.case_code else answer


def _thanks_page(unit_slug: str, counted: bool, case_code: str) -> str:
    """The code of the case where an answer is wanted: shown as it was sent, for it opens nothing by being shown."""
    return render_template(
        "citizen/rated.html",
        service=_service(unit_slug, ""),
        counted=counted,
        case_code=spoken(case_code) if case_code else "",
    )


def _address(service: Service) -> str:
    """The form's own address; how the person came stays in it, a code does not."""
    address = url_for(".rate", unit_slug=service.unit, procedure_slug=service.procedure or None)
    return f"{address}?from={AT_WINDOW}" if _at_window() else address
