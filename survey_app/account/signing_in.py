"""Signing in: try by try, then the second step, then a session with both its clocks."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, redirect, request, session
from flask_security.utils import login_user
from werkzeug.wrappers import Response

from survey_app.account.sources import Sources
from survey_app.config import REQUIRED
from survey_app.domain.guessing import TooManyTries
from survey_app.domain.roles import CASE_HANDLER, OF_A_UNIT, PUBLICITY, needs_second_factor
from survey_app.store import accounts, credentials, guesses
from survey_app.web.context import keys, now, settings
from survey_app.web.people import begin_session
from survey_app.web.sessions import is_work

PENDING = "pending"  # in the session: whose password was right, since when, where to go next
STEP_WITHIN = timedelta(minutes=10)


def take_try(username: str) -> datetime | None:
    """Count a try of this name and this source before looking at it. Raises TooManyTries."""
    if until := sources().take_try(request.remote_addr, now()):
        raise too_many(until)
    try:
        return guesses.take_try(name=username, key=keys().session, now=now())
    except guesses.StillWaiting as waiting:
        raise too_many(waiting.until) from waiting


def was_wrong(username: str, waits_until: datetime | None, *, known: bool) -> TooManyTries | None:
    """A wrong try: where the name has to wait from now on, say until when and leave an event."""
    if waits_until is None:
        return None
    credentials.note_slowed(username, known=known, now=now())
    return too_many(waits_until)


def too_many(until: datetime) -> TooManyTries:
    """The refusal, with the time on the wall clock of the district, to the full minute after it."""
    local = (until + timedelta(seconds=59)).astimezone(ZoneInfo(settings().timezone))
    return TooManyTries(at=local.strftime("%H:%M"))


def sources() -> Sources:
    """This process's memory of addresses."""
    known: Sources = current_app.extensions["pingyi_sources"]
    return known


def begin_second_step(user: Any, next_: str | None) -> bool:
    """Whether a second step stands before this person; if so, remember whose password was right."""
    must = settings().second_factor == REQUIRED and needs_second_factor(accounts.roles_of(user))
    if not (must or user.totp_secret):
        return False
    guesses.give_back(name=user.username, key=keys().session)
    session[PENDING] = {"id": user.fs_uniquifier, "at": int(now().timestamp()), "next": next_ or ""}
    return True


def pending() -> Any | None:
    """The account whose password was right a short while ago; None for anybody else."""
    kept = session.get(PENDING)
    if not kept or now().timestamp() - kept["at"] >= STEP_WITHIN.total_seconds():
        return None
    return credentials.by_session(kept["id"])


def complete(user: Any, next_: str | None = None) -> Response:
    """Both steps are done. Nothing of the session before stays but the forms' token."""
    next_ = next_ or session.get(PENDING, {}).get("next")
    token = session.get("csrf_token")
    session.clear()
    if token:
        session["csrf_token"] = token
    login_user(user, remember=False, authn_via=["password"])
    begin_session(now())
    credentials.note_sign_in(user.username, key=keys().session, now=now())
    sources().give_back(request.remote_addr)
    return redirect(safe_next(next_) or landing(accounts.roles_of(user)), 303)


def landing(roles: frozenset[str]) -> str:
    """Where somebody with these roles begins their work: whoever has one desk at that desk, the others at the start."""
    one_desk = {frozenset({CASE_HANDLER}): "/desk/cases", frozenset({PUBLICITY}): "/desk/review/"}
    of_a_unit = {roles: "/desk/"} if roles and roles <= OF_A_UNIT else {}
    return f"{settings().prefix}{(of_a_unit | one_desk).get(roles, '/office/')}"


def safe_next(address: str | None) -> str | None:
    """The address to go on to, if it is one of ours where people work.

    Threat: a link to our sign-in page that leads on to another site. Only a path below our own prefix is taken.
    """
    if not address or not address.isprintable() or "\\" in address or address.startswith("//"):
        return None
    prefix = settings().prefix
    inside = address.startswith(f"{prefix}/") and is_work(address[len(prefix) :].partition("?")[0])
    return address if inside else None
