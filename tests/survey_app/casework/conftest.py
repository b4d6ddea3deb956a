"""A desk with a complaint of another unit beside the one a test speaks of."""

import pytest

from tests.cases import Desk


@pytest.fixture
def desk(store, keys, settings, clock):
    made = Desk(keys, settings, clock)
    made.receive(unit="water", nonce="noise")
    return made
