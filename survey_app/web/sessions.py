"""Sessions exist where people with accounts work, and nowhere else (docs/decisions/0005).

On every other address the session is empty, is thrown away, and leaves no trace in the answer: a citizen cannot be
followed by it, and no view of the public side can begin to depend on it.
"""

from typing import cast

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from survey_app.config import Keys, Settings
from survey_app.web.context import stays_on_https

WORK_ADDRESSES = ("/account/", "/desk/", "/office/")
COOKIE = "pingyi_session"


class NoSession(SecureCookieSession):
    """What the public side gets: it holds nothing from before and nothing of it is kept."""


class WorkSessions(SecureCookieSessionInterface):
    """Signed cookies, for the addresses of work alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request."""
        return super().open_session(app, request) if is_work(request.path) else NoSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it, unless it is no session."""
        if not isinstance(session, NoSession):
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002  # Flask's signature
        """Over https alone where people come over https."""
        return stays_on_https()


def is_work(path: str) -> bool:
    """Whether people with accounts work at this address."""
    return f"{path}/".startswith(WORK_ADDRESSES)


def register(app: Flask) -> None:
    """A cookie that no script reads and no other site sends."""
    settings, keys = cast(Settings, app.config["SETTINGS"]), cast(Keys, app.config["KEYS"])
    app.session_interface = WorkSessions()
    app.config.update(
        SECRET_KEY=keys.session.hex(),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_PATH=settings.prefix or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
