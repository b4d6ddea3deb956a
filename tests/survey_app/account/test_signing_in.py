"""Signing in: what opens, what stays shut, how long it lasts, and what guessing costs."""

import re

import pytest

from survey_app.domain import passwords
from survey_app.store import accounts, audit
from survey_app.store.database import database
from tests.survey_app.account.conftest import MISTYPED, RIGHT

WRONG = "用户名或密码不对"


def test_the_right_password_opens_the_desk(person, desk):
    person("zhou", "unit_editor")
    answer = desk.sign_in("zhou")

    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert "zhou" in desk.get("/account/").text


def test_the_name_may_be_typed_with_capitals_spaces_and_full_width_signs(person, desk):
    person("zhou", "unit_editor")
    desk.sign_in(" Ｚhou ")

    assert desk.is_in()


@pytest.mark.parametrize(("username", "password"), [("zhou", "四只蓝鲸"), ("nobody", RIGHT), ("noise-1", RIGHT)])
def test_a_wrong_password_and_a_name_nobody_has_get_the_same_answer(person, desk, username, password):
    person("zhou", "unit_editor")
    page = desk.sign_in(username, password)

    assert page.status_code == 200
    assert WRONG in page.text
    assert not desk.is_in()


def test_a_name_nobody_has_costs_the_same_hash_as_a_known_one(person, desk, monkeypatch):
    person("zhou", "unit_editor")
    verified = []
    real = passwords._hasher
    spy = type("Spy", (), {"verify": lambda self, h, p: verified.append(h) or real.verify(h, p), "hash": real.hash})
    monkeypatch.setattr(passwords, "_hasher", spy())
    desk.sign_in("zhou", "wrong password")
    desk.sign_in("nobody", "wrong password")

    assert len(verified) == 2


def test_a_name_nobody_has_leaves_the_same_traces_in_the_database_as_a_known_one(person, desk):
    person("zhou", "unit_editor")
    for username in ("zhou", "nobody"):
        desk.sign_in(username, "wrong password")

    assert database.execute_sql("SELECT failed FROM sign_in_guard").fetchall() == [(1,), (1,)]
    assert not any(b"nobody" in bytes(tag) for (tag,) in database.execute_sql("SELECT name_tag FROM sign_in_guard"))


def test_a_disabled_account_stays_out_even_with_its_password(person, desk, clock):
    person("zhou", "unit_editor")
    accounts.disable_account("zhou", actor="test", now=clock())

    assert WRONG in desk.sign_in("zhou").text
    assert not desk.is_in()


def test_the_sign_in_form_without_its_token_is_refused(person, desk):
    person("zhou", "unit_editor")
    answer = desk.client.post("/account/login", data={"username": "zhou", "password": RIGHT})

    assert answer.status_code == 400
    assert not desk.is_in()


def test_after_five_wrong_tries_the_right_password_has_to_wait_and_hears_until_when(person, desk, clock):
    person("zhou", "unit_editor")
    for _ in range(4):
        assert WRONG in desk.sign_in("zhou", "wrong password").text
    fifth = desk.sign_in("zhou", "wrong password")

    assert "请在12:01以后再试" in fifth.text  # noon and 30 seconds, to the full minute after it
    assert "12:01" in desk.sign_in("zhou").text
    assert not desk.is_in()
    clock.later(seconds=31)
    desk.sign_in("zhou")
    assert desk.is_in()


def test_each_further_wrong_try_doubles_the_wait_up_to_an_hour(person, desk, clock):
    person("zhou", "unit_editor")
    for _ in range(5):
        desk.sign_in("zhou", "wrong password")
    waits = []
    for _ in range(9):
        clock.later(hours=1)
        said = desk.sign_in("zhou", "wrong password").text
        hours, minutes = re.search(r"请在(\d\d):(\d\d)以后", said).groups()
        waits.append((int(hours) * 60 + int(minutes) - clock.at.hour * 60 - 480) % 1440)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_waiting_is_the_same_for_a_name_nobody_has(person, desk):
    for _ in range(5):
        last = desk.sign_in("nobody", "wrong password")

    assert "请在12:01以后再试" in last.text
    [event] = audit.list_events(audit.Wanted(action="sign_in.slowed"))
    assert event.subject == "-"


def test_slowing_one_name_slows_no_other(person, desk, another_desk):
    person("zhou", "unit_editor")
    person("wu", "unit_editor")
    for _ in range(5):
        desk.sign_in("zhou", "wrong password")
    another_desk.sign_in("wu")

    assert another_desk.is_in()


