"""Showing a receipt: that a ballot is in the box, never what it says; with it what is still to rate in this sitting."""

from flask import Response, make_response, render_template, request, url_for

from survey_app.citizen import cookies
from survey_app.citizen.forms import WordsForm, errors_of
from survey_app.citizen.pages import see
from survey_app.citizen.sitting import Sitting
from survey_app.domain import receipts
from survey_app.store import ballots, rounds
from survey_app.store.rounds import RatedUnit, Round
from survey_app.web.context import today


def receipt_answer(receipt: str, said: int | None = None) -> Response:
    """Redirect, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return make_response(receipt_page(receipt))
    return cookies.keep_receipt(see(url_for("citizen.receipt", said=said)), receipt)


def receipt_page(receipt: str, form: WordsForm | None = None) -> str:
    """The receipt of one ballot; of a sitting with several, all of them, and the units still to rate."""
    found = ballots.find_by_receipt(receipt)
    round_ = rounds.get_round(found.round_code)
    sitting = cookies.kept_sitting(round_)
    return render_template(
        "citizen/receipt.html",
        found=found,
        receipt=receipts.spoken(receipt),
        together=_together(sitting, round_, receipt),
        rest=[round_.unit(slug) for slug in sitting.rest if slug != found.unit_slug],
        count=len(sitting.chosen),
        open=found.status == "open" and today() <= found.closes_on,
        said="said" in request.args,
        form=form or WordsForm(),
        errors=errors_of(form) if form else [],
    )


def _together(sitting: Sitting, round_: Round, receipt: str) -> list[tuple[RatedUnit, str]]:
    """The receipts of the sitting that this one belongs to, each with its unit; none where it stands alone."""
    known = [(round_.unit(slug), receipts.spoken(one)) for slug, one in sitting.receipts.items() if _is_known(one)]
    return known if len(known) > 1 and receipt in sitting.receipts.values() else []


def _is_known(receipt: str) -> bool:
    try:
        ballots.find_by_receipt(receipt)
    except receipts.ReceiptUnknown:
        return False
    return True
