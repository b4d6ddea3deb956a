"""The administrator's list of accounts: who may come in, and as what."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.account.pages import because, blueprint, done, here, title_of
from survey_app.account.units import list_units, require_unit
from survey_app.domain import passwords
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import ROLES
from survey_app.store import accounts, credentials
from survey_app.store.accounts import Listed
from survey_app.web import lists
from survey_app.web.context import keys, now, settings
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.lists import Column, List
from survey_app.web.looking import note_look


class Told(TypedDict):
    """What the form says of a person."""

    name: str
    roles: list[str]
    unit_slug: str


@blueprint.get("/people/")
@door("administrator")
def people() -> ResponseReturnValue:
    """All accounts, or those that words, a role or a state find."""
    return lists.answer(PEOPLE, lists.in_memory(PEOPLE, accounts.list_accounts()), "account/people.html")


@blueprint.route("/people/new", methods=["GET", "POST"])
@door("administrator")
def add_person() -> ResponseReturnValue:
    """A new account; its start password is shown once."""
    if request.method == "GET":
        return _new_page()
    start = passwords.start_password()
    try:
        account = accounts.add_account(
            username=request.form.get("username", ""),
            **_sound(),
            password_hash=passwords.hash_password(start),
            actor=here().username,
            now=now(),
        )
    except Refusal as refusal:
        problem, status = because(refusal)
        return _new_page(problem), status
    return render_template("account/start_password.html", account=account, start=start)


@blueprint.get("/people/<name>")
@door("administrator")
def one_person(name: str) -> ResponseReturnValue:
    """One account and all that can be done with it. Raises AccountUnknown."""
    return _page_of(name)


@blueprint.post("/people/<name>/change")
@door("administrator")
def change_person(name: str) -> ResponseReturnValue:
    """Another name, other roles, another unit."""
    return _try(
        name,
        lambda: accounts.change_account(name, **_sound(), actor=here().username, now=now()),
        say(N_("改好了。多给了角色的，本人要重新登录。")),
    )


@blueprint.post("/people/<name>/disable")
@door("administrator")
def disable_person(name: str) -> ResponseReturnValue:
    """Nobody comes in with this account; who is in goes out."""
    return _try(
        name,
        lambda: accounts.disable_account(name, actor=here().username, now=now()),
        say(N_("已停用，他的登录已全部退出。")),
    )


@blueprint.post("/people/<name>/enable")
@door("administrator")
def enable_person(name: str) -> ResponseReturnValue:
    """Let the account in again."""
    return _try(
        name,
        lambda: accounts.enable_account(name, actor=here().username, now=now()),
        say(N_("已启用。忘了密码的再按“重置”。")),
    )


@blueprint.post("/people/<name>/reset")
@door("administrator")
def reset_person(name: str) -> ResponseReturnValue:
    """A new start password, shown once; the second factor is gone and all sign-ins end."""
    start = passwords.start_password()
    hashed = passwords.hash_password(start)
    try:
        credentials.reset_account(name, hashed, key=keys().session, actor=here().username, now=now())
    except Refusal as refusal:
        problem, status = because(refusal)
        return _page_of(name, problem), status
    return render_template("account/start_password.html", account=accounts.get_account(name), start=start)


@blueprint.post("/people/<name>/hand-over")
@door("administrator")
def hand_over(name: str) -> ResponseReturnValue:
    """Unit and roles go to a successor; this account is disabled."""
    successor = request.form.get("successor", "")
    return _try(
        name,
        lambda: accounts.hand_over(name, successor=successor, actor=here().username, now=now()),
        say(N_("已移交，原来的账号停用了。")),
    )


def _try(name: str, change: Callable[[], None], message: str) -> ResponseReturnValue:
    """Do it and say so; or say on the same page why not."""
    accounts.get_account(name)
    try:
        change()
    except Refusal as refusal:
        problem, status = because(refusal)
        return _page_of(name, problem), status
    return done(message, "account.one_person", name=name)


def _told() -> Told:
    """Name, roles and unit as the form tells them."""
    form = request.form
    return {"name": form.get("name", ""), "roles": form.getlist("roles"), "unit_slug": form.get("unit", "").strip()}


def _sound() -> Told:
    """The same, once the unit is one of ours. Raises UnitUnknown."""
    told = _told()
    require_unit(settings().pages, told["unit_slug"])
    return told


def _page_of(name: str, problem: str = "") -> str:
    account = accounts.get_account(name)
    note_look("account.seen", account.username)
    typed = _typed() if problem and "roles" in request.form else _as_it_is(account)
    others = [other for other in accounts.list_accounts() if other.active and other.username != account.username]
    return render_template(
        "account/person.html",
        account=account,
        typed=typed,
        problem=problem,
        others=others,
        role_words=_role_words(account),
        unit_words=_unit_words(account),
        **_choices(),
    )


def _new_page(problem: str = "") -> str:
    return render_template("account/add.html", typed=_typed(), problem=problem, **_choices())


def _typed() -> dict[str, object]:
    return {**_told(), "username": request.form.get("username", "")}


def _as_it_is(account: Listed) -> dict[str, object]:
    return {"name": account.name, "roles": account.roles, "unit_slug": account.unit_slug}


def _choices() -> dict[str, object]:
    return {"roles": [(code, say(words)) for code, words in ROLES.items()], "units": list_units(settings().pages)}


def _local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings().timezone)).date()


def _role_words(account: Listed) -> str:
    return "、".join(say(words) for code, words in ROLES.items() if code in account.roles)


def _unit_words(account: Listed) -> str:
    return title_of(account.unit_slug) if account.unit_slug else ""


def _has_words(account: Listed, typed: str) -> bool:
    known = "\n".join((account.username, account.name, account.unit_slug, _unit_words(account))).lower()
    return all(word in known for word in typed.lower().split())


def _state(account: Listed) -> str:
    if not account.active:
        return OFF
    if account.must_change_password:
        return START
    return BOTH if account.has_second_factor else ALONE


OFF, START, BOTH, ALONE = "off", "start", "both", "alone"
STATES = {
    OFF: (N_("已停用"), "bad"),
    START: (N_("还没改起始密码"), "warn"),
    BOTH: (N_("有第二步验证"), "good"),
    ALONE: (N_("只有密码"), ""),
}
PEOPLE = List(
    title=N_("账号"),
    empty=N_("还没有账号。请新建第一个。"),
    columns=(
        Column(
            "name",
            N_("姓名"),
            lambda account: account.name,
            href=lambda account: url_for("account.one_person", name=account.username),
            key=lambda account: account.name.encode("gb18030"),  # its common characters stand in the order of pinyin
        ),
        Column("username", N_("用户名"), lambda account: account.username),
        Column("unit", N_("单位"), _unit_words),
        Column("roles", N_("角色"), _role_words),
        Column("state", N_("情况"), lambda one: STATES[_state(one)][0], tag=lambda one: STATES[_state(one)][1]),
        Column(
            "signed_in",
            N_("上次登录"),
            lambda one: _local_day(one.signed_in_at) if one.signed_in_at else N_("从未"),
            key=lambda one: one.signed_in_at,
        ),
    ),
    filters=(
        lists.words("q", N_("用户名、姓名或单位"), _has_words),
        lists.choice("role", N_("角色"), ROLES.items(), lambda account, role: role in account.roles),
        lists.choice(
            "state",
            N_("情况"),
            ((code, words) for code, (words, _look) in STATES.items()),
            lambda one, s: _state(one) == s,
        ),
    ),
)
