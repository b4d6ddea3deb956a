"""Roles: what a person may be in the portal. An account has one or several; doors ask for them."""

from collections.abc import Collection, Mapping
from itertools import combinations

from survey_app.domain.errors import N_, Refusal

UNIT_EDITOR, UNIT_HEAD, PUBLICITY, AUDITOR, ADMINISTRATOR = (
    "unit_editor",
    "unit_head",
    "publicity",
    "auditor",
    "administrator",
)
ISSUER, ROUND_OFFICER, REVIEWER, ENTRY_CLERK, INTERVIEWER = (
    "issuer",
    "round_officer",
    "reviewer",
    "entry_clerk",
    "interviewer",
)
CASE_HANDLER, DISCIPLINE_OFFICER, INSPECTOR = "case_handler", "discipline_officer", "inspector"

ROLES: Mapping[str, str] = {
    UNIT_EDITOR: N_("单位编辑"),
    UNIT_HEAD: N_("单位负责人"),
    PUBLICITY: N_("政务公开办公室"),
    ISSUER: N_("发码人"),
    ROUND_OFFICER: N_("评议专员"),
    REVIEWER: N_("审核人"),
    ENTRY_CLERK: N_("录入员"),
    INTERVIEWER: N_("访员"),
    CASE_HANDLER: N_("办件人"),
    DISCIPLINE_OFFICER: N_("纪检人员"),
    INSPECTOR: N_("督查员"),
    AUDITOR: N_("审计监督员"),
    ADMINISTRATOR: N_("系统管理员"),
}

# They decide what the public reads, who may write it, how a round runs and what counts in it: a stolen password alone
# must not be enough.
NEEDS_SECOND_FACTOR = frozenset({PUBLICITY, ADMINISTRATOR, ROUND_OFFICER, ISSUER, REVIEWER, DISCIPLINE_OFFICER})
# Whoever only watches, and whoever only lets people in, does nothing else.
ALONE = frozenset({AUDITOR, ADMINISTRATOR})
# Whoever runs a round must not hold its codes: together they could vote in anybody's name.
APART = (frozenset({ISSUER, ROUND_OFFICER}),)
OF_A_UNIT = frozenset({UNIT_EDITOR, UNIT_HEAD, CASE_HANDLER})


class RoleUnknown(Refusal):
    code, status = "role-unknown", 422
    message = N_("没有这种角色：%(role)s。可以用：%(known)s。")


class UnitMissing(Refusal):
    code, status = "role-unit", 422
    message = N_("单位编辑、单位负责人和办件人要写明是哪个单位。")


class RolesMissing(Refusal):
    code, status = "role-none", 422
    message = N_("至少要给一种角色，否则登录后什么也做不了。")


class RolesApart(Refusal):
    code, status = "roles-apart", 422
    message = N_("%(one)s和%(other)s不能是同一个账号：开展评议的不发码，监督的和管账号的不做业务。请另建一个账号。")


def require_roles(roles: Collection[str], unit_slug: str) -> frozenset[str]:
    """The roles, once they are known and fit the unit and one another.

    Raises RolesMissing, RoleUnknown, UnitMissing, RolesApart.
    """
    if not roles:
        raise RolesMissing
    for role in roles:
        if role not in ROLES:
            raise RoleUnknown(role=role, known="、".join(ROLES))
    if OF_A_UNIT & set(roles) and not unit_slug:
        raise UnitMissing
    require_apart(roles)
    return frozenset(roles)


def require_apart(roles: Collection[str]) -> None:
    """Duties that one person must not join stand in different accounts. Raises RolesApart, naming the first pair."""
    held = [role for role in ROLES if role in roles]
    for one, other in combinations(held, 2):
        if frozenset({one, other}) in APART or ALONE & {one, other}:
            raise RolesApart(one=ROLES[one], other=ROLES[other])


def needs_second_factor(roles: Collection[str]) -> bool:
    """Whether a person with these roles proves at sign-in that they hold a second thing."""
    return bool(NEEDS_SECOND_FACTOR & set(roles))
