"""After rating: the receipt page, a change of mind, words of one's own, a clean browser."""

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.citizen import cookies
from survey_app.citizen.forms import ReceiptForm, WordsForm, errors_of
from survey_app.citizen.pages import blueprint, see
from survey_app.citizen.showing import receipt_answer, receipt_page
from survey_app.domain import receipts
from survey_app.domain.errors import Refusal
from survey_app.store import ballots, words
from survey_app.store.ballots import Found
from survey_app.web import limits
from survey_app.web.context import keys, today
from survey_app.web.doors import door
from survey_app.web.language import say


@blueprint.route("/receipt", methods=["GET", "POST"])
@door("public")
def receipt() -> ResponseReturnValue:
    """The receipt of this browser's last ballot, or a field to type one."""
    if request.method == "GET" and (kept := request.cookies.get(cookies.RECEIPT)):
        return _kept_receipt(kept)
    form, status = ReceiptForm(request.form), 422
    if request.method == "POST" and form.validate():
        try:
            _found(form.receipt.canonical)
            return receipt_answer(form.receipt.canonical)
        except (receipts.ReceiptUnknown, limits.TooManyTries) as refusal:
            form.receipt.errors, status = [refusal.text(say)], 429 if refusal.status == 429 else 422
    return _find_page(form), status if form.errors else 200


@blueprint.post("/receipt/change")
@door("public")
def change() -> ResponseReturnValue:
    """Back to the form, with the receipt in the place of the code."""
    known = receipts.parse_receipt(request.form.get("receipt", ""))
    found = _found(known)
    address = url_for(".rate_unit", round_code=found.round_code, unit_slug=found.unit_slug)
    return cookies.keep_code(see(address), known)


@blueprint.post("/receipt/words")
@door("public")
def add_words() -> ResponseReturnValue:
    """Optional words, a form of their own."""
    known = receipts.parse_receipt(request.form.get("receipt", ""))
    _found(known)
    form = WordsForm(request.form)
    if not form.validate():
        return receipt_page(known, form), 422
    try:
        words.add_words(receipt=known, typed=form.words.data or "", keys=keys(), today=today())
    except Refusal as refusal:
        form.words.errors = [refusal.text(say)]
        return receipt_page(known, form), refusal.status
    return receipt_answer(known, said=1)


@blueprint.post("/receipt/forget")
@door("public")
def forget() -> ResponseReturnValue:
    """Clear this browser of code, receipts and the units that were chosen."""
    return cookies.forget(see(url_for(".receipt")))


def _found(known: str) -> Found:
    """The ballot of a receipt that somebody sent. Raises ReceiptUnknown, TooManyTries."""
    with limits.one_guess():
        return ballots.find_by_receipt(known)


def _kept_receipt(kept: str) -> ResponseReturnValue:
    """A cookie may outlive its ballot, or be somebody's invention: then ask for the receipt instead."""
    try:
        return receipt_page(kept)
    except receipts.ReceiptUnknown:
        return cookies.forget(make_response(_find_page(ReceiptForm())))


def _find_page(form: ReceiptForm) -> str:
    return render_template("citizen/find_receipt.html", form=form, errors=errors_of(form))
