"""People with real passwords, hashed cheaply, and the browser in which they sign in."""

import re

import pytest
from argon2 import PasswordHasher

from survey_app.domain import passwords
from survey_app.domain.roles import OF_A_UNIT
from tests.accounts import make_account

RIGHT = "四只蓝鲸在打算盘"
MISTYPED = "四只蓝鲸在打算"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch):
    """The real library with the least work it takes."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODYS", hasher.hash("nobody"))


@pytest.fixture
def person(app, clock):
    """`person("zhou", "unit_editor")`: an account whose password is RIGHT; two noise accounts stand beside it."""
    make_account(clock, "noise-1", "inspector")
    make_account(clock, "noise-2", "unit_editor", unit="noise")

    def make(username, *roles, **how):
        unit = "tax" if OF_A_UNIT & set(roles) else ""
        return make_account(clock, username, *roles, unit=unit, password_hash=passwords.hash_password(RIGHT), **how)

    return make


class Desk:
    """A browser at the sign-in page: types, sends, and follows where it is led."""

    def __init__(self, app):
        self.client = app.test_client()

    def token(self, page):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def get(self, address):
        return self.client.get(address)

    def send(self, address, follow=False, at=None, **fields):
        """Open the page at `at` (or `address`), fill in its form, send it."""
        page = self.client.get(at or address).text
        return self.client.post(
            address, data={"csrf_token": self.token(page), **fields}, follow_redirects=follow, environ_base=self.source
        )

    source = {"REMOTE_ADDR": "198.51.100.7"}  # noqa: RUF012  # one for all desks

    def sign_in(self, username, password=RIGHT, next_=""):
        return self.send("/account/login", username=username, password=password, next=next_)

    def is_in(self):
        return self.get("/account/").status_code == 200


@pytest.fixture
def desk(app):
    """A fresh browser."""
    return Desk(app)


@pytest.fixture
def another_desk(app):
    """Somebody else's browser, at another address."""
    made = Desk(app)
    made.source = {"REMOTE_ADDR": "203.0.113.9"}
    return made
