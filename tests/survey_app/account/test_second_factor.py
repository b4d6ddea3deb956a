"""The second factor: setting it up, using it once, losing it, and what guessing it costs."""

import dataclasses
import re
import threading
from datetime import UTC, datetime

import pytest
from passlib.totp import TOTP

from survey_app import create_app
from survey_app.account import factor
from survey_app.config import OPTIONAL
from survey_app.store import accounts, audit, credentials
from survey_app.store.database import database
from survey_app.store.models import Account
from tests.survey_app.account.conftest import MISTYPED, RIGHT, Desk

WRONG = "这个码不对，或已经用过"


def secret_on(page):
    return re.search(r'class="p-secret">([A-Z2-7 ]+)<', page)[1]


def code_of(secret, clock, steps=0):
    """What the authenticator in the person's hand shows, by an implementation that has no part of ours."""
    return TOTP(key=secret).generate(time=int(clock().timestamp()) + 30 * steps).token


def codes_on(page):
    return re.findall(r"<li><code>([0-9A-Z-]+)</code></li>", page)


def set_up(desk, address, clock, **more):
    """Scan the picture at `address`, type the first code; returns (secret, the page that follows)."""
    page = desk.get(address).text
    secret = secret_on(page)
    fields = {"csrf_token": desk.token(page), "code": code_of(secret, clock), **more}
    return secret, desk.client.post(address, data=fields).text


@pytest.fixture
def guarded(person, desk, clock):
    """A publicity officer with an authenticator: (secret, recovery codes); the browser has signed out."""
    person("li", "publicity")
    desk.sign_in("li")
    secret, page = set_up(desk, "/account/second-step/new", clock)
    desk.send("/account/logout", at="/account/")
    clock.later(seconds=30)
    return secret, codes_on(page)


@pytest.fixture
def behind(app):
    """Behind the pages, with the keys of this portal. Its `g` would be shared with requests, so none is made in it."""
    return lambda: app.test_request_context("/account/")


def test_the_publicity_office_sets_up_a_second_factor_before_it_is_let_in(person, desk, clock):
    person("li", "publicity")

    assert desk.sign_in("li").location == "/account/second-step"
    assert desk.get("/account/second-step").location == "/account/second-step/new"
    assert not desk.is_in()
    _secret, page = set_up(desk, "/account/second-step/new", clock)
    assert len(set(codes_on(page))) == 10
    assert desk.is_in()


def test_a_unit_editor_is_let_in_without_one_and_may_set_one_up(person, desk, clock):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    assert desk.is_in()
    _secret, refused = set_up(desk, "/account/second-factor", clock, password=MISTYPED)
    assert "现在的密码不对" in refused
    assert not accounts.get_account("zhou").has_second_factor
    _secret, page = set_up(desk, "/account/second-factor", clock, password=RIGHT)

    assert len(codes_on(page)) == 10
    assert accounts.get_account("zhou").has_second_factor


def test_where_the_district_says_optional_the_publicity_office_decides_itself(person, settings, keys, clock):
    person("li", "publicity")
    desk = Desk(create_app(dataclasses.replace(settings, second_factor=OPTIONAL), keys, clock))

    assert desk.sign_in("li").location == "/desk/review/"


def test_the_right_code_opens_and_leads_back_to_the_page_asked_for(guarded, desk, clock):
    desk.sign_in("li", next_="/desk/review/7")
    answer = desk.send("/account/second-step", code=code_of(guarded[0], clock))

    assert answer.location == "/desk/review/7"
    assert desk.is_in()


