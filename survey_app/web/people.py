"""Who is here: the person of this request, and what they must not touch."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, g, session
from flask_login import current_user  # type: ignore[import-untyped]  # has no types
from flask_security.utils import logout_user

from survey_app.domain.errors import N_, Refusal
from survey_app.web.context import now, settings
from survey_app.web.sessions import NoSession

BEGAN, SEEN = "began_at", "seen_at"  # in the session: seconds since 1970
_SEEN_EVERY_S = 60


class NotYourUnit(Refusal):
    code, status = "not-your-unit", 403
    message = N_("这一页属于别的单位，您的账号只能改本单位的。")


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, with both factors where two are asked."""

    username: str
    name: str
    roles: frozenset[str]
    unit_slug: str
    unit_title: str
    must_change_password: bool = False


def register(app: Flask) -> None:
    """Templates know the person."""
    app.context_processor(lambda: {"person": person()})


def person() -> Person | None:
    """The person of this request; None for everybody on the public side."""
    if "person" not in g:
        g.person = None if isinstance(session, NoSession) else _signed_in()
    return cast(Person | None, g.person)


def require_own_unit(unit_slug: str) -> None:
    """Raises NotYourUnit unless the person belongs to this unit."""
    here = person()
    if here is None or not unit_slug or here.unit_slug != unit_slug:
        raise NotYourUnit


def begin_session(at: datetime) -> None:
    """Start both clocks of a sign-in."""
    session[BEGAN] = session[SEEN] = int(at.timestamp())
    g.pop("person", None)


def end_session(keep: Collection[str] = ()) -> None:
    """Forget who is here; of the session only `keep` stays for the next person at this computer."""
    kept = {name: session[name] for name in keep if name in session}
    logout_user()
    session.clear()
    session.update(kept)
    g.person = None


def has_run_out() -> bool:
    """Whether this browser brought a sign-in that was not used for too long, or that is too old."""
    if BEGAN not in session:
        return "_user_id" in session
    at = now().timestamp()
    idle = timedelta(minutes=settings().idle_minutes).total_seconds()
    longest = timedelta(hours=settings().signed_in_hours).total_seconds()
    return bool(at - session.get(SEEN, 0) >= idle or at - session[BEGAN] >= longest)


def stay() -> None:
    """This request shows that the person is still there. Written once a minute, not with every answer."""
    at = int(now().timestamp())
    if person() and at - session.get(SEEN, 0) >= _SEEN_EVERY_S:
        session[SEEN] = at


def _signed_in() -> Person | None:
    if not current_user.is_authenticated or has_run_out():
        return None
    title = cast(Callable[[str], str], current_app.config["UNIT_TITLE"])
    row = current_user
    return Person(
        username=row.username,
        name=row.name,
        roles=frozenset(role.name for role in row.roles),
        unit_slug=row.unit_slug,
        unit_title=title(row.unit_slug) if row.unit_slug else "",
        must_change_password=row.must_change_password,
    )
