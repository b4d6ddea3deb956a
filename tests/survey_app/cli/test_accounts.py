"""The operator at the command line: accounts, and whether the list of what was done is whole."""

import json
import re
import sqlite3
from datetime import date

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.domain import passwords
from survey_app.domain.roles import ROLES
from survey_app.publishing.auditheads import FILE, publish_head
from survey_app.store import accounts, audit, credentials
from survey_app.store.database import close_database
from tests.accounts import make_account


@pytest.fixture
def pingyi(settings, store, monkeypatch):
    """Run a command on this test's portal."""
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))

    def run(*arguments, code=0, typed=None):
        done = CliRunner().invoke(main, [str(a) for a in arguments], input=typed)
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


def test_the_first_administrator_is_made_at_the_server_with_a_password_shown_once(pingyi):
    said = pingyi("user", "add", "Boss", "--name", "郭强", "--role", "administrator")
    [start] = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", said)

    assert passwords.matches(credentials.by_username("boss").password, start)
    assert credentials.by_username("boss").must_change_password
    assert start not in pingyi("user", "list", "--json")


def test_a_password_can_come_from_standard_input_and_is_not_repeated(pingyi):
    said = pingyi("user", "add", "boss", "--name", "郭强", "--role", "administrator", "--password-stdin",
                  typed="一句很长很长很长的话\n")  # fmt: skip

    assert "一句" not in said
    assert passwords.matches(credentials.by_username("boss").password, "一句很长很长很长的话")


@pytest.mark.parametrize(("typed", "words"), [("", "没有密码"), ("\n", "没有密码"), ("short\n", "至少10个字符")])
def test_a_bad_password_from_standard_input_makes_no_account(pingyi, typed, words):
    said = pingyi("user", "add", "boss", "--name", "郭", "--role", "administrator", "--password-stdin",
                  typed=typed, code=2)  # fmt: skip

    assert words in said
    assert accounts.list_accounts() == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("zhou", "--name", "周", "--role", "emperor"), 2, "没有这种角色"),
        (("zhou", "--name", "周", "--role", "unit_editor"), 2, "哪个单位"),
        (("zhou", "--name", "周", "--role", "unit_editor", "--unit", "nowhere"), 2, "nowhere"),
        (("周静", "--name", "周", "--role", "inspector"), 2, "小写字母"),
        (("noise", "--name", "周", "--role", "inspector"), 1, "已经有人用"),
    ],
)
def test_what_is_wrong_is_said_and_no_account_is_made(pingyi, clock, arguments, code, words):
    make_account(clock, "noise", "inspector")

    assert words in pingyi("user", "add", *arguments, code=code)
    assert accounts.count_accounts() == 1


def test_disabling_enabling_and_resetting(pingyi, clock):
    make_account(clock, "zhou", "unit_editor", unit="tax")
    make_account(clock, "noise", "unit_editor", unit="noise")
    before = credentials.by_username("zhou").fs_uniquifier
    pingyi("user", "disable", "zhou")
    assert not accounts.get_account("zhou").active
    pingyi("user", "enable", "zhou")
    assert accounts.get_account("zhou").active
    said = pingyi("user", "reset", "zhou")

    assert re.search(r"起始密码：\S{19}", said)
    assert credentials.by_username("zhou").fs_uniquifier != before
    assert accounts.get_account("noise").active


def test_the_last_administrator_cannot_be_disabled(pingyi, clock):
    make_account(clock, "boss", "administrator")

    assert "最后一个能用的系统管理员" in pingyi("user", "disable", "boss", code=1)
    assert "没有这个账号" in pingyi("user", "disable", "nobody", code=2)


def test_the_list_is_for_people_and_for_programs(pingyi, clock):
    assert "pingyi user add" in pingyi("user", "list")
    make_account(clock, "zhou", "unit_editor", unit="tax")
    make_account(clock, "noise", "inspector")
    [row] = json.loads(pingyi("user", "list", "--search", "zhou", "--json"))

    assert "zhou　zhou（试）　单位编辑　tax　可以登录" in pingyi("user", "list")
    assert (row["username"], row["roles"], row["unit_slug"], row["active"]) == ("zhou", ["unit_editor"], "tax", True)
    assert "password" not in row


