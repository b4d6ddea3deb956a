"""Counts of a very large box are those of this minute; of a small one, of this moment."""

import pytest

from survey_app.office import progress
from tests.factories import cast, make_codes


@pytest.fixture
def box(open_round, keys, clock):
    """A box to which one more ballot may be cast."""
    codes = iter(make_codes(keys, clock, count=20))
    progress._counted.clear()
    return lambda: cast(keys, clock, next(codes))


def counted():
    return sum(count for _week, count in progress._by_week("2026-h2"))


def test_a_box_that_is_counted_at_once_is_counted_each_time(box, monkeypatch):
    monkeypatch.setattr(progress, "LONG_S", 3600)
    box()
    assert counted() == 1
    box()
    assert counted() == 2


def test_a_box_that_takes_long_is_counted_once_a_minute(box, monkeypatch):
    monkeypatch.setattr(progress, "LONG_S", -1)
    box()
    assert counted() == 1
    box()
    assert counted() == 1
    monkeypatch.setattr(progress, "KEPT_S", 0)
    assert counted() == 2
