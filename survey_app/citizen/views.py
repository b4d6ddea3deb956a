"""Rate a unit: the form, and the ballot it becomes."""

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.citizen import cookies
from survey_app.citizen.forms import RatingForm, errors_of, rating_form
from survey_app.citizen.pages import as_printed, blueprint, see
from survey_app.citizen.showing import receipt_answer
from survey_app.domain import scale
from survey_app.domain.batches import GroupUnknown
from survey_app.domain.errors import Refusal
from survey_app.domain.everyday import month_words
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, FormTooFast, new_mark, read_mark
from survey_app.domain.rounds import RoundClosed, RoundNotYetOpen
from survey_app.publishing.services import kept_month, promises_of
from survey_app.store import ballots, rounds
from survey_app.store.database import StorageUnavailable
from survey_app.store.rounds import RatedUnit, Round
from survey_app.web import limits, puzzle
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

# Reasons that lie in no field: said above the form, which is all there to be sent again.
_ABOVE = (StorageUnavailable, limits.TooManyTries, FormForeign, FormExpired, FormTooFast, puzzle.PuzzleUnsolved)


@blueprint.get("/rate/<round_code>/<unit_slug>")
@door("public")
def rate_unit(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """The empty form; a code in the address moves to a cookie at once."""
    if code := request.args.get("code"):
        return cookies.keep_code(see(url_for(".rate_unit", round_code=round_code, unit_slug=unit_slug)), code)
    round_, unit = _require_rating(round_code, unit_slug)
    form = rating_form(round_.questionnaire)()
    form.code.data = as_printed(request.cookies.get(cookies.CODE, ""))
    form.nonce.data = new_mark(keys().receipt, now())
    return cookies.probe(make_response(_rating_page(round_, unit, form)))


@blueprint.post("/rate/<round_code>/<unit_slug>")
@door("public")
def cast(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """Store the ballot and show its receipt; or say what is wrong and keep what was chosen."""
    round_, unit = _require_rating(round_code, unit_slug)
    form = rating_form(round_.questionnaire)(request.form)
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _rating_page(round_, unit, form), 422
        receipt = _store(round_, unit, form, mark)
    except (RoundClosed, RoundNotYetOpen):
        raise
    except Refusal as refusal:
        return _given_back(round_, unit, form, refusal)
    return _on_to_the_receipt(round_, unit, form, receipt)


def _store(round_: Round, unit: RatedUnit, form: RatingForm, mark: FormMark) -> str:
    if form.is_open:
        mark.require_read(settings().form_seconds)
        puzzle.require_solved(form.puzzle.data or "")
    ballot: dict[str, Any] = {"round_": round_, "unit_slug": unit.slug, "answers": form.answers, "today": today()}
    ballot["flags"] = limits.count_rating()
    given = form.code.canonical
    if form.is_open:
        return ballots.cast_open_ballot(**ballot, group=form.group.data or "", form_nonce=mark.nonce, keys=keys())
    with limits.one_guess():
        if form.is_replacement:
            return ballots.replace_ballot(**ballot, receipt=given)
        return ballots.cast_ballot(**ballot, code=given, form_nonce=mark.nonce, keys=keys())


def _given_back(round_: Round, unit: RatedUnit, form: RatingForm, refusal: Refusal) -> ResponseReturnValue:
    """The form with all that was chosen, and the reason above it or beside its field."""
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    if isinstance(refusal, _ABOVE):
        return _rating_page(round_, unit, form, notice=refusal.text(say)), refusal.status
    field = form.group if isinstance(refusal, GroupUnknown) else form.code
    field.errors = [refusal.text(say)]
    return _rating_page(round_, unit, form), 409 if refusal.status == 409 else 422


def _on_to_the_receipt(round_: Round, unit: RatedUnit, form: RatingForm, receipt: str) -> Response:
    """The code fills the form of the next unit; a receipt that has done its work is put away."""
    response = receipt_answer(receipt)
    cookies.keep_sitting(response, cookies.kept_sitting(round_).rated(unit.slug, receipt))
    code = "" if form.is_replacement or form.is_open else form.code.canonical
    return cookies.keep_code(response, code) if code else cookies.drop_code(response)


def _require_rating(round_code: str, unit_slug: str) -> tuple[Round, RatedUnit]:
    round_ = rounds.get_round(round_code)
    unit = round_.unit(unit_slug)
    round_.require_rating_time(today())
    return round_, unit


def _rating_page(round_: Round, unit: RatedUnit, form: RatingForm, notice: str = "") -> str:
    sitting, promises = cookies.kept_sitting(round_), promises_of(settings(), unit.slug, today())
    return render_template(
        "citizen/rate_unit.html",
        round=round_,
        unit=unit,
        form=form,
        levels=[(level, say(text)) for level, text in scale.LEVELS.items()],
        hints={d.code: say(scale.HINTS.get(d.code, "")) for d in form.dimensions},
        groups=round_.questionnaire.groups if round_.questionnaire.takes_open else (),
        promises=promises,
        kept_month=kept_month(promises) and month_words(kept_month(promises), say),
        place=sitting.place_of(unit.slug),
        count=len(sitting.chosen),
        challenge=puzzle.new_challenge() if round_.questionnaire.takes_open else "",
        errors=errors_of(form),
        notice=notice,
    )
