"""A citizen with a card in hand."""

import pytest

from tests.factories import cast, make_codes


@pytest.fixture
def code(keys, clock, open_round):
    """One of ten codes; a noise ballot for another unit and one in another round stand in the box."""
    noise, mine, *_rest = make_codes(keys, clock)
    cast(keys, clock, noise, unit="water")
    return mine
