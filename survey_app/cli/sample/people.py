"""People of the demonstration: one for each desk there is, with a password that is new at every start."""

from dataclasses import dataclass
from datetime import UTC, datetime

from survey_app.account.units import list_units
from survey_app.config import Keys, Settings
from survey_app.domain import passwords
from survey_app.domain.errors import N_
from survey_app.domain.roles import (
    ADMINISTRATOR,
    AUDITOR,
    CASE_HANDLER,
    DISCIPLINE_OFFICER,
    ENTRY_CLERK,
    INSPECTOR,
    INTERVIEWER,
    ISSUER,
    PUBLICITY,
    REVIEWER,
    ROUND_OFFICER,
    UNIT_EDITOR,
    UNIT_HEAD,
)
from survey_app.store import accounts, credentials

ACTOR = "cli:demo"
FIRST_UNIT, SECOND_UNIT = "budongchan", "shebao"
CAST = (
    ("demo-zhou", N_("周静（示例）"), UNIT_EDITOR, FIRST_UNIT),
    ("demo-wu", N_("吴敏（示例）"), UNIT_EDITOR, SECOND_UNIT),
    ("demo-li", N_("李明（示例）"), PUBLICITY, ""),
    ("demo-sun", N_("孙发（示例）"), ISSUER, ""),
    ("demo-he", N_("何方（示例）"), ENTRY_CLERK, ""),
    ("demo-xu", N_("徐兰（示例）"), ENTRY_CLERK, ""),
    ("demo-shen", N_("沈立（示例）"), REVIEWER, ""),
    ("demo-tang", N_("唐宁（示例）"), INTERVIEWER, ""),
    ("demo-ji", N_("纪明（示例）"), DISCIPLINE_OFFICER, ""),
    ("demo-lu", N_("陆平（示例）"), DISCIPLINE_OFFICER, ""),
    ("demo-guan", N_("管宁（示例）"), ROUND_OFFICER, ""),
    ("demo-guo", N_("郭察（示例）"), INSPECTOR, ""),
    ("demo-qin", N_("秦主任（示例）"), UNIT_HEAD, FIRST_UNIT),
    ("demo-fang", N_("方主任（示例）"), UNIT_HEAD, SECOND_UNIT),
    ("demo-kong", N_("孔办（示例）"), CASE_HANDLER, FIRST_UNIT),
    ("demo-jian", N_("简督（示例）"), AUDITOR, ""),
    ("demo-admin", N_("系统管理员（示例）"), ADMINISTRATOR, ""),
)


@dataclass(frozen=True)
class Player:
    """Somebody a newcomer can be."""

    username: str
    password: str
    role: str
    unit_slug: str


def prepare_people(settings: Settings, keys: Keys) -> list[Player]:
    """Make the accounts that are absent; give all of them fresh passwords and the roles they had."""
    known = [slug for slug, _title in list_units(settings.pages)]
    return [_play(part, known, keys) for part in CAST]


def _play(part: tuple[str, str, str, str], known: list[str], keys: Keys) -> Player:
    username, name, role, wanted = part
    unit = wanted if wanted in known or not wanted else known[0]
    password, now = passwords.start_password(), datetime.now(UTC)
    hashed = passwords.hash_password(password)
    if credentials.by_username(username) is None:
        accounts.add_account(
            username=username, name=name, roles=[role], unit_slug=unit, password_hash=hashed, actor=ACTOR, now=now
        )
    accounts.change_account(username, name=name, roles=[role], unit_slug=unit, actor=ACTOR, now=now)
    accounts.enable_account(username, actor=ACTOR, now=now)
    credentials.reset_account(username, hashed, key=keys.session, actor=ACTOR, now=now, must_change_password=False)
    return Player(username, password, role, unit)
