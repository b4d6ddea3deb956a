"""The portal as a column of a county's own portal: every address carries the prefix."""

import dataclasses
import re

import pytest

from survey_app import create_app
from tests.factories import make_codes
from tests.survey_app.citizen.sending import nonce_of


@pytest.fixture
def visitor(open_round, settings, keys, clock):
    """A browser at a portal mounted under /pingyi."""
    app = create_app(dataclasses.replace(settings, prefix="/pingyi"), keys, clock)
    return app.test_client()


def test_outside_the_prefix_there_is_nothing(visitor):
    assert visitor.get("/rate/2026-h2/tax").status_code == 404


def test_a_link_with_a_code_leads_to_the_form_under_the_prefix(visitor):
    moved = visitor.get("/pingyi/rate/2026-h2/tax?code=23456789AA")

    assert moved.headers["Location"] == "/pingyi/rate/2026-h2/tax"


def test_the_form_posts_to_itself_and_the_receipt_stands_under_the_prefix(visitor, keys, clock):
    page = visitor.get("/pingyi/rate/2026-h2/tax")
    [action] = re.findall(r'<form method="post" action="([^"]+)"', page.text)
    typed = {"code": make_codes(keys, clock)[0], "nonce": nonce_of(page), "q-attitude": "5"}
    sent = visitor.post(action, data=typed)

    assert action == "/pingyi/rate/2026-h2/tax"
    assert sent.headers["Location"] == "/pingyi/receipt"
    assert "评议已经存好" in visitor.get("/pingyi/receipt").text


def test_language_and_elderly_mode_stay_under_the_prefix(visitor):
    moved = visitor.get("/pingyi/r?look=elder")

    assert moved.headers["Location"] == "/pingyi/r"
    assert "Path=/pingyi/" in moved.headers["Set-Cookie"]
    assert 'data-mode="elder"' in visitor.get("/pingyi/r").text


def test_every_link_and_style_sheet_of_the_app_carries_the_prefix(visitor):
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', visitor.get("/pingyi/r").text)

    assert len(addresses) > 5
    assert [address for address in addresses if not address.startswith("/pingyi/")] == []


def test_a_folder_of_the_site_gets_its_slash_under_the_prefix(visitor, settings):
    (settings.releases / "1" / "units").mkdir(parents=True)
    settings.live_site.symlink_to(settings.releases / "1")

    assert visitor.get("/pingyi/units").headers["Location"] == "/pingyi/units/"
