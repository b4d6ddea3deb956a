"""Forms of accounts. Flask-WTF draws and asks for the token; templates draw the fields."""

from typing import Any

from flask_security.forms import Form as SecurityForm
from wtforms import HiddenField, PasswordField, StringField

from survey_app.account.signing_in import take_try, was_wrong
from survey_app.domain import passwords
from survey_app.domain.errors import N_
from survey_app.domain.guessing import TooManyTries
from survey_app.store import credentials
from survey_app.store.accounts import fold_username
from survey_app.web.language import say

WRONG = N_("用户名或密码不对。忘了密码请找系统管理员重置。")


class SignInForm(SecurityForm):
    """Username and password. The answer, and the time it takes, is the same for names that exist and names that do not.

    `user` is read by Flask-Security's view after `validate`.
    """

    username = StringField()
    password = PasswordField()
    next = HiddenField()
    requires_confirmation = False  # asked for by Flask-Security's view

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user: Any | None = None

    def validate(self, **kwargs: Any) -> bool:
        """One try: counted, then looked at."""
        if not super().validate(**kwargs):
            return False
        username = fold_username(self.username.data or "")[:60]
        try:
            waits_until = take_try(username)
        except TooManyTries as refusal:
            return self._refuse(refusal.text(say))
        row = credentials.by_username(username)
        right = passwords.matches(row.password if row else None, self.password.data or "")
        if row and right and row.active:
            self.user = row
            return True
        slowed = was_wrong(username, waits_until, known=row is not None)
        return self._refuse(slowed.text(say) if slowed else say(WRONG))

    def _refuse(self, message: str) -> bool:
        self.form_errors = [message]
        return False
