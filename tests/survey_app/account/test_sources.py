"""Where a try comes from: through our own proxies, under a prefix, from this very machine."""

import dataclasses

import pytest

from survey_app import create_app
from survey_app.account.sources import MOST, Sources
from survey_app.config import SettingWrong, load_settings
from survey_app.web.sessions import COOKIE
from tests.survey_app.account.conftest import MISTYPED, RIGHT, Desk


def tries(desk, source, forwarded, count):
    """Wrong tries of many names through a proxy that says for whom it asks; returns the last answer."""
    for number in range(count):
        page = desk.client.get("/account/login").text
        fields = {"csrf_token": desk.token(page), "username": f"guess-{number}", "password": MISTYPED}
        answer = desk.client.post(
            "/account/login",
            data=fields,
            environ_base={"REMOTE_ADDR": source},
            headers={"X-Forwarded-For": forwarded},
        )
    return answer.text


def test_behind_our_own_proxy_each_visitor_is_counted_for_themselves(settings, store, keys, clock):
    behind = Desk(create_app(dataclasses.replace(settings, proxies=1), keys, clock))

    assert "以后再试" in tries(behind, "127.0.0.1", "198.51.100.7", 21)
    assert "以后再试" not in tries(behind, "127.0.0.1", "203.0.113.9", 1)


def test_without_a_proxy_of_ours_nobodys_word_on_an_address_is_taken(desk):
    for number in range(20):
        tries(desk, "198.51.100.7", f"10.0.0.{number}", 1)

    assert "以后再试" in tries(desk, "198.51.100.7", "10.0.0.99", 1)


def test_a_proxy_nobody_has_named_does_not_lock_the_whole_office_out(desk):
    assert "以后再试" not in tries(desk, "127.0.0.1", "198.51.100.7", 25)


def test_a_flood_of_addresses_forgets_the_oldest_and_stays_small(clock):
    sources = Sources()
    for number in range(MOST + 50):
        sources.take_try(f"2001:db8::{number:x}", clock())

    assert len(sources._tries) == MOST


def test_an_address_is_forgotten_after_a_day(clock):
    sources = Sources()
    for _ in range(20):
        assert sources.take_try("198.51.100.7", clock()) is None
    assert sources.take_try("198.51.100.7", clock()) is not None
    clock.later(hours=24)

    assert sources.take_try("198.51.100.7", clock()) is None


def test_no_address_stands_in_the_memory_in_clear(clock):
    sources = Sources()
    sources.take_try("198.51.100.7", clock())

    assert b"198" not in b"".join(sources._tries)
    assert Sources()._tag("198.51.100.7") != sources._tag("198.51.100.7")


def test_under_a_countys_prefix_everything_stays_below_it(settings, person, keys, clock):
    person("zhou", "unit_editor")
    desk = Desk(create_app(dataclasses.replace(settings, prefix="/zwgk/pingyi"), keys, clock))
    page = desk.client.get("/zwgk/pingyi/account/login").text
    fields = {"csrf_token": desk.token(page), "username": "zhou", "password": RIGHT}
    answer = desk.client.post("/zwgk/pingyi/account/login", data=fields)
    [cookie] = answer.headers.getlist("Set-Cookie")

    assert answer.location == "/zwgk/pingyi/desk/"
    assert "Path=/zwgk/pingyi" in cookie.split("; ")
    assert desk.client.get("/zwgk/pingyi/account/").status_code == 200
    asked = desk.client.get("/zwgk/pingyi/account/people/")
    assert asked.status_code == 403
    stranger = Desk(desk.client.application).client.get("/zwgk/pingyi/account/")
    assert stranger.location == "/zwgk/pingyi/account/login?next=/zwgk/pingyi/account/"


def test_a_session_names_a_random_id_never_the_number_of_a_row(person, desk):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    with desk.client.session_transaction("/account/") as session:
        assert len(session["_user_id"]) == 32
        forged = dict(session)

    stranger = Desk(desk.client.application)
    for number in range(1, 5):
        with stranger.client.session_transaction("/account/") as session:
            session.update({**forged, "_user_id": str(number)})
        assert not stranger.is_in()


def test_a_cookie_signed_with_another_secret_is_no_session(person, desk, settings, keys, clock):
    person("zhou", "unit_editor")
    desk.sign_in("zhou")
    other = create_app(settings, dataclasses.replace(keys, session=bytes(32)), clock).test_client()
    other.set_cookie(COOKIE, desk.client.get_cookie(COOKIE).value)

    assert other.get("/account/").status_code == 303


@pytest.mark.parametrize(
    "given", [{"PINGYI_SECOND_FACTOR": "maybe"}, {"PINGYI_PROXIES": "-1"}, {"PINGYI_PROXIES": "²"}]
)
def test_a_setting_nobody_can_use_is_refused(given):
    with pytest.raises(SettingWrong):
        load_settings(given)


def test_the_settings_of_accounts_are_read():
    settings = load_settings({"PINGYI_SECOND_FACTOR": "optional", "PINGYI_PROXIES": "2"})

    assert (settings.second_factor, settings.proxies) == ("optional", 2)
    assert (load_settings({}).second_factor, load_settings({}).proxies) == ("required", 0)
