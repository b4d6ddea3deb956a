"""Doors: who may enter a route. Every route names one; a test lists those that do not, and nobody gets through them."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import (
    ADMINISTRATOR,
    AUDITOR,
    CASE_HANDLER,
    DISCIPLINE_OFFICER,
    ENTRY_CLERK,
    INSPECTOR,
    INTERVIEWER,
    ISSUER,
    OF_A_UNIT,
    PUBLICITY,
    REVIEWER,
    ROLES,
    ROUND_OFFICER,
    UNIT_EDITOR,
    UNIT_HEAD,
)
from survey_app.web import people
from survey_app.web.people import Person

View = TypeVar("View", bound=Callable[..., object])

# Which roles open a door; None: everybody, empty: everybody with an account.
OPENED_BY: dict[str, frozenset[str] | None] = {
    "public": None,
    "signed_in": frozenset(),
    "results": frozenset(ROLES) - {ADMINISTRATOR},  # what is published, and nothing for who has no content
    "unit_editor": frozenset({UNIT_EDITOR, UNIT_HEAD}),
    "publicity": frozenset({PUBLICITY}),
    "desk": frozenset({UNIT_EDITOR, UNIT_HEAD, PUBLICITY}),  # the view asks whose page it is
    "administrator": frozenset({ADMINISTRATOR}),
    "auditor": frozenset({AUDITOR, ADMINISTRATOR}),
    "issuer": frozenset({ISSUER}),
    "codes_ledger": frozenset({ISSUER, ROUND_OFFICER, AUDITOR}),  # numbers alone
    "entry_clerk": frozenset({ENTRY_CLERK}),
    "paper": frozenset({ENTRY_CLERK, REVIEWER, ROUND_OFFICER}),  # which cards wait, no answer
    "settler": frozenset({ENTRY_CLERK, REVIEWER}),  # the view asks whose card it is
    "reviewer": frozenset({REVIEWER}),
    "interviewer": frozenset({INTERVIEWER}),
    "closing": frozenset({ROUND_OFFICER, REVIEWER, AUDITOR}),  # draft results, read
    "ruling": frozenset({ROUND_OFFICER, REVIEWER}),  # the store asks for two of them
    "everyday_results": frozenset({ROUND_OFFICER, REVIEWER, AUDITOR, DISCIPLINE_OFFICER}),
    "orders": frozenset({DISCIPLINE_OFFICER, REVIEWER, AUDITOR}),  # to read
    "discipline": frozenset({DISCIPLINE_OFFICER}),
    "order_steps": frozenset({DISCIPLINE_OFFICER, REVIEWER}),  # the store asks who issued it
    "unit_orders": frozenset({UNIT_EDITOR, UNIT_HEAD, CASE_HANDLER}),  # the view asks whose it is
    "unit_head": frozenset({UNIT_HEAD}),
    "assessments": frozenset({DISCIPLINE_OFFICER, ENTRY_CLERK, AUDITOR}),
    "assessment_entry": frozenset({DISCIPLINE_OFFICER, ENTRY_CLERK}),
    "inspections": frozenset({INSPECTOR, DISCIPLINE_OFFICER, AUDITOR}),  # the view asks whose finding it is
    "inspector": frozenset({INSPECTOR}),
    "disclosure": frozenset({DISCIPLINE_OFFICER, REVIEWER, AUDITOR, PUBLICITY}),
    "notes": frozenset({INSPECTOR, DISCIPLINE_OFFICER, AUDITOR}) | OF_A_UNIT,  # the view asks whose they are
    "notes_write": frozenset({INSPECTOR, DISCIPLINE_OFFICER}) | OF_A_UNIT,
    "sealed": frozenset({DISCIPLINE_OFFICER}),
    "rounds": frozenset({ROUND_OFFICER, AUDITOR, REVIEWER}),  # plans and counts, never a level
    "round_officer": frozenset({ROUND_OFFICER}),
    "key_keeper": frozenset({ROUND_OFFICER, AUDITOR}),  # the two who hold a copy of a round's key
    "unit_cases": frozenset({CASE_HANDLER, UNIT_HEAD}),  # the view asks whose case it is
    "case_told_unit": frozenset({CASE_HANDLER, UNIT_EDITOR, UNIT_HEAD}),  # whoever sits at the window
    "case_told_office": frozenset({INTERVIEWER, ENTRY_CLERK, REVIEWER}),
    "cases": frozenset({REVIEWER, DISCIPLINE_OFFICER, AUDITOR}),  # to read; who may do what, the view asks
}
DOORS = tuple(OPENED_BY)
# What an auditor reads besides: the same pages, and none of the forms on them. Never a page that shows what somebody
# answered, nor one whose drawing is the first step of a deed.
READ_BY_AUDITOR = frozenset({"publicity", "administrator", "codes_ledger", "paper"})
_SAFE = ("GET", "HEAD", "OPTIONS")
_csrf = CSRFProtect()


class CrossSite(Refusal):
    code, status = "cross-site", 403
    message = N_("这一页是从别的网站提交的，没有收下。请从本网站打开后再提交。")


class NotYourDoor(Refusal):
    code, status = "not-your-door", 403
    message = N_("您的账号没有做这件事的角色。要做，请找系统管理员。")


class FormTooOld(Refusal):
    code, status = "form-too-old", 400
    message = N_("这张表打开的时间太久，或不是在这里打开的，没有收下。请退回上一页，刷新后再提交。")


def door(name: str, *, with_start_password: bool = False) -> Callable[[View], View]:
    """Say who may enter this view; `with_start_password`: also before the first password has been changed."""
    if name not in DOORS:
        raise ValueError(f"no door called {name}")

    def mark(view: View) -> View:
        view.door = name  # type: ignore[attr-defined]  # read by `_keep_doors` and by the house test
        view.with_start_password = with_start_password  # type: ignore[attr-defined]
        return view

    return mark


def here() -> Person:
    """The person of this page; its door has seen to it that there is one. Raises NotYourDoor."""
    found = people.person()
    if found is None:
        raise NotYourDoor
    return found


def register(app: Flask) -> None:
    """Refuse forms that another site sends; then keep the doors."""
    # Not by Referer: our own policy tells browsers to send none.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    _csrf.init_app(app)
    app.before_request(_require_same_site)
    app.before_request(_keep_doors)
    app.context_processor(lambda: {"only_reads": g.get("only_reads", False)})
    app.register_error_handler(CSRFError, lambda _error: app.handle_user_exception(FormTooOld()))


def _require_same_site() -> None:
    """Threat: another site posting in a visitor's name. Browsers say where a form came from; pages have no script.

    A browser too old to say so is let in: on the public side there is no login to misuse, the code is what admits.
    Behind the other doors a form token is asked for besides.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CrossSite


