"""An editor at the tax hall's desk, with pages to work on."""

import pytest

from survey_app.publishing.revisions import revising
from tests.survey_app.unit.pages import give_desk_pages


@pytest.fixture
def desk_pages(settings):
    give_desk_pages(settings.pages)
    return settings.pages


@pytest.fixture
def editor(desk_pages, signed_in):
    return signed_in("unit_editor", "tax")


@pytest.fixture
def office(desk_pages, signed_in):
    return signed_in("publicity", "")


@pytest.fixture
def step(settings, clock):
    """Submit or approve, as the desk and the office do."""

    def taken(name, revision):
        how = {"settings": settings, "revision": revision, "now": clock(), "today": clock.today}
        if name == "approve":
            how |= {"roles": {"publicity"}, "words": "", "pass_on": False, "by": "li"}
        return getattr(revising, name)(**{"by": "zhou", **how})

    return taken
