"""Accounts: who they are, what they may do, and whether they may still come in. Every change is an audit event."""

import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_security.datastore import PeeweeUserDatastore
from peewee import fn

from survey_app.domain import roles as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.store import audit
from survey_app.store.database import database, write
from survey_app.store.models import Account, AccountRole, Role

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
LONGEST_NAME = 40


class UsernameWrong(Refusal):
    code, status = "username", 422
    message = N_("用户名2到32位，用小写字母、数字、点、短横，字母或数字开头。")


class NameMissing(Refusal):
    code, status = "name", 422
    message = N_("请写姓名，最多40个字。")


class AccountExists(Refusal):
    code, status = "account-exists", 409
    message = N_("用户名%(username)s已经有人用，请换一个。")


class AccountUnknown(Refusal):
    code, status = "account-unknown", 404
    message = N_("没有这个账号：%(username)s。")


class LastAdministrator(Refusal):
    code, status = "last-administrator", 409
    message = N_("%(username)s是最后一个能用的系统管理员。请先给另一个人系统管理员的角色。")


class SuccessorBusy(Refusal):
    code, status = "successor", 409
    message = N_("接手人%(username)s已停用或属于另一个单位，没有移交。请先改好接手人的账号，或另建一个。")


class SameAccount(Refusal):
    code, status = "same-account", 422
    message = N_("接手人不能是本人。")


@dataclass(frozen=True)
class Listed:
    """An account as lists and pages show it; no hash, no secret."""

    username: str
    name: str
    unit_slug: str
    roles: frozenset[str]
    active: bool
    must_change_password: bool
    has_second_factor: bool
    created_at: datetime
    signed_in_at: datetime | None


class Datastore(PeeweeUserDatastore):
    """What Flask-Security asks: who has this session, and please keep this change."""

    def __init__(self) -> None:
        super().__init__(database, Account, Role, AccountRole)

    def put(self, model):
        """Keep a change, in a transaction of its own."""
        with write():
            return super().put(model)


def fold_username(typed: str) -> str:
    """The username as kept: half-width, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def add_account(
    *,
    username: str,
    name: str,
    roles: Collection[str],
    unit_slug: str = "",
    password_hash: str,
    actor: str,
    now: datetime,
    must_change_password: bool = True,
) -> Listed:
    """Make an account. Raises UsernameWrong, NameMissing, AccountExists and the refusals of `require_roles`."""
    username, name, roles = fold_username(username), _name(name), rules.require_roles(roles, unit_slug)
    if not _USERNAME.fullmatch(username):
        raise UsernameWrong
    with write():
        if Account.get_or_none(username=username):
            raise AccountExists(username=username)
        row = Account.create(
            username=username,
            name=name,
            unit_slug=unit_slug,
            password=password_hash,
            must_change_password=must_change_password,
            fs_uniquifier=uuid.uuid4().hex,
            created_at=_utc(now),
        )
        _set_roles(row, roles)
        detail = {"name": name, "roles": sorted(roles), "unit": unit_slug}
        audit.record(actor=actor, action="account.add", subject=username, detail=detail, now=now)
    return get_account(username)


def get_account(username: str) -> Listed:
    """The account by its username. Raises AccountUnknown."""
    return _shown(find_row(username))


def list_accounts(search: str = "", *, limit: int | None = None, offset: int = 0) -> list[Listed]:
    """Accounts whose username, name or unit contains `search`; those that may come in first."""
    rows = _found(search).order_by(Account.active.desc(), Account.username).offset(offset)
    held: dict[int, set[str]] = {}
    for account, role in AccountRole.select(AccountRole.account, Role.name).join(Role).tuples():
        held.setdefault(account, set()).add(role)
    rows = rows.limit(-1 if limit is None else limit)
    return [_shown(row, frozenset(held.get(row.id, ()))) for row in rows]


def count_accounts(search: str = "") -> int:
    """How many accounts `list_accounts` would give without a limit."""
    return _found(search).count()


def change_account(
    username: str, *, name: str, roles: Collection[str], unit_slug: str, actor: str, now: datetime
) -> None:
    """New name, roles, unit. Raises LastAdministrator and the refusals of `add_account`."""
    name, roles = _name(name), rules.require_roles(roles, unit_slug)
    with write():
        row = find_row(username)
        before = _shown(row)
        if rules.ADMINISTRATOR not in roles:
            _require_another_administrator(row)
        Account.update(name=name, unit_slug=unit_slug).where(Account.id == row.id).execute()
        _set_roles(row, roles)
        after: dict[str, object] = {"name": name, "roles": sorted(roles), "unit": unit_slug}
        detail = after | {"before": {"name": before.name, "roles": sorted(before.roles), "unit": before.unit_slug}}
        audit.record(actor=actor, action="account.change", subject=row.username, detail=detail, now=now)


def disable_account(username: str, *, actor: str, now: datetime) -> None:
    """Nobody comes in with it any more, and who is in goes out. Raises AccountUnknown, LastAdministrator."""
    with write():
        row = find_row(username)
        _require_another_administrator(row)
        _switch(row, False)
        audit.record(actor=actor, action="account.disable", subject=row.username, now=now)


def enable_account(username: str, *, actor: str, now: datetime) -> None:
    """Let a disabled account in again. Raises AccountUnknown."""
    with write():
        row = find_row(username)
        _switch(row, True)
        audit.record(actor=actor, action="account.enable", subject=row.username, now=now)


def hand_over(username: str, *, successor: str, actor: str, now: datetime) -> None:
    """Give unit and roles to a successor, who has an account; the account given up is disabled.

    Raises AccountUnknown, SameAccount, SuccessorBusy, RolesApart.
    """
    with write():
        old, new = find_row(username), find_row(successor)
        if old.id == new.id:
            raise SameAccount
        if not new.active or (new.unit_slug and old.unit_slug and new.unit_slug != old.unit_slug):
            raise SuccessorBusy(username=new.username)
        roles = _roles(old) | _roles(new)
        rules.require_apart(roles)
        Account.update(unit_slug=old.unit_slug or new.unit_slug).where(Account.id == new.id).execute()
        _set_roles(new, roles)
        _set_roles(old, ())
        _switch(old, False)
        detail = {"to": new.username, "roles": sorted(roles), "unit": old.unit_slug or new.unit_slug}
        audit.record(actor=actor, action="account.handover", subject=old.username, detail=detail, now=now)


def names() -> dict[str, str]:
    """The name of the person behind each username."""
    return dict(Account.select(Account.username, Account.name).tuples())


def has_role(usernames: Collection[str], role: str) -> bool:
    """Whether one of these people has this role."""
    held = AccountRole.select().join(Account).switch(AccountRole).join(Role)
    return held.where(Account.username.in_(list(usernames)), Role.name == role).exists()


def find_row(username: str) -> Account:
    """The row of an account. Raises AccountUnknown."""
    row = Account.get_or_none(username=fold_username(username))
    if row is None:
        raise AccountUnknown(username=username)
    return row


def roles_of(row: Account) -> frozenset[str]:
    """The codes of an account's roles."""
    return _roles(row)


