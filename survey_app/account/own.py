"""One's own account: password, second factor, recovery codes, ending all sign-ins."""

from typing import Any

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from survey_app.account import factor
from survey_app.account.pages import blueprint, done, here, title_of
from survey_app.account.signing_in import landing, take_try, was_wrong
from survey_app.config import REQUIRED
from survey_app.domain import passwords
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import ROLES, needs_second_factor
from survey_app.store import accounts, credentials, guesses
from survey_app.web.context import keys, now, settings
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.people import begin_session

SETTING_UP = "factor"  # in the session: the sealed secret of a second factor that is not yet proved


class PasswordWrong(Refusal):
    code, status = "password-wrong", 422
    message = N_("现在的密码不对。")


class PasswordsDiffer(Refusal):
    code, status = "passwords-differ", 422
    message = N_("两次输入的新密码不一样。")


class PasswordTheSame(Refusal):
    code, status = "password-same", 422
    message = N_("新密码和现在的密码一样，请换一个。")


class CodeWrong(Refusal):
    code, status = "code-wrong", 422
    message = N_("动态码不对。动态码每30秒换一次，请用最新的6位数字；手机的时间要准。")


class FactorNeeded(Refusal):
    code, status = "factor-needed", 409
    message = N_("您的角色必须用第二步验证，不能取消。换手机时请重新设置。")


@blueprint.get("/")
@door("signed_in")
def home() -> ResponseReturnValue:
    """The first page after signing in: where to work, and what there is to know about the account."""
    account = accounts.get_account(here().username)
    return render_template(
        "account/own.html",
        account=account,
        roles=[say(ROLES.get(role, role)) for role in ROLES if role in account.roles],
        unit=title_of(account.unit_slug) if account.unit_slug else "",
        codes_left=credentials.recovery_codes_left(account.username),
        must_have_factor=_must_have_factor(),
        idle_minutes=settings().idle_minutes,
        longest_hours=settings().signed_in_hours,
        work=landing(account.roles),
    )


@blueprint.route("/password", methods=["GET", "POST"])
@door("signed_in", with_start_password=True)
def password() -> ResponseReturnValue:
    """A new password of one's own; every other sign-in ends."""
    if request.method == "GET":
        return _password_page()
    try:
        new = _new_password()
    except Refusal as refusal:
        return _password_page(refusal.text(say)), refusal.status
    credentials.set_password(here().username, passwords.hash_password(new), now=now())
    _stay_signed_in()
    return done(say(N_("密码改好了。别处的登录都已退出。")), "account.home")


@blueprint.route("/second-factor", methods=["GET", "POST"])
@door("signed_in")
def second_factor() -> ResponseReturnValue:
    """Set up an authenticator, or another one in its place."""
    username = here().username
    if request.method == "GET" or SETTING_UP not in session:
        session[SETTING_UP] = factor.seal(username, factor.new_secret())
        return factor_page(username, session[SETTING_UP], with_password=True)
    try:
        require_password()
        codes = set_up(username, session[SETTING_UP], request.form.get("code", ""))
    except Refusal as refusal:
        return factor_page(username, session[SETTING_UP], with_password=True, problem=refusal.text(say)), refusal.status
    del session[SETTING_UP]
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/second-factor/off")
@door("signed_in")
def second_factor_off() -> ResponseReturnValue:
    """Do without a second factor, where the role allows it. Raises FactorNeeded, PasswordWrong."""
    if _must_have_factor():
        raise FactorNeeded
    require_password()
    credentials.remove_second_factor(here().username, now=now())
    return done(say(N_("第二步验证已经取消。")), "account.home")


@blueprint.post("/recovery-codes")
@door("signed_in")
def recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown once. Raises PasswordWrong."""
    require_password()
    codes = factor.new_recovery_codes()
    credentials.set_recovery_codes(here().username, [factor.digest(code) for code in codes], now=now())
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/sessions/end")
@door("signed_in")
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere else."""
    credentials.end_sessions(here().username, now=now())
    _stay_signed_in()
    return done(say(N_("别处的登录都已退出。")), "account.home")


def set_up(username: str, sealed: str, typed: str) -> list[str]:
    """Keep a second factor once its code was typed; returns its recovery codes. Raises CodeWrong."""
    secret = factor.unseal(username, sealed)
    step = factor.time_step(secret, typed) if secret else None
    if step is None:
        raise CodeWrong
    codes = factor.new_recovery_codes()
    digests = [factor.digest(code) for code in codes]
    credentials.set_second_factor(username, sealed=sealed, counter=step, recovery_codes=digests, now=now())
    return codes


def factor_page(username: str, sealed: str, *, with_password: bool, problem: str = "") -> str:
    """The page with the picture to scan and the secret to type."""
    secret = factor.unseal(username, sealed)
    shown = factor.shown(username, secret or b"", say(N_("评议")))
    return render_template("account/factor.html", shown=shown, with_password=with_password, problem=problem)


def require_password() -> None:
    """The person at the keyboard is the person who signed in. Raises PasswordWrong, TooManyTries."""
    username = here().username
    waits_until = take_try(username)
    row: Any = credentials.by_username(username)
    if not passwords.matches(row.password if row else None, request.form.get("password", "")):
        raise was_wrong(username, waits_until, known=True) or PasswordWrong()
    guesses.forget_now(name=username, key=keys().session)


def _new_password() -> str:
    """Raises PasswordWrong, TooManyTries, PasswordsDiffer, PasswordTheSame and the refusals of `parse_password`."""
    require_password()
    typed, again = request.form.get("new", ""), request.form.get("again", "")
    if passwords.normal(typed) != passwords.normal(again):
        raise PasswordsDiffer
    if passwords.normal(typed) == passwords.normal(request.form.get("password", "")):
        raise PasswordTheSame
    return passwords.parse_password(typed, username=here().username, name=here().name)


def _password_page(problem: str = "") -> str:
    return render_template("account/password.html", problem=problem, first=here().must_change_password)


def _must_have_factor() -> bool:
    return settings().second_factor == REQUIRED and needs_second_factor(here().roles)


def _stay_signed_in() -> None:
    """All sessions have ended; this one goes on under its new name, with a fresh clock."""
    row: Any = credentials.by_username(here().username)
    login_user(row, remember=False, authn_via=["password"])
    begin_session(now())