def test_a_whole_list_of_events_is_said_to_be_whole_with_a_head_to_note_down(pingyi, clock):
    assert "还没有操作记录" in pingyi("audit", "verify")
    make_account(clock, "zhou", "inspector")
    noted = pingyi("audit", "verify").splitlines()[-1]
    make_account(clock, "wu", "inspector")

    assert noted == f"1:{audit.digest_of(1).hex()}"
    assert "共2条" in pingyi("audit", "verify", "--expect", noted)
    assert "整段重写" in pingyi("audit", "verify", "--expect", f"1:{'0' * 64}", code=1)
    assert "整段重写" in pingyi("audit", "verify", "--expect", f"9:{'0' * 64}", code=1)
    assert "--expect" in pingyi("audit", "verify", "--expect", "nonsense", code=2)


def test_the_log_is_compared_with_the_heads_on_the_site(pingyi, clock, settings):
    make_account(clock, "zhou", "inspector")
    publish_head(settings.pages, date(2026, 11, 3), audit.head())
    make_account(clock, "noise", "inspector")
    publish_head(settings.pages, date(2026, 11, 10), audit.head())

    said = pingyi("audit", "verify").splitlines()
    assert said[0] == "和网站上公布的2个每周摘要一致。"
    assert said[-1].startswith("2:")
    file = settings.pages / FILE
    file.write_text(file.read_text().replace("2026-W45,1,", "2026-W45,2,"))
    assert "2026-W45公布的第2条摘要和现在的不一样" in pingyi("audit", "verify", code=1)
    file.write_text("week,number,sha256\nnonsense\n")
    assert "第2行不是" in pingyi("audit", "verify", code=2)


def test_an_event_changed_in_the_file_ends_with_exit_code_1_and_its_number(pingyi, settings, clock):
    for name in ("zhou", "wu", "li"):
        make_account(clock, name, "inspector")
    close_database()
    with sqlite3.connect(settings.database) as file:
        file.execute("DROP TRIGGER audit_event_no_update")
        file.execute("UPDATE audit_event SET actor = 'nobody' WHERE number = 2")
    file.close()

    assert "第2条" in pingyi("audit", "verify", code=1)


def test_events_can_be_read_by_a_program_and_filtered(pingyi, clock):
    make_account(clock, "zhou", "inspector")
    make_account(clock, "wu", "inspector")
    pingyi("user", "disable", "wu")
    rows = json.loads(pingyi("audit", "list", "--action", "account.add", "--json"))
    [disabled] = json.loads(pingyi("audit", "list", "--action", "account.disable", "--json"))

    assert [row["subject"] for row in rows] == ["wu", "zhou"]
    assert disabled["actor"].startswith("cli:")
    assert "新建账号" in pingyi("audit", "list", "--since", "2026-11-03", "--until", "2026-11-03")
    assert pingyi("audit", "list", "--until", "2026-11-02") == ""


def test_an_older_portal_gets_the_secrets_that_came_later_and_keeps_its_own(settings):
    from survey_app.config import KEY_FILES, load_keys, make_later_keys

    before = load_keys(settings.keys)
    for name in ("session.key", "factor.key", "everyday.key"):
        (settings.keys / name).unlink()
    make_later_keys(settings.keys)
    after = load_keys(settings.keys)

    assert (after.admit, after.receipt) == (before.admit, before.receipt)
    fresh = {after.session, after.factor, after.everyday}
    assert len(fresh | {before.session, before.factor, before.everyday}) == 6
    assert {(settings.keys / name).stat().st_mode & 0o777 for name in KEY_FILES} == {0o600}


def test_the_demo_makes_its_people_anew_with_other_passwords(settings, store, keys):
    from survey_app.cli.sample.people import prepare_people

    first, second = prepare_people(settings, keys), prepare_people(settings, keys)

    assert {p.role for p in first} == set(ROLES)  # somebody for every desk there is
    assert {p.username for p in first} == {p.username for p in second}
    assert not {p.password for p in first} & {p.password for p in second}
    for player in second:
        row = credentials.by_username(player.username)
        assert passwords.matches(row.password, player.password)
        assert not row.must_change_password
