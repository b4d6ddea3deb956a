"""The built sample site as a reader meets it: on a phone and a desk, in both modes, under its own security policy."""

import gzip
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from survey_app.config import Settings
from survey_app.publishing.pages import read_pages

pytestmark = pytest.mark.browser
NOTICE = "notices/2026-11-18-daiya-guohu/"
LOOKED_AT = [
    "",
    "units/budongchan/",
    "units/budongchan/procedures/ershoufang-guohu/",
    NOTICE,
    "search/?q=社保卡补办",
    "disclosure/catalogue/",
    "commitments/",
    "results/2026-h2/",
    "about/scoring/",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WEIGHT_KB = 80


@pytest.fixture(params=[(390, False), (1280, False), (390, True), (1280, True)], ids=["390", "1280", "390e", "1280e"])
def reader(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A reader with a width and, perhaps, the elderly mode chosen in words on the home page."""
    width, elder = request.param
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    if elder:
        page.goto(address)
        page.get_by_text("长者模式", exact=True).or_(page.locator('label[title="长者模式"]')).first.click()
    yield page
    context.close()


def open_page(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    if path.startswith("search/"):
        page.wait_for_selector(".p-found li")


def test_no_page_breaks_the_accessibility_rules(reader: Page, address: str) -> None:
    for path in LOOKED_AT[:5]:
        check_rules(reader, address, path)


@pytest.mark.parametrize("path", LOOKED_AT[5:])
def test_no_list_on_a_phone_breaks_the_accessibility_rules(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    check_rules(context.new_page(), address, path)
    context.close()


def check_rules(page: Page, address: str, path: str) -> None:
    """WCAG 2.0 to 2.2, A and AA, by axe."""
    open_page(page, address, path)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_no_page_scrolls_sideways(reader: Page, address: str) -> None:
    widths = [320, 390] if reader.viewport_size and reader.viewport_size["width"] < 640 else [1280]
    for width in widths:
        reader.set_viewport_size({"width": width, "height": 900})
        for path in LOOKED_AT:
            open_page(reader, address, path)
            over = reader.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{path} at {width}"


def test_nothing_is_asked_of_another_host_and_no_script_is_refused(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in LOOKED_AT:
        open_page(page, address, path)
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert said == []


def test_the_elderly_mode_is_kept_on_the_next_page(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator('label[title="长者模式"]').click()
    page.goto(address + LOOKED_AT[1])
    assert page.locator("body").get_attribute("data-md-color-scheme") == "elder"
    size = page.locator("article p").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 22
    context.close()


def found_titles(browser: Browser, address: str, query: str) -> list[str]:
    context = browser.new_context()
    page = context.new_page()
    open_page(page, address, f"search/?{query}")
    titles = page.locator(".p-found li a").all_inner_texts()
    context.close()
    return titles


def test_a_citizens_word_finds_the_official_matter(browser: Browser, address: str) -> None:
    assert found_titles(browser, address, "q=社保卡补办")[0] == "社会保障卡补办"


def test_search_can_be_narrowed_to_one_kind(browser: Browser, address: str) -> None:
    everything, units = (found_titles(browser, address, q) for q in ("q=不动产登记", "q=不动产登记&kind=单位"))
    assert "不动产登记中心" in units
    assert 0 < len(units) < len(everything)


def test_a_search_without_result_says_so_and_what_to_do(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}search/?q=qqqqzzzz")
    page.wait_for_selector(".p-empty")
    assert "没有找到“qqqqzzzz”" in page.locator("#p-state").inner_text()
    assert "12345" in page.locator(".p-empty").inner_text()
    context.close()


def test_without_scripts_everything_but_search_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LOOKED_AT[2])
    assert page.locator("nav[aria-label=栏目] a").count() == 7
    assert page.locator("nav[aria-label=栏目] [aria-current]").inner_text() == "办事指南"
    assert page.get_by_role("heading", name="要带什么").is_visible()
    page.goto(f"{address}search/")
    assert page.get_by_role("link", name="按主题找办事指南").is_visible()
    context.close()


@pytest.mark.parametrize("path", ["", LOOKED_AT[1], LOOKED_AT[2], "disclosure/catalogue/", "commitments/"])
def test_a_page_with_all_it_needs_stays_within_its_weight(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address + path, wait_until="networkidle")
    weight = sum(len(gzip.compress(answer.body(), 6)) for answer in answers) / 1024
    context.close()
    assert weight <= WEIGHT_KB, f"{path} weighs {weight:.1f} KB"


def test_the_sample_note_and_the_lists_are_not_in_the_index(browser: Browser, address: str, sample: Settings) -> None:
    note = next(page for page in read_pages(sample.pages) if page.kind == "home").data["sample_note"]
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}search/?q={note[:12]}")
    page.wait_for_selector("#p-results > *")
    assert not {"首页", "找单位", "办事指南"} & set(page.locator(".p-found li a").all_inner_texts())
    assert note[:10] not in page.locator("#p-results").inner_text()
    context.close()
