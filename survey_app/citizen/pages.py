"""The blueprint of the citizen's pages, and what all of them share."""

from flask import Blueprint, Response, redirect

from survey_app.citizen.portal import portal
from survey_app.domain import codes, receipts
from survey_app.domain.checksign import tidy

blueprint = Blueprint("citizen", __name__, template_folder="templates")


@blueprint.app_context_processor
def _portal() -> dict[str, object]:
    return {"portal": portal()}


def see(address: str) -> Response:
    """Answer a form with another page, so that a reload sends nothing again."""
    return redirect(address, 303)  # type: ignore[return-value]  # Flask's own Response, typed as werkzeug's


def as_printed(given: str) -> str:
    """A code or receipt with the dashes it has on paper."""
    tidied = tidy(given)
    return receipts.spoken(tidied) if receipts.looks_like_receipt(tidied) else codes.spoken(tidied)
