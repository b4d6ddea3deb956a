"""The second step of signing in: the code of an authenticator, a recovery code, or setting one up where one must be."""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from survey_app.account import factor, own
from survey_app.account.pages import blueprint
from survey_app.account.signing_in import PENDING, complete, pending, take_try, was_wrong
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.guessing import TooManyTries
from survey_app.web.doors import door, require_form_token
from survey_app.web.language import say

WRONG = N_("这个码不对，或已经用过。动态码用最新的6位数字，恢复码每个只能用一次。")


@blueprint.route("/second-step", methods=["GET", "POST"])
@door("public")
def second_step() -> ResponseReturnValue:
    """After the right password: prove the second factor, or set it up."""
    user = pending()
    if user is None:
        return _start_again()
    if not user.totp_secret:
        return redirect(url_for(".first_factor"), 303)
    if request.method == "GET":
        return render_template("account/second_step.html")
    require_form_token()
    try:
        waits_until = take_try(user.username)
    except TooManyTries as refusal:
        return render_template("account/second_step.html", problem=refusal.text(say)), refusal.status
    if factor.prove(user.username, user.totp_secret, request.form.get("code", "")):
        return complete(user)
    slowed = was_wrong(user.username, waits_until, known=True)
    problem = slowed.text(say) if slowed else say(WRONG)
    return render_template("account/second_step.html", problem=problem), 422


@blueprint.route("/second-step/new", methods=["GET", "POST"])
@door("public")
def first_factor() -> ResponseReturnValue:
    """A role that needs a second factor sets it up before it is let in."""
    user = pending()
    if user is None or user.totp_secret:
        return _start_again()
    if request.method == "GET" or own.SETTING_UP not in session:
        session[own.SETTING_UP] = factor.seal(user.username, factor.new_secret())
        return own.factor_page(user.username, session[own.SETTING_UP], with_password=False)
    require_form_token()
    try:
        codes = own.set_up(user.username, session[own.SETTING_UP], request.form.get("code", ""))
    except Refusal as refusal:
        page = own.factor_page(user.username, session[own.SETTING_UP], with_password=False, problem=refusal.text(say))
        return page, refusal.status
    onward = complete(user).location
    return make_response(render_template("account/recovery_codes.html", codes=codes, onward=onward))


def _start_again() -> ResponseReturnValue:
    session.pop(PENDING, None)
    return redirect(url_for("security.login"), 303)
