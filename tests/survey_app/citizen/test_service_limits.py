"""A script meets the rating of a service: it is slowed, marked, and never counted; a person is never lost."""

import dataclasses

import pytest

from survey_app import create_app
from survey_app.domain.codes import new_code
from survey_app.store import everyday as store
from tests.everyday import FORM, make_promises
from tests.survey_app.citizen.sending import nonce_of

NETWORK = "198.51.100.9"


@pytest.fixture
def visitor(store, settings, keys, clock):
    """Somebody from one network of a site that marks more than three ratings an hour from there."""
    make_promises(settings.pages)
    app = create_app(dataclasses.replace(settings, network_ratings=3), keys, clock)
    app.testing = True
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = NETWORK
    return client


def ratings(keys):
    return list(store.ratings_of("2026-11", keys))


def test_without_a_code_it_is_not_taken_sooner_than_it_can_be_read(visitor, keys, clock):
    nonce = nonce_of(visitor.get(FORM))
    clock.later(seconds=2)
    soon = visitor.post(FORM, data={"nonce": nonce, "level": "2", "words": "等了三天"})
    clock.later(seconds=2)
    later = visitor.post(FORM, data={"nonce": nonce, "level": "2", "words": "等了三天"})

    assert soon.status_code == 422
    assert "不到3秒" in soon.text
    assert "等了三天</textarea>" in soon.text
    assert later.status_code == 303
    assert len(ratings(keys)) == 1


def test_a_form_of_another_site_or_of_yesterday_is_given_back_whole_with_a_fresh_mark(visitor, keys, clock):
    old = nonce_of(visitor.get(FORM))
    clock.later(hours=25)
    for nonce in (old, "made-up-nonce-of-a-script"):
        page = visitor.post(FORM, data={"nonce": nonce, "level": "2", "words": "等了三天"})
        assert page.status_code == 400
        assert "等了三天</textarea>" in page.text
        assert nonce_of(page) not in (old, nonce)
    assert ratings(keys) == []
    fresh = nonce_of(page)
    clock.later(seconds=5)
    assert visitor.post(FORM, data={"nonce": fresh, "level": "2"}).status_code == 303


def test_a_machine_that_fills_the_field_nobody_sees_is_asked_once_more(visitor, keys, clock):
    nonce = nonce_of(visitor.get(FORM))
    clock.later(seconds=20)
    page = visitor.post(FORM, data={"nonce": nonce, "level": "1", "homepage": "spam.example"})

    assert page.status_code == 422
    assert "再按一次提交" in page.text
    assert ratings(keys) == []


def test_ratings_over_the_network_s_number_are_kept_and_marked(visitor, keys, clock):
    for _ in range(5):
        nonce = nonce_of(visitor.get(FORM))
        clock.later(seconds=20)
        assert visitor.post(FORM, data={"nonce": nonce, "level": "1"}).status_code == 303

    assert sorted(one.flags for one in ratings(keys)) == [(), (), (), ("surge",), ("surge",)]
    assert {one.channel for one in ratings(keys)} == {"open"}


def test_who_guesses_visit_codes_has_to_wait_after_ten_wrong_ones(visitor, keys, clock):
    seen = []
    for _ in range(11):
        nonce = nonce_of(visitor.get(FORM))
        clock.later(seconds=5)
        seen.append(visitor.post(FORM, data={"nonce": nonce, "level": "1", "code": new_code()}).status_code)

    assert seen == [422] * 10 + [429]
    assert ratings(keys) == []
