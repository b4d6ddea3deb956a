"""A citizen with a card in hand, and one without."""

import dataclasses

import pytest
from nacl.public import PrivateKey

from survey_app import create_app
from survey_app.domain import ballot_box
from survey_app.store import ballots
from survey_app.web.daymemory import day_memory
from tests.factories import METHOD_WITH_OPEN, cast, make_codes, make_round


@pytest.fixture
def code(keys, clock, open_round):
    """One of ten codes; a noise ballot for another unit and one in another round stand in the box."""
    noise, mine, *_rest = make_codes(keys, clock)
    cast(keys, clock, noise, unit="water")
    return mine


@pytest.fixture
def tight(open_round, settings, keys, clock):
    """`tight(network=2, site=5)`: browsers of one portal with small limits; `from_address(...)` is another person."""
    made = []

    def portal(**limits):
        wanted = dataclasses.replace(settings, **{f"{name}_ratings": most for name, most in limits.items()})
        app = create_app(wanted, keys, clock)
        made.append(wanted)
        return lambda address: from_address(app, address)

    yield portal
    for settings_made in made:
        day_memory(settings_made).forget()


def from_address(app, address):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


@pytest.fixture
def open_channel(store, settings, clock):
    """A round that takes ballots without a code, too; a round that does not stands beside it."""
    make_round(settings, "2026-noise", clock=clock)
    return make_round(settings, "2026-open", clock=clock, method=METHOD_WITH_OPEN)


@pytest.fixture
def opened(settings):
    """`opened(round_code)`: what is in the box as the office will see it: (unit, channel, answers, flags), sorted."""

    def look(round_code):
        text = (settings.keys / f"{round_code}.key").read_text().split()[2]
        key, found = PrivateKey(bytes.fromhex(text)), []
        for sealed in ballots.sealed_ballots(round_code):
            ballot = ballot_box.open_ballot(key, sealed.sealed)
            found.append((sealed.unit_slug, sealed.channel, ballot.answers, ballot.flags))
        return sorted(found)

    return look
