"""Flask-Security on our accounts: who has this session, sign in, sign out. Everything it can do besides is off.

No mail is ever sent: a closed network has none, and a mailbox would be a second way in.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from flask_security import Security
from flask_security.mail_util import MailUtil
from flask_security.tf_plugin import TfPlugin
from werkzeug.wrappers import Response

from survey_app.account.forms import SignInForm
from survey_app.account.signing_in import begin_second_step, complete
from survey_app.store.accounts import Datastore
from survey_app.web.doors import door


class NoMail(MailUtil):
    """Nothing in the portal writes to a mailbox."""

    def send_mail(self, *_args: Any, **_more: Any) -> None:
        """Refuse: whoever comes here has switched on a feature that needs mail."""
        raise RuntimeError("the portal sends no mail")


class SecondStep(TfPlugin):
    """Between a right password and being signed in stands our own second step."""

    def tf_enter(self, user: Any, *_how: object, **_more: object) -> Response:
        """Where to go next; always an answer, so that the library never signs anybody in past us."""
        next_ = request.form.get("next")
        if begin_second_step(user, next_):
            return redirect(url_for("account.second_step"), 303)
        return complete(user, next_)


def register(app: Flask) -> None:
    """Sign-in and sign-out under /account/, with our form and our page."""
    app.config.update(
        SECURITY_URL_PREFIX="/account",
        SECURITY_LOGIN_URL="/login",
        SECURITY_LOGOUT_URL="/logout",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_POST_LOGIN_VIEW="account.home",
        SECURITY_LOGIN_USER_TEMPLATE="account/sign_in.html",
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": str, "case_insensitive": False}}],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_SALT="unused: argon2 salts each password",  # noqa: S106  # no secret
        SECURITY_PASSWORD_SCHEMES=["argon2", "plaintext"],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # a scheme, no secret
        SECURITY_FRESHNESS=timedelta(minutes=-1),  # changing a password or a second factor asks for the password
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_STATIC_FOLDER=None,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_CACHE_CONTROL=None,  # web.headers says no-store already
        SECURITY_I18N_DIRNAME="builtin",
    )
    security = Security(app, Datastore(), login_form=SignInForm, mail_util_cls=NoMail, render_template=render_template)
    security.two_factor_plugins = SecondStep()
    security._want_json = lambda _request: False  # pages only: nothing reads accounts by program
    for endpoint, name in (("security.login", "public"), ("security.logout", "signed_in")):
        app.view_functions[endpoint] = door(name, with_start_password=True)(app.view_functions[endpoint])
