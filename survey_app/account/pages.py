"""What every page of accounts shares: the blueprint, its tabs, how what was done is said."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.account.units import unit_title
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import ADMINISTRATOR, AUDITOR
from survey_app.store import accounts, audit
from survey_app.web import waiting
from survey_app.web.context import settings, today
from survey_app.web.language import say
from survey_app.web.people import Person, person
from survey_app.web.waiting import Line

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")


waiting.place(N_("账号"), "account.people", N_("谁可以进来、做什么"), ADMINISTRATOR, AUDITOR)
waiting.place(N_("操作记录"), "account.events", N_("谁在什么时候做了什么，有没有被改过"), AUDITOR, ADMINISTRATOR)
waiting.place(N_("我的账号"), "account.home", N_("密码、第二步验证、退出全部登录"))


@waiting.lines(ADMINISTRATOR)
def _waiting(_who: Person) -> Iterator[Line]:
    people = [account for account in accounts.list_accounts() if account.active]
    if count := sum(account.must_change_password for account in people):
        yield Line(count, N_("个账号还没改起始密码"), url_for("account.people", state="start"))


@waiting.lines(AUDITOR)
def _to_look_at(_who: Person) -> Iterator[Line]:
    since = today() - timedelta(days=7)
    if count := audit.count_events(audit.Wanted(since=since)):
        yield Line(count, N_("条操作记录是最近7天的，请抽查"), url_for("account.events", since=since.isoformat()))


def here() -> Person:
    """The person behind a door that lets nobody in without an account."""
    found = person()
    assert found is not None  # noqa: S101  # the door has made sure
    return found


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    someone = person()
    if someone is None or someone.must_change_password:
        return {"tabs": []}
    wanted = [("office.start", N_("首页")), ("account.home", N_("我的账号"))]
    if {ADMINISTRATOR, AUDITOR} & someone.roles:
        wanted.append(("account.people", N_("账号")))
    if {ADMINISTRATOR, AUDITOR} & someone.roles:
        wanted.append(("account.events", N_("操作记录")))
    return {"tabs": [_tab(endpoint, title) for endpoint, title in wanted]}


def _tab(endpoint: str, title: str) -> dict[str, object]:
    href = url_for(endpoint)
    at = f"{request.script_root}{request.path}"
    own = ("account.people", "account.events")
    inside = at == href or (endpoint in own and at.startswith(href))
    inside = inside or (
        endpoint == "account.home"
        and at.startswith(url_for("account.home"))
        and not any(at.startswith(url_for(other)) for other in own)
    )
    return {"href": href, "title": say(title), "here": inside, "count": 0}


def title_of(slug: str) -> str:
    """The name of a unit."""
    return unit_title(settings().pages, slug)


def done(message: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    """Say what was done on the page that comes next."""
    flash(message, "good")
    return redirect(url_for(endpoint, **values), 303)


def because(refusal: Refusal) -> tuple[str, int]:
    """A refusal as the words beside a form, and its status."""
    return refusal.text(say), refusal.status