@pytest.mark.parametrize(
    "typed", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６", "² ³ ⁴ ⁵ ⁶ ⁷", "ABCD-EFGH-JKMN"]
)
def test_a_wrong_code_does_not_open(guarded, desk, typed):
    desk.sign_in("li")
    answer = desk.send("/account/second-step", code=typed)

    assert answer.status_code == 422
    assert WRONG in answer.text
    assert not desk.is_in()


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (30, True), (-30, True), (90, False), (-90, False)])
def test_a_phone_whose_clock_is_half_a_minute_off_still_opens_but_an_old_code_does_not(
    guarded, desk, clock, seconds, opens
):
    clock.later(minutes=5)
    desk.sign_in("li")
    desk.send("/account/second-step", code=code_of(guarded[0], clock, steps=seconds // 30))

    assert desk.is_in() == opens


def test_a_code_seen_over_the_shoulder_is_worth_nothing_once_used(guarded, desk, another_desk, clock):
    code = code_of(guarded[0], clock)
    desk.sign_in("li")
    another_desk.sign_in("li")
    desk.send("/account/second-step", code=code)
    late = another_desk.send("/account/second-step", code=code)

    assert WRONG in late.text
    assert not another_desk.is_in()


def test_a_recovery_code_opens_once_and_however_it_is_typed(guarded, desk, another_desk):
    code = guarded[1][3]
    desk.sign_in("li")
    desk.send("/account/second-step", code=code.lower().replace("-", " "))
    assert desk.is_in()
    assert "还剩9个恢复码" in desk.get("/account/").text
    another_desk.sign_in("li")

    assert WRONG in another_desk.send("/account/second-step", code=code).text
    assert audit.list_events()[1].action == "account.recovery_used"


def test_two_who_try_one_recovery_code_at_the_same_moment_do_not_both_come_in(guarded, clock, behind):
    with behind():
        digest = factor.digest(guarded[1][0])
    taken, ready = [], threading.Barrier(8)

    def take():
        ready.wait()
        taken.append(credentials.take_recovery_code("li", digest, now=clock()))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False] * 7 + [True]


def test_guessing_codes_is_slowed_like_guessing_passwords_also_over_many_sign_ins(guarded, desk, clock):
    # The right password is known to this guesser; each new sign-in must not forget the tries before it.
    for _ in range(2):
        assert desk.sign_in("li").location == "/account/second-step"
        for _ in range(2):
            assert WRONG in desk.send("/account/second-step", code="000000").text
    desk.sign_in("li")
    fifth = desk.send("/account/second-step", code="000000")

    assert "以后再试" in fifth.text
    assert "以后再试" in desk.send("/account/second-step", code=code_of(guarded[0], clock)).text
    assert "以后再试" in desk.sign_in("li").text


def test_the_second_step_is_over_after_ten_minutes(guarded, desk, clock):
    desk.sign_in("li")
    clock.later(minutes=10)

    assert desk.get("/account/second-step").location == "/account/login"


def test_nobody_reaches_the_second_step_without_the_password(guarded, desk):
    for address in ("/account/second-step", "/account/second-step/new"):
        assert desk.get(address).location == "/account/login"
        assert desk.client.post(address, data={"code": guarded[1][0]}).location == "/account/login"


def test_whoever_has_a_second_factor_cannot_set_up_another_with_the_password_alone(guarded, desk):
    desk.sign_in("li")

    assert desk.get("/account/second-step/new").location == "/account/login"


def test_the_publicity_office_cannot_do_without_and_a_unit_editor_can_with_the_password(guarded, person, app, clock):
    office, unit = Desk(app), Desk(app)
    office.sign_in("li")
    office.send("/account/second-step", code=guarded[1][0])
    assert office.send("/account/second-factor/off", at="/account/", password=RIGHT).status_code == 409
    assert accounts.get_account("li").has_second_factor

    person("zhou", "unit_editor")
    unit.sign_in("zhou")
    set_up(unit, "/account/second-factor", clock, password=RIGHT)
    assert unit.send("/account/second-factor/off", at="/account/", password=MISTYPED).status_code == 422
    assert accounts.get_account("zhou").has_second_factor
    unit.send("/account/second-factor/off", at="/account/", password=RIGHT)
    assert not accounts.get_account("zhou").has_second_factor


def test_new_recovery_codes_need_the_password_and_replace_the_old_ones(guarded, desk, another_desk):
    desk.sign_in("li")
    desk.send("/account/second-step", code=guarded[1][0])
    assert desk.send("/account/recovery-codes", at="/account/", password=MISTYPED).status_code == 422
    new = codes_on(desk.send("/account/recovery-codes", at="/account/", password=RIGHT).text)

    assert not set(new) & set(guarded[1])
    another_desk.sign_in("li")
    assert WRONG in another_desk.send("/account/second-step", code=guarded[1][5]).text


def test_a_reset_takes_the_second_factor_away_and_it_must_be_set_up_anew(guarded, desk, keys, clock):
    credentials.reset_account("li", Account.get(username="li").password, key=keys.session, actor="a", now=clock())
    desk.sign_in("li")

    assert desk.get("/account/second-step").location == "/account/second-step/new"


def test_the_database_holds_neither_the_secret_nor_a_recovery_code(guarded):
    dump = "\n".join(database.connection().iterdump())
    raw = TOTP(key=guarded[0]).key.hex()

    assert guarded[0] not in dump
    assert raw not in dump.lower()
    assert not [code for code in guarded[1] if code in dump or code.replace("-", "") in dump]


def test_a_sealed_secret_moved_to_another_account_opens_nothing(guarded, person, clock, behind):
    person("wang", "publicity")
    Account.update(totp_secret=Account.get(username="li").totp_secret).where(Account.username == "wang").execute()

    with behind():
        assert not factor.prove("wang", Account.get(username="wang").totp_secret, code_of(guarded[0], clock))
        assert factor.unseal("li", "nonsense") is None
        assert factor.unseal("li", None) is None


def test_the_picture_to_scan_holds_what_the_page_says_and_comes_from_nowhere_else(person, desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    page = desk.get("/account/second-factor").text

    assert "<svg" in page
    assert not re.search(r"<img|style=|https?://(?!www\.w3\.org/2000/svg)", page)


def test_the_codes_are_those_of_the_standard(clock, monkeypatch):
    # RFC 6238, appendix B, SHA-1, T = 1111111109: 07081804; the last six digits are what a phone shows.
    monkeypatch.setattr(factor, "now", lambda: datetime.fromtimestamp(1111111109, UTC))

    assert factor.time_step(b"12345678901234567890", "081 804") == 1111111109 // 30
    assert factor.time_step(b"12345678901234567890", "081805") is None