def _found(search: str) -> Any:
    rows = Account.select()
    for word in search.split():
        rows = rows.where(
            Account.username.contains(word) | Account.name.contains(word) | Account.unit_slug.contains(word)
        )
    return rows


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NameMissing
    return name


def _roles(row: Account) -> frozenset[str]:
    joined = Role.select(Role.name).join(AccountRole).where(AccountRole.account == row.id)
    return frozenset(name for (name,) in joined.tuples())


def _set_roles(row: Account, roles: Collection[str]) -> None:
    """Threat: a session begun with a password alone gains a role that asks for more. More roles: sign in again."""
    if set(roles) - _roles(row):
        Account.update(fs_uniquifier=uuid.uuid4().hex).where(Account.id == row.id).execute()
    AccountRole.delete().where(AccountRole.account == row.id).execute()
    for name in sorted(roles):
        role, _made = Role.get_or_create(name=name)
        AccountRole.create(account=row.id, role=role.id)


def _switch(row: Account, active: bool) -> None:
    Account.update(active=active, fs_uniquifier=uuid.uuid4().hex).where(Account.id == row.id).execute()


def _require_another_administrator(row: Account) -> None:
    """Somebody must remain who can let people in. Raises LastAdministrator."""
    able = Account.select(fn.COUNT(Account.id)).join(AccountRole).join(Role)
    able = able.where(Role.name == rules.ADMINISTRATOR, Account.active)
    is_able = row.active and rules.ADMINISTRATOR in _roles(row)
    if is_able and able.where(Account.id != row.id).scalar() == 0:
        raise LastAdministrator(username=row.username)


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)


def _shown(row: Account, roles: frozenset[str] | None = None) -> Listed:
    return Listed(
        username=row.username,
        name=row.name,
        unit_slug=row.unit_slug,
        roles=_roles(row) if roles is None else roles,
        active=row.active,
        must_change_password=row.must_change_password,
        has_second_factor=bool(row.totp_secret),
        created_at=row.created_at.replace(tzinfo=UTC),
        signed_in_at=row.signed_in_at.replace(tzinfo=UTC) if row.signed_in_at else None,
    )
