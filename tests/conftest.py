"""The shared people and places: a portal of its own for each test, a clock that is set by hand."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask

from survey_app import create_app
from survey_app.config import Keys, Settings, load_keys
from survey_app.exports import analysis
from survey_app.store import rounds as round_store
from survey_app.store.database import database, open_database
from survey_app.store.rounds import Round
from survey_app.web.daymemory import day_memory
from tests.accounts import sign_in
from tests.analysing import in_this_process
from tests.browsing import launched
from tests.cases import Desk
from tests.factories import Clock, make_pages, make_round
from tests.once import apps_made_quickly, blank_portal, copy_database

hypothesis.settings.register_profile("untimed", deadline=None)  # speed is measured by make bench, never by a test
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def quick_apps() -> Iterator[None]:
    """A process compiles every address and template once, not once a test."""
    with apps_made_quickly():
        yield


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Keys and an empty database of the current schema, from which every test's own are copied."""
    return blank_portal(tmp_path_factory.mktemp("blank"))


@pytest.fixture
def clock() -> Clock:
    """A Tuesday in the middle of the sample round, noon in China."""
    return Clock(datetime(2026, 11, 3, 4, 0, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path, blank: Settings) -> Iterator[Settings]:
    """A portal folder with nothing in it but pages and keys; what it counts for a day is gone with the test."""
    places = {"var": tmp_path / "var", "pages": tmp_path / "var" / "pages", "keys": tmp_path / "keys"}
    made = Settings(**places, memory=tmp_path / "memory")
    make_pages(made.pages)
    shutil.copytree(blank.keys, made.keys)
    yield made
    day_memory(made).forget()


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return load_keys(settings.keys)


@pytest.fixture
def store(settings: Settings, blank: Settings) -> Iterator[None]:
    """An empty database with the current schema."""
    copy_database(blank, settings)
    open_database(settings.database)
    yield
    if not database.is_closed():
        database.close()


@pytest.fixture
def open_round(store: None, settings: Settings, clock: Clock) -> Round:
    """A round that takes ballots; its key copies stand in keys/. Two noise rounds stand beside it."""
    make_round(settings, "2026-h1", opens_on="2026-04-08", closes_on="2026-06-30", clock=clock)
    make_round(settings, "2026-h2", clock=clock)
    make_round(settings, "2027-h1", opens_on="2027-04-08", closes_on="2027-06-30", clock=clock, opened=False)
    return round_store.get_round("2026-h2")


@pytest.fixture
def citizen(open_round: Round, settings: Settings, keys: Keys, clock: Clock):
    """A browser with cookies, pointed at the app."""
    app = create_app(settings, keys, clock)
    app.testing = True
    return app.test_client()


@pytest.fixture
def analysis_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Analysis in this process, for tests in which a process of its own is not what is tested."""
    monkeypatch.setattr(analysis, "_ran", in_this_process)


@pytest.fixture
def app(store: None, settings: Settings, keys: Keys, clock: Clock) -> Flask:
    """The app over this test's portal."""
    made = create_app(settings, keys, clock)
    made.testing = True
    return made


@pytest.fixture
def signed_in(app: Flask, clock: Clock):
    """`signed_in(role, unit="tax", username=None)`: a browser in which somebody with this role has signed in.

    Its `post` adds the form token; `client.person` is the username, one per role and unit unless told otherwise.
    """
    return lambda role, unit="tax", username=None: sign_in(app, clock, role, unit, username)


@pytest.fixture
def desk(store: None, keys: Keys, settings: Settings, clock: Clock) -> Desk:
    """People who handle cases; a complaint about another unit, 2026-000001, lies there already."""
    made = Desk(keys, settings, clock)
    made.receive(unit="water", nonce="noise")
    return made


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, started once."""
    with launched() as chromium:
        yield chromium
