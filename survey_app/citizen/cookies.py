"""Short-lived cookies: a code on its way to its form, a receipt or thanks on their way to a page, a sitting's units.

Threat: a code or receipt in an address is kept by proxies and by the browser's history; a cookie of some minutes,
which no script can read, is not. On a shared computer the citizen can clear all of them with one button.
"""

import re

from flask import Response, request

from survey_app.citizen.sitting import Sitting, read_sitting
from survey_app.store.rounds import Round
from survey_app.web.context import settings, stays_on_https

CODE, RECEIPT, SITTING, PROBE = "code", "receipt", "sitting", "probe"
CASE = "case"  # the code of a case on its way to its page
VISIT, RATED = "visit", "rated"  # of everyday ratings: a visit code never fills the form of a round
_RATED = re.compile(r"([a-z0-9-]{1,100})\.([01])\.([01])")
_LONGEST = 60  # signs of a code or receipt as somebody typed it; more is neither


def keep_code(response: Response, code: str) -> Response:
    """Let the next forms of this browser be filled with `code`."""
    return _keep(response, CODE, code[:_LONGEST], settings().code_cookie_minutes)


def keep_receipt(response: Response, receipt: str) -> Response:
    """Let the receipt page of this browser be reloaded."""
    return _keep(response, RECEIPT, receipt, settings().receipt_cookie_minutes)


def keep_sitting(response: Response, sitting: Sitting) -> Response:
    """Remember which units are still to rate, and the receipts of those that are."""
    return _keep(response, SITTING, sitting.text(), settings().sitting_cookie_minutes)


def kept_sitting(round_: Round) -> Sitting:
    """This browser's sitting in this round; an empty one where it keeps none."""
    return read_sitting(request.cookies.get(SITTING, ""), round_)


def keep_visit(response: Response, code: str) -> Response:
    """Let the next form of this browser be filled with a visit code."""
    return _keep(response, VISIT, code, settings().code_cookie_minutes)


def keep_rated(response: Response, unit_slug: str, *, counted: bool, asked: bool) -> Response:
    """Let the page of thanks be shown and reloaded; the visit code has done its work."""
    response.delete_cookie(VISIT, path=_path())
    return _keep(response, RATED, f"{unit_slug}.{counted:d}.{asked:d}", settings().receipt_cookie_minutes)


def keep_case(response: Response, code: str) -> Response:
    """Let the pages of a case be opened and reloaded."""
    return _keep(response, CASE, code, settings().receipt_cookie_minutes)


def rated() -> tuple[str, bool, bool]:
    """The unit last rated in this browser, whether it counted, whether an answer is wanted; empty: none was."""
    found = _RATED.fullmatch(request.cookies.get(RATED, ""))
    return (found[1], found[2] == "1", found[3] == "1") if found else ("", False, False)


def probe(response: Response) -> Response:
    """Find out whether this browser keeps cookies before its owner depends on one."""
    return _keep(response, PROBE, "1", settings().code_cookie_minutes)


def keeps_cookies() -> bool:
    """Whether the browser sent the probe back."""
    return PROBE in request.cookies


def forget(response: Response) -> Response:
    """Leave nothing of this visit on a shared computer."""
    for name in (CODE, RECEIPT, SITTING, VISIT, RATED, CASE):
        response.delete_cookie(name, path=_path())
    return response


def drop_code(response: Response) -> Response:
    """Leave the next form empty."""
    response.delete_cookie(CODE, path=_path())
    return response


def _keep(response: Response, name: str, value: str, minutes: int) -> Response:
    response.set_cookie(
        name, value, max_age=minutes * 60, path=_path(), secure=stays_on_https(), httponly=True, samesite="Lax"
    )
    return response


def _path() -> str:
    return settings().prefix or "/"
