"""Commands of the operator: accounts, where no administrator can be reached."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from survey_app.account.units import require_unit
from survey_app.cli.language import _
from survey_app.cli.run import SaysWhy, load_with_database, operator, show
from survey_app.config import Settings, load_keys
from survey_app.domain import passwords
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import ROLES
from survey_app.store import accounts, credentials


class NoPassword(Refusal):
    code, status = "no-password", 422
    message = N_("标准输入里没有密码。用法：… --password-stdin < 文件，文件第一行是密码。")


@click.group(name="user", cls=SaysWhy, help=_("账号：新建、停用、启用、重置、列出。平常由系统管理员在网页上做。"))
def user_group() -> None: ...


_stdin = click.option(
    "--password-stdin", is_flag=True, help=_("从标准输入读起始密码，不打印。不写就随机给一个，只打印一次。")
)


@user_group.command(help=_("新建账号。例：pingyi user add zhoujing --name 周静 --role unit_editor --unit budongchan"))
@click.argument("username")
@click.option("--name", required=True, help=_("姓名。"))
@click.option("--role", "roles", multiple=True, required=True, help=_("角色，可以写几个：") + "、".join(ROLES))
@click.option("--unit", "unit_slug", default="", help=_("单位代号；单位编辑、单位负责人和办件人必须写。"))
@_stdin
def add(username: str, name: str, roles: tuple[str, ...], unit_slug: str, password_stdin: bool) -> None:
    settings = load_with_database()
    require_unit(settings.pages, unit_slug)
    start = _start_password(password_stdin, username, name)
    account = accounts.add_account(
        username=username,
        name=name,
        roles=roles,
        unit_slug=unit_slug,
        password_hash=passwords.hash_password(start),
        actor=operator(),
        now=_now(),
    )
    click.echo(fill(_("已建账号%(username)s。"), {"username": account.username}))
    _say_password(start, password_stdin)


@user_group.command(help=_("停用账号，退出他的全部登录。例：pingyi user disable zhoujing"))
@click.argument("username")
def disable(username: str) -> None:
    load_with_database()
    accounts.disable_account(username, actor=operator(), now=_now())
    click.echo(fill(_("已停用%(username)s。"), {"username": username}))


@user_group.command(help=_("启用停用了的账号。例：pingyi user enable zhoujing"))
@click.argument("username")
def enable(username: str) -> None:
    load_with_database()
    accounts.enable_account(username, actor=operator(), now=_now())
    click.echo(fill(_("已启用%(username)s。"), {"username": username}))


@user_group.command(help=_("重置账号：新的起始密码，取消第二步验证，退出全部登录。例：pingyi user reset zhoujing"))
@click.argument("username")
@_stdin
def reset(username: str, password_stdin: bool) -> None:
    settings = load_with_database()
    account = accounts.get_account(username)
    start = _start_password(password_stdin, account.username, account.name)
    reset_to(settings, account.username, start, actor=operator(), now=_now())
    click.echo(fill(_("已重置%(username)s。"), {"username": account.username}))
    _say_password(start, password_stdin)


@user_group.command(name="list", help=_("列出账号。例：pingyi user list --json"))
@click.option("--search", default="", help=_("用户名、姓名或单位代号里有的字。"))
@click.option("--json", "as_json", is_flag=True, help=_("给程序读的格式。"))
def list_(search: str, as_json: bool) -> None:
    load_with_database()
    rows = [asdict(account) | {"roles": sorted(account.roles)} for account in accounts.list_accounts(search)]
    if not rows and not as_json:
        click.echo(_("没有账号。用 pingyi user add 建第一个系统管理员。"))
    show(rows, as_json, _line)


def reset_to(settings: Settings, username: str, password: str, *, actor: str, now: datetime) -> None:
    """Set a start password for an account that exists."""
    key = load_keys(settings.keys).session
    credentials.reset_account(username, passwords.hash_password(password), key=key, actor=actor, now=now)


def _start_password(from_stdin: bool, username: str, name: str) -> str:
    if not from_stdin:
        return passwords.start_password()
    typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise NoPassword
    return passwords.parse_password(typed, username=username, name=name)


def _say_password(start: str, from_stdin: bool) -> None:
    if not from_stdin:
        click.echo(fill(_("起始密码：%(start)s"), {"start": start}))
        click.echo(_("只显示这一次。请当面交给本人；第一次登录时必须换掉。"))


def _line(row: dict[str, Any]) -> str:
    words = "、".join(_(ROLES[code]) for code in ROLES if code in row["roles"])
    state = _("可以登录") if row["active"] else _("已停用")
    return "　".join(part for part in (row["username"], row["name"], words, row["unit_slug"], state) if part)


def _now() -> datetime:
    return datetime.now(UTC)
