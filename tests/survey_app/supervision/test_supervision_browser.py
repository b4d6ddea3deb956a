"""The pages of supervision on a phone, at a desk, in elderly mode, in English: no barrier, nothing off the side."""

import dataclasses

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.config import OPTIONAL
from tests.browsing import DESK, PHONE, SIZES, person, picture, served, sideways
from tests.survey_app.supervision.test_assessments import WEAK
from tests.survey_app.supervision.test_inspections import SEEN
from tests.survey_app.supervision.test_year_end import PLAN

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "ji": (
        *("orders", "orders/sources", "orders/new", "orders/2026-0001", "assessments", "assessments/tax/team"),
        *("assessments/enter", "inspections", "inspections/1", "notes", "notes/new", "year-end/2026"),
        *("year-end/2026/plan", "year-end/2026/units/tax", "briefs", "briefs/2026-11", "disclosure", "commitments"),
    ),
    "guo": ("inspections/new",),
}


@pytest.fixture
def address(office, app, settings, signed_in):
    """One of each thing there is, behind a port of its own."""
    app.config["SETTINGS"] = dataclasses.replace(settings, second_factor=OPTIONAL)
    office.reply(office.issue())
    for clerk in ("chen", "qian"):
        signed_in("entry_clerk", username=clerk).post("/office/assessments/enter", data=WEAK)
    signed_in("inspector", username="guo").post("/office/inspections/new", data=SEEN)
    office.ji.post("/office/year-end/2026/plan", data=PLAN)
    with served(app) as place:
        yield place


@pytest.mark.parametrize("size", [*SIZES, pytest.param("1280-en", marks=pytest.mark.slow)])
def test_no_page_of_supervision_breaks_a_rule(address, browser, signed_in, size):
    for username, paths in PAGES.items():
        context = person(browser, viewport=PHONE if size.startswith("390") else DESK)
        session = signed_in("", username=username).get_cookie("pingyi_session").value
        look, lang = ("elder" if size.endswith("elder") else "standard"), ("en" if size.endswith("en") else "zh")
        cookies = {"pingyi_session": session, "look": look, "lang": lang}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.new_page()
        for path in paths:
            answer = page.goto(f"{address}/office/{path}")
            assert answer.status == 200, path
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], path
            assert sideways(page) <= 0, path
            picture(page, f"supervision-{path.replace('/', '-')}-{size}")
        context.close()
