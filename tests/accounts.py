"""People with accounts, made without the cost of a password's hash."""

import uuid

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from survey_app.domain.roles import OF_A_UNIT
from survey_app.store import accounts, credentials
from survey_app.web.people import BEGAN, SEEN
from tests.factories import Clock

NO_PASSWORD = "$argon2id$none"  # noqa: S105  # nobody's: no password matches it


class WorkClient(FlaskClient):
    """A browser that sends the token its forms were drawn with."""

    person = ""
    token = ""

    def post(self, *where: object, **how: object):
        """Post a form; give `data` as a dict."""
        if "data" in how or "json" not in how:
            how["data"] = {"csrf_token": self.token, **(how.get("data") or {})}
        return super().post(*where, **how)

    def post_without_token(self, *where: object, **how: object):
        """Post as another site would."""
        return super().post(*where, **how)


def make_account(clock: Clock, username: str, *roles: str, unit: str = "", password_hash: str = NO_PASSWORD, **how):
    """An account that has already changed its start password, unless told otherwise."""
    told = {"must_change_password": False, "name": f"{username}（试）", **how}
    return accounts.add_account(
        username=username, roles=roles, unit_slug=unit, password_hash=password_hash, actor="test", now=clock(), **told
    )


def sign_in(app: Flask, clock: Clock, role: str, unit: str = "tax", username: str | None = None) -> WorkClient:
    """A signed-in browser; the account is made where it is absent."""
    unit = unit if role in OF_A_UNIT else ""
    username = username or f"{role}-{unit}".strip("-").replace("_", "-")
    if credentials.by_username(username) is None:
        make_account(clock, username, role, unit=unit)
    app.test_client_class = WorkClient
    client = app.test_client()
    client.person, raw = username, uuid.uuid4().hex
    client.token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)
    with client.session_transaction("/account/") as session:
        session["_user_id"] = credentials.by_username(username).fs_uniquifier
        session["_fresh"] = True
        session["csrf_token"] = raw
        session[BEGAN] = session[SEEN] = int(clock().timestamp())
    return client
