"""An editor of the tax hall and two people of the publicity office, with a worker that publishes at once."""

from types import SimpleNamespace

import pytest

from survey_app import jobs
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
def second(desk_pages, signed_in):
    return signed_in("publicity", "", "wang")


@pytest.fixture
def worker(monkeypatch, settings, clock):
    """What the jobs do after an approval, without building a site; `says` is what they answer."""
    made = SimpleNamespace(says=jobs.PUBLISHED, asked=0)

    def publish(_settings):
        made.asked += 1

    def wait(_settings, _seconds, path="", after=None):
        written = revising.write_approved(settings, clock())
        if made.says == jobs.PUBLISHED:
            revising.mark_published([number for one in written for number in one.ids], clock())
        return made.says

    monkeypatch.setattr(jobs, "publish_soon", publish)
    monkeypatch.setattr(jobs, "wait_published", wait)
    return made
