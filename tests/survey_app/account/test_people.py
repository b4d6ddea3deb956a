"""The administrator's list: making, changing, handing over and ending accounts."""

import re
from dataclasses import replace

import pytest

from survey_app.account import people
from survey_app.store import accounts, audit, credentials
from survey_app.store.database import database
from tests.accounts import make_account
from tests.survey_app.account.conftest import Desk

NEW = {"username": "wangfang", "name": "王芳", "roles": ["unit_editor"], "unit": "tax"}


def start_on(page):
    return re.search(r'class="p-secret">([0-9A-Z-]{19})<', page)[1]


@pytest.fixture
def admin(signed_in, clock):
    """An administrator at work; people of other units stand in the list."""
    for number in range(3):
        make_account(clock, f"noise-{number:02}", "unit_editor", unit="noise")
    return signed_in("administrator", username="boss")


def test_a_new_person_gets_a_start_password_that_works_once_and_must_be_changed(admin, app):
    page = admin.post("/account/people/new", data=NEW)
    start, desk = start_on(page.text), Desk(app)
    desk.sign_in("wangfang", start)

    assert start not in admin.get("/account/people/wangfang").text
    assert desk.get("/account/").location == "/account/password"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "王芳"}, "小写字母"),
        ({"username": "a"}, "小写字母"),
        ({"username": "a b"}, "小写字母"),
        ({"username": "boss"}, "已经有人用"),
        ({"username": "BOSS"}, "已经有人用"),
        ({"name": "  "}, "请写姓名"),
        ({"name": "王" * 41}, "请写姓名"),
        ({"name": "王\u202e芳"}, "请写姓名"),
        ({"roles": []}, "至少要给一种角色"),
        ({"roles": ["emperor"]}, "没有这种角色"),
        ({"unit": ""}, "要写明是哪个单位"),
        ({"unit": "nowhere"}, "没有代号为nowhere的单位"),
        ({"unit": "../units/tax"}, "没有代号为"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_what_was_typed_stays(admin, change, words):
    sent = {**NEW, **change}
    before = accounts.count_accounts()
    answer = admin.post("/account/people/new", data=sent)

    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert accounts.count_accounts() == before
    assert 'value="inspector"' in answer.text


@pytest.mark.parametrize("name", ["𠮷野家", "欧阳·娜", "<b>王芳</b>", 'O\'Neil & "Sons"', "=1+1"])
def test_names_are_kept_and_shown_exactly_and_never_become_markup(admin, name):
    admin.post("/account/people/new", data={**NEW, "name": name})

    assert accounts.get_account("wangfang").name == name
    assert "<b>王芳" not in admin.get("/account/people/wangfang").text


def test_people_are_found_by_name_username_and_unit(admin, monkeypatch):
    monkeypatch.setattr(people, "PEOPLE", replace(people.PEOPLE, a_page=2))
    admin.post("/account/people/new", data=NEW)

    assert "账号（1）" in admin.get("/account/people/?q=王芳").text
    assert "账号（1）" in admin.get("/account/people/?q=wangf").text
    assert "账号（3）" in admin.get("/account/people/?q=noise").text
    assert "账号（0）" in admin.get("/account/people/?q=%25").text
    assert "noise-02" in admin.get("/account/people/?q=noise&page=2").text


def test_disabling_throws_the_person_out_and_enabling_lets_them_in_again(admin, signed_in):
    zhou = signed_in("unit_editor", username="zhou")
    assert zhou.get("/account/").status_code == 200
    admin.post("/account/people/zhou/disable")
    assert zhou.get("/account/").status_code == 303
    admin.post("/account/people/zhou/enable")

    assert signed_in("unit_editor", username="zhou").get("/account/").status_code == 200


def test_more_roles_count_after_signing_in_again(admin, signed_in):
    """A session begun with a password alone must not grow into one that asks for a second factor."""
    zhou = signed_in("unit_editor", username="zhou")
    admin.post("/account/people/zhou/change", data={"name": "周静", "roles": ["auditor"], "unit": ""})

    assert "/account/login" in zhou.get("/account/events/").location
    assert signed_in("auditor", username="zhou").get("/account/events/").status_code == 200
    assert accounts.get_account("zhou").roles == {"auditor"}
    [event] = audit.list_events(audit.Wanted(action="account.change"))
    assert event.actor == "boss"
    assert event.detail["before"] == {"name": "zhou（试）", "roles": ["unit_editor"], "unit": "tax"}


def test_a_reset_gives_a_new_start_password_and_throws_the_person_out(admin, signed_in, app):
    zhou = signed_in("unit_editor", username="zhou")
    start = start_on(admin.post("/account/people/zhou/reset").text)
    desk = Desk(app)
    desk.sign_in("zhou", start)

    assert zhou.get("/account/").status_code == 303
    assert desk.get("/account/").location == "/account/password"


def test_handing_over_gives_unit_and_roles_to_the_successor_and_ends_the_old_account(admin, clock, signed_in):
    make_account(clock, "old", "unit_editor", unit="tax")
    successor = signed_in("inspector", username="new")
    admin.post("/account/people/old/hand-over", data={"successor": "new"})
    old, new = accounts.get_account("old"), accounts.get_account("new")

    assert successor.get("/account/").status_code == 303
    assert (old.active, old.roles) == (False, frozenset())
    assert (new.unit_slug, new.roles) == ("tax", {"unit_editor", "inspector"})


@pytest.mark.parametrize("successor", ["old", "water-editor", "gone", "nobody", ""])
def test_handing_over_to_oneself_another_unit_the_disabled_or_nobody_changes_nothing(admin, clock, successor):
    make_account(clock, "old", "unit_editor", unit="tax")
    make_account(clock, "water-editor", "unit_editor", unit="water")
    make_account(clock, "gone", "inspector")
    accounts.disable_account("gone", actor="test", now=clock())
    answer = admin.post("/account/people/old/hand-over", data={"successor": successor})

    assert answer.status_code in (404, 409, 422)
    assert accounts.get_account("old").roles == {"unit_editor"}
    assert accounts.get_account("old").active


@pytest.mark.parametrize("how", ["disable", "change"])
def test_the_last_administrator_cannot_be_taken_away(admin, clock, how):
    make_account(clock, "asleep", "administrator")
    accounts.disable_account("asleep", actor="test", now=clock())
    answer = admin.post(f"/account/people/boss/{how}", data={"name": "x", "roles": ["inspector"], "unit": ""})

    assert answer.status_code == 409
    assert "最后一个能用的系统管理员" in answer.text
    assert accounts.get_account("boss").active
    make_account(clock, "second", "administrator")
    assert admin.post("/account/people/boss/disable").status_code == 303


def test_an_account_nobody_has_is_not_found(admin):
    for address in ("/account/people/nobody", "/account/people/%3Cscript%3E"):
        answer = admin.get(address)
        assert answer.status_code == 404
        assert "<script>" not in answer.text
    assert admin.post("/account/people/nobody/reset").status_code == 404


def test_every_change_of_an_account_leaves_an_event_with_who_did_it(admin, signed_in, clock, keys):
    admin.post("/account/people/new", data=NEW)
    admin.post("/account/people/new", data={**NEW, "username": "next-one"})
    admin.post("/account/people/wangfang/reset")
    admin.post("/account/people/wangfang/disable")
    admin.post("/account/people/wangfang/enable")
    admin.post("/account/people/wangfang/hand-over", data={"successor": "next-one"})
    events = audit.list_events(audit.Wanted(actor="boss"))

    assert [event.action for event in reversed(events)] == [
        "account.add",
        "account.add",
        "account.reset",
        "account.disable",
        "account.enable",
        "account.handover",
    ]
    assert audit.verify() == []
    assert credentials.by_username("wangfang").password not in repr(events)


def test_the_auditor_reads_the_list_and_changes_nothing(admin, signed_in):
    auditor = signed_in("auditor", username="watch")
    admin.post("/account/people/new", data=NEW)
    page = auditor.get("/account/events/?actor=boss").text

    assert "新建账号" in page
    assert "首尾相连" in auditor.get("/account/events/?check=1").text
    assert "只能看，不能改" in auditor.get("/account/people/").text
    assert auditor.post("/account/people/wangfang/disable").status_code == 403


def test_events_are_filtered_by_what_and_day(admin, clock):
    clock.later(days=2)
    make_account(clock, "late", "inspector")
    wanted = audit.Wanted(action="account", since=clock.today)

    assert [event.subject for event in audit.list_events(wanted)] == ["late"]
    assert audit.count_events(audit.Wanted(until=clock.today)) == 5
    assert audit.list_events(audit.Wanted(action="acc")) == []


def test_the_table_of_events_opens_in_a_spreadsheet_without_computing_anything(admin, clock):
    make_account(clock, "evil", "inspector", name="=HYPERLINK(1)")
    with_formula = audit.Wanted(subject="evil")
    assert audit.count_events(with_formula) == 1
    answer = admin.get("/account/events.csv?subject=evil")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeffnumber,at_utc,actor,action,subject,detail")
    [line] = answer.text.splitlines()[1:]
    assert not re.search(r'(^|,)"?[=+@-]', line)


def test_a_list_somebody_has_tampered_with_says_so_and_where(signed_in, clock):
    auditor = signed_in("auditor", username="watch")
    make_account(clock, "zhou", "inspector")
    database.execute_sql("DROP TRIGGER audit_event_no_update")
    database.execute_sql("UPDATE audit_event SET subject = 'someone' WHERE number = 2")
    page = auditor.get("/account/events/?check=1").text

    assert "记录被动过" in page
    assert "第2条" in page
