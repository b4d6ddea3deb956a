"""How long a sign-in lasts, what ends it, and what its cookie is worth."""

from survey_app.store import accounts, credentials
from survey_app.web.sessions import COOKIE
from tests.survey_app.account.conftest import RIGHT


def test_a_sign_in_nobody_uses_for_half_an_hour_ends(person, desk, clock):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    clock.later(minutes=29)
    assert desk.is_in()
    clock.later(minutes=29)
    assert desk.is_in()
    clock.later(minutes=30)
    answer = desk.get("/account/")

    assert answer.location == "/account/login?next=/account/&ended=1"
    assert "太久没有操作" in desk.get(answer.location).text


def test_a_sign_in_ends_after_twelve_hours_however_busy(person, desk, clock):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    for _ in range(36):
        clock.later(minutes=19, seconds=50)
        assert desk.is_in()
    clock.later(minutes=10)

    assert not desk.is_in()


def test_what_was_typed_for_too_long_comes_back_and_can_be_sent_after_signing_in_again(person, desk, clock):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    token = desk.token(desk.get("/account/password").text)
    clock.later(minutes=31)
    typed = {"csrf_token": token, "password": RIGHT, "new": "a <b> & 很长的一段", "again": "x"}
    kept = desk.client.post("/account/password", data=typed)

    assert kept.status_code == 401
    assert "a &lt;b&gt; &amp; 很长的一段" in kept.text
    assert 'action="/account/password"' in kept.text
    desk.sign_in("zhou")
    again = {**typed, "csrf_token": desk.token(kept.text)}
    assert "两次输入的新密码不一样" in desk.client.post("/account/password", data=again).text


def test_signing_out_ends_the_session_and_a_copied_cookie_is_worth_nothing_after_ending_all(person, app, desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    copied = desk.client.get_cookie(COOKIE).value
    desk.send("/account/sessions/end", at="/account/")
    thief = app.test_client()
    thief.set_cookie(COOKIE, copied)

    assert thief.get("/account/").status_code == 303
    assert desk.is_in()
    desk.send("/account/logout", at="/account/")
    assert not desk.is_in()


def test_a_reset_or_a_disabling_throws_out_who_is_in(person, desk, another_desk, clock, keys):
    for username, one in (("zhou", desk), ("wu", another_desk)):
        person(username, "unit_editor")
        one.sign_in(username)
        assert one.is_in()
    credentials.reset_account("zhou", "x", key=keys.session, actor="test", now=clock())
    accounts.disable_account("wu", actor="test", now=clock())

    assert not desk.is_in()
    assert not another_desk.is_in()


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(person, desk):
    person("zhou", "unit_editor")
    [cookie] = desk.sign_in("zhou").headers.getlist("Set-Cookie")

    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie


def test_over_https_the_cookie_stays_on_https(person, desk):
    person("zhou", "unit_editor")
    page = desk.client.get("/account/login", base_url="https://localhost")

    assert "Secure" in page.headers["Set-Cookie"].split("; ")