def test_one_source_trying_many_names_is_slowed_while_another_is_not(person, desk, another_desk, clock):
    person("zhou", "unit_editor")
    for number in range(20):
        desk.sign_in(f"guess-{number}", "wrong password")

    assert "请在12:01以后再试" in desk.sign_in("zhou").text
    another_desk.sign_in("zhou")
    assert another_desk.is_in()
    clock.later(minutes=1)
    desk.sign_in("zhou")
    assert desk.is_in()


def test_ones_own_right_password_buys_no_new_guesses(person, app, desk, clock):
    person("mallory", "inspector")
    for number in range(19):
        desk.sign_in(f"guess-{number}", "wrong password")
    desk.sign_in("mallory")
    assert desk.is_in()
    fresh = type(desk)(app)
    fresh.sign_in("guess-20", "wrong password")

    assert "以后再试" in fresh.sign_in("guess-21", "wrong password").text


def test_no_address_of_a_visitor_is_kept_in_any_table(person, desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou", "wrong password")
    desk.sign_in("zhou")

    assert "198.51.100.7" not in "\n".join(database.connection().iterdump())


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/desk/\\..\\evil",
        "javascript:alert(1)",
        "/account/\r\nX: y",
        " //evil.example/desk/",
    ],
)
def test_signing_in_leads_to_no_other_site(person, desk, next_):
    person("zhou", "unit_editor")

    assert desk.sign_in("zhou", next_=next_).location == "/desk/"


def test_signing_in_leads_back_to_the_page_that_asked_for_it(person, desk):
    person("zhou", "unit_editor")

    assert desk.sign_in("zhou", next_="/desk/list?q=税&page=2").location == "/desk/list?q=%E7%A8%8E&page=2"


def test_a_start_password_must_be_changed_before_anything_else(person, desk):
    person("zhou", "unit_editor", must_change_password=True)
    desk.sign_in("zhou")

    assert desk.get("/account/").location == "/account/password"
    changed = desk.send("/account/password", password=RIGHT, new="一句很长很长的话", again="一句很长很长的话")
    assert changed.status_code == 422  # eight characters
    changed = desk.send("/account/password", password=RIGHT, new="一句很长很长很长的话", again="一句很长很长很长的话")
    assert changed.location == "/account/"
    assert desk.is_in()


def test_changing_the_password_ends_the_sign_ins_elsewhere(person, desk, another_desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    another_desk.sign_in("zhou")
    desk.send("/account/password", password=RIGHT, new="一句很长很长很长的话", again="一句很长很长很长的话")

    assert desk.is_in()
    assert not another_desk.is_in()
    another_desk.sign_in("zhou")
    assert not another_desk.is_in()
    another_desk.sign_in("zhou", "一句很长很长很长的话")
    assert another_desk.is_in()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "nonsense nonsense"}, "现在的密码不对"),
        ({"new": "short"}, "至少10个字符"),
        ({"new": "1234567890"}, "太好猜"),
        ({"new": "aaaaaaaaaaaa"}, "太好猜"),
        ({"new": "zhou-zhou-zhou"}, "太好猜"),
        ({"new": RIGHT}, "和现在的密码一样"),
        ({"again": "something else"}, "两次输入的新密码不一样"),
        ({"new": "x" * 201}, "最多200个字符"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(person, desk, fields, words):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    sent = {"password": RIGHT, "new": "一句很长很长很长的话", **fields}
    answer = desk.send("/account/password", **{"again": sent["new"], **sent})

    assert answer.status_code == 422
    assert words in answer.text


def test_guessing_the_password_inside_somebodys_open_session_is_slowed_too(person, desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    for _ in range(5):
        last = desk.send("/account/password", password=MISTYPED, new="y", again="y")

    assert "请在12:01以后再试" in last.text


def test_no_route_can_send_mail_or_reset_a_password_by_oneself(app):
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/account/")}

    assert {
        rule for rule in rules if re.search("forgot|^/account/reset|confirm|register|verify|recover$|mail", rule)
    } == set()
    assert {name for name in app.view_functions if name.startswith("security.")} == {
        "security.login",
        "security.logout",
    }


def test_whatever_tries_to_send_mail_fails_aloud(app):
    with app.test_request_context(), pytest.raises(RuntimeError, match="no mail"):
        app.extensions["security"]._mail_util.send_mail("t", "s", "r")
