"""Pages with charts on a phone, at a desk, in elderly mode, in English: no barrier, nothing off the side."""

import dataclasses

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.config import OPTIONAL
from survey_app.domain.cases import steps
from tests.browsing import DESK, PHONE, SIZES, person, picture, served, sideways
from tests.factories import cast, make_codes
from tests.survey_app.office.test_downloads import results
from tests.survey_app.office.test_trend_of_scores import three_rounds

__all__ = ["results"]
pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    ("round_officer", ""): ("office/rounds/2026-h2", "office/scores?unit=tax"),
    ("reviewer", ""): ("office/cases/figures",),
    ("unit_editor", "tax"): ("desk/results",),
}


@pytest.fixture
def address(open_round, results, settings, keys, clock, app, desk):
    """Codes used, three rounds published, cases answered: something to draw on every page."""
    app.config["SETTINGS"] = dataclasses.replace(settings, second_factor=OPTIONAL)
    three_rounds(results, settings)
    for code in make_codes(keys, clock, count=12, unit_slug="tax")[:5]:
        cast(keys, clock, code)
    desk.take(desk.receive("question").number, steps.ANSWERED)
    with served(app) as place:
        yield place


@pytest.mark.parametrize("size", [*SIZES, pytest.param("1280-en", marks=pytest.mark.slow)])
def test_no_page_with_a_chart_breaks_a_rule(address, browser, signed_in, size):
    for (role, unit), paths in PAGES.items():
        context = person(browser, viewport=PHONE if size.startswith("390") else DESK)
        session = signed_in(role, unit).get_cookie("pingyi_session").value
        look, lang = ("elder" if size.endswith("elder") else "standard"), ("en" if size.endswith("en") else "zh")
        cookies = {"pingyi_session": session, "look": look, "lang": lang}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.new_page()
        for path in paths:
            answer = page.goto(f"{address}/{path}")
            assert answer.status == 200, path
            assert page.locator(".p-bars-draw, .p-trend").count() > 0, path
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], path
            assert sideways(page) <= 0, path
            picture(page, f"chart-{path.split('?')[0].replace('/', '-')}-{size}")
        context.close()
