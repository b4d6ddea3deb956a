"""An editor at the tax hall's desk, with pages to work on."""

import pytest

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
