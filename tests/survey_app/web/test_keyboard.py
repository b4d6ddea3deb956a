"""A list by keyboard alone: skipped to, narrowed, ordered, kept as a view, taken and opened; the focus is seen."""

import io

import pytest
from openpyxl import load_workbook

from tests.browsing import DESK, person, picture, served
from tests.survey_app.unit.pages import give_desk_pages

pytestmark = pytest.mark.browser
MOST_STOPS = 80
# Where the focus stands and how it is shown there, once the window has followed it.
FOCUS = """async () => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
  const here = document.activeElement, seen = getComputedStyle(here)
  return {
    name: (here.getAttribute("aria-label") || here.innerText || here.name || "").trim(),
    id: here.id, tag: here.tagName, shown: seen.outlineStyle !== "none" && parseFloat(seen.outlineWidth) > 0,
    inside: (box => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight)(here.getBoundingClientRect()),
  }
}"""


@pytest.fixture
def address(app, settings, desk):
    """Three open cases: two complaints, one of them the water works', and a question."""
    give_desk_pages(settings.pages)
    desk.receive("question")
    desk.receive()
    with served(app) as place:
        yield place


@pytest.fixture
def page(browser, address, signed_in):
    """A reviewer at the list of cases, without a mouse."""
    context = person(browser, viewport=DESK, accept_downloads=True)
    session = signed_in("reviewer").get_cookie("pingyi_session").value
    context.add_cookies([{"name": "pingyi_session", "value": session, "url": address}])
    made = context.new_page()
    made.goto(f"{address}/office/cases")
    yield made
    context.close()


def tab_to(page, *, name="", id_="", tag=""):
    """Press Tab until the focus stands there; every stop on the way is seen, in the window, and marked."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        assert here["shown"], f"focus is not seen on {here}"
        assert here["inside"], f"focus is outside of the window on {here}"
        if (not id_ or here["id"] == id_) and here["name"].startswith(name) and (not tag or here["tag"] == tag):
            return
    raise AssertionError(f"no way to {name or id_} by keyboard")


def press(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


def choose(page, words):
    """Step through the box that has the focus by arrows."""
    for _step in range(30):
        if page.evaluate("document.activeElement.selectedOptions[0].text") == words:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"nothing called {words}")


def numbers_on(page):
    return page.locator("tbody th").all_inner_texts()


def test_a_list_is_narrowed_ordered_kept_taken_and_opened_without_a_mouse(page):
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

    tab_to(page, id_="w-kind")
    choose(page, "投诉")
    tab_to(page, name="找", tag="BUTTON")
    press(page, "Space")
    assert numbers_on(page) == ["2026-000001", "2026-000003"]

    tab_to(page, name="编号", tag="A")
    press(page)
    tab_to(page, name="编号 ↑", tag="A")
    press(page)
    assert numbers_on(page) == ["2026-000003", "2026-000001"]

    tab_to(page, name="把这样的条件和排列存成视图")
    page.keyboard.press("Enter")
    tab_to(page, id_="view-name")
    page.keyboard.type("投诉，新的在前")
    picture(page, "keyboard-view-1280")
    tab_to(page, name="存下", tag="BUTTON")
    press(page)
    assert "已存下视图" in page.locator("main").inner_text()
    assert page.url.endswith("?kind=complaint&sort=-number")

    tab_to(page, name="下载Excel", tag="A")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert [cell.value for cell in sheet["A"]] == ["编号", "2026-000003", "2026-000001"]

    tab_to(page, name="2026-000003", tag="A")
    press(page)
    assert page.url.endswith("/office/cases/2026-000003")


def test_a_view_is_kept_and_opened_again_by_keyboard(page, address):
    page.goto(f"{address}/office/cases?kind=question")
    tab_to(page, name="把这样的条件和排列存成视图")
    page.keyboard.press("Space")
    tab_to(page, id_="view-name")
    page.keyboard.type("咨询")
    press(page)

    page.goto(f"{address}/office/cases")
    tab_to(page, name="咨询", tag="A")
    press(page)
    assert numbers_on(page) == ["2026-000002"]


def test_every_stop_of_the_list_and_of_its_pages_foot_is_seen(page):
    stops = 0
    while stops < MOST_STOPS:
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["tag"] == "BODY":
            break
        stops += 1
        assert here["shown"], here
        assert here["inside"], here
    assert stops > 25