def _keep_doors() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the errors' page
    view = current_app.view_functions[request.endpoint]
    name = getattr(view, "door", "")
    opened_by = OPENED_BY.get(name, frozenset({"nobody"}))
    if opened_by is None:
        return None
    here = people.person()
    if here is None:
        return _ask_to_sign_in()
    if opened_by and not opened_by & here.roles:
        if not _only_reads(name, here.roles):
            raise NotYourDoor
        g.only_reads = True
    require_form_token()
    if here.must_change_password and not getattr(view, "with_start_password", False):
        return redirect(url_for("account.password"), 303)
    people.stay()
    return None


def _only_reads(name: str, roles: frozenset[str]) -> bool:
    """Whether it is an auditor who looks at a page of others."""
    return AUDITOR in roles and name in READ_BY_AUDITOR and request.method in _SAFE


def require_form_token() -> None:
    """Raises CSRFError, which is shown as FormTooOld, for a form that this session has not drawn."""
    if request.method not in _SAFE:
        _csrf.protect()


def _ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back. What was typed for too long is shown again, to be sent after signing in."""
    ran_out = people.has_run_out()
    if request.method not in _SAFE and ran_out:
        return _keep_what_was_typed()
    if ran_out:
        people.end_session()
    back = f"{request.script_root}{request.full_path}".rstrip("?") if request.method in _SAFE else None
    return redirect(url_for("security.login", next=back, ended=1 if ran_out else None), 303)


def _keep_what_was_typed() -> ResponseReturnValue:
    """Threat: half an hour of writing lost to a sign-in that ran out.

    The form's token is asked for, so no other site can plant words here; and it stays good for whoever signs in next
    in this browser, so that the same words can be sent again.
    """
    require_form_token()
    people.end_session(keep=("csrf_token",))
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return render_template("ran_out.html", action=f"{request.script_root}{request.path}", typed=typed), 401
