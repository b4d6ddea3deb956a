"""The built sample site as a reader meets it: on a phone and a desk, in both modes, under its own security policy."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from survey_app.config import Settings
from survey_app.publishing.pages import read_pages
from tests.browsing import picture, sideways

pytestmark = pytest.mark.browser
UNIT, PROCEDURE = "units/budongchan/", "units/budongchan/procedures/ershoufang-guohu/"
SEARCH = "search/?q=社保卡补办"
KINDS = {
    "home": "",
    "unit": UNIT,
    "procedure": PROCEDURE,
    "print": f"{PROCEDURE}notice/",
    "notice": "notices/2026-11-18-daiya-guohu/",
    "search": SEARCH,
    "commitment": "units/budongchan/commitments/guohu-5-ri/",
    "catalogue": "disclosure/catalogue/",
    "guide": "disclosure/guide/",
    "report": "disclosure/annual-2025/",
    "round": "results/2026-h2/",
    "page": "about/scoring/",
    "units": "units/",
    "procedures": "procedures/",
    "notices": "notices/",
    "disclosure": "disclosure/",
    "commitments": "commitments/",
    "results": "results/",
    "map": "units/map/",
    "data": "data/",
    "missing": "404.html",
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A bare SVG can name no icon, so a browser that is shown the poster alone asks its own server for one.
OWN_ICON = re.compile(r"status of 404 .* http://127\.0\.0\.1:\d+/favicon\.ico$")
MODES = [
    (390, "standard"),
    *(pytest.param(one, marks=pytest.mark.slow) for one in ((1280, "standard"), (390, "elder"), (1280, "elder"))),
]


@pytest.fixture(params=MODES, ids=["390", "1280", "390-elder", "1280-elder"])
def reader(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A reader with a width and, perhaps, the elderly mode chosen in words on the home page."""
    width, look = request.param
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    if look == "elder":
        page.goto(address)
        page.get_by_role("link", name="长者模式").click()
    yield page
    context.close()


def open_page(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    if path.startswith("search/?"):
        page.wait_for_selector(".p-found li")


def test_no_kind_of_page_breaks_the_accessibility_rules(reader: Page, address: str) -> None:
    """WCAG 2.0 to 2.2, A and AA, and best practice, by axe."""
    for path in KINDS.values():
        open_page(reader, address, path)
        found = Axe().run(reader, options=RULES)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_no_page_scrolls_sideways(reader: Page, address: str) -> None:
    widths = [320, 390] if reader.viewport_size and reader.viewport_size["width"] < 640 else [1280]
    for width in widths:
        reader.set_viewport_size({"width": width, "height": 900})
        for path in KINDS.values():
            open_page(reader, address, path)
            assert sideways(reader) <= 0, f"{path} at {width}"


def test_nothing_is_asked_of_another_host_and_nothing_is_refused(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: said.append(_complaint(message)) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in [*KINDS.values(), f"{PROCEDURE}poster.svg"]:
        open_page(page, address, path)
    context.close()
    assert len(asked) > 100
    assert [url for url in asked if not url.startswith(address)] == []
    assert [complaint for complaint in said if not OWN_ICON.search(complaint)] == []


def _complaint(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location['url']}"


def test_the_policy_allows_no_script_and_no_style_in_a_page(sample: Settings) -> None:
    policy = (sample.live_site / "csp.txt").read_text()
    assert "unsafe-inline" not in policy
    assert "style-src 'self';" in policy
    site = sample.live_site.resolve()
    styled = [
        page for page in site.rglob("*.html") if " style=" in page.read_text("utf-8") or "<style" in page.read_text()
    ]
    assert styled == []


def test_the_elderly_mode_is_kept_on_the_next_page_and_can_be_left(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="长者模式").click()
    page.goto(address + PROCEDURE)
    assert page.locator("html").get_attribute("data-mode") == "elder"
    size = page.locator("article li").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 20
    body = page.locator("article dd").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert body >= 22
    assert [cookie["name"] for cookie in context.cookies()] == ["look"]
    page.get_by_role("link", name="标准模式").click()
    page.goto(address + UNIT)
    assert page.locator("html").get_attribute("data-mode") is None
    context.close()


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address + PROCEDURE)
    places = []
    for _step in range(30):
        page.keyboard.press("Tab")
        places.append(page.evaluate(WHERE))
    names = [place["name"] for place in places]
    assert names[0] == "跳到正文"
    order = [
        "清河示范区",
        "搜索事项、单位、公告",
        "搜索",
        "长者模式",
        "首页",
        "说明",
        "不动产登记中心",
        "打印一次性告知书",
    ]
    found = [next(at for at, name in enumerate(names) if name.startswith(wanted)) for wanted in order]
    assert found == sorted(found)
    assert all(place["seen"] for place in places), [place["name"] for place in places if not place["seen"]]
    context.close()


# What has the focus, what a screen reader calls it, and whether the focus can be seen.
WHERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const label = at.labels && at.labels[0];
  const name = at.getAttribute("aria-label") || (label || at).innerText || "";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {name: name.trim(), seen: ring && box.width > 0 && box.left >= 0 && box.top >= -1};
}"""


def test_the_link_to_the_text_leads_there(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + PROCEDURE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#main')")
    context.close()


def test_without_scripts_everything_but_search_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PROCEDURE)
    assert page.locator("nav[aria-label=栏目] a").count() == 7
    assert page.locator("nav[aria-label=栏目] [aria-current]").inner_text() == "办事指南"
    expect(page.get_by_role("heading", name="要带什么")).to_be_visible()
    expect(page.get_by_role("img", name="二手房过户的办理流程图")).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator("details p").first).to_be_visible()
    page.get_by_label("搜索事项、单位、公告").fill("社保卡")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    for name in ("按主题找办事指南", "按类别找单位", "看公示公告"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    context.close()


def test_every_page_but_the_two_with_a_larger_one_has_the_search_box_in_its_header(sample: Settings) -> None:
    site = sample.live_site.resolve()
    without = []
    for file in site.rglob("*.html"):
        text = file.read_text("utf-8")
        leads_on, paper = 'http-equiv="refresh"' in text, file.parent.name == "notice"
        if 'role="search"' not in text and not leads_on and not paper:
            without.append(file.relative_to(site).as_posix())
    assert without == []
    assert 'class="p-find"' not in (site / "index.html").read_text()


def test_a_page_that_is_not_there_helps_from_any_depth(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "404.html")
    expect(page.get_by_role("heading", name="没有这一页")).to_be_visible()
    for name, end in (("按主题找办事指南", "procedures/"), ("机构分布图", "units/map/")):
        link = page.locator("article").get_by_role("link", name=name).get_attribute("href")
        assert link == f"/zwgk/pingyi/{end}"
    expect(page.get_by_label("搜您要办的事")).to_be_visible()
    context.close()


def test_a_notice_fits_one_sheet_of_paper(browser: Browser, address: str, sample: Settings) -> None:
    """All notices of the sample by their height on paper, and two of them as the browser prints them."""
    context = browser.new_context(viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.emulate_media(media="print")
    high = {}
    for procedure in read_pages(sample.pages):
        if procedure.kind == "procedure":
            page.goto(f"{address}{procedure.url}notice/")
            high[procedure.slug] = page.evaluate("document.documentElement.scrollHeight")
    assert len(high) > 50
    assert {slug: height for slug, height in high.items() if height > 1123} == {}
    for path in (PROCEDURE, "units/budongchan/procedures/jicheng-guohu/"):
        page.goto(f"{address}{path}notice/")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    context.close()


def test_a_notice_says_what_the_page_says(browser: Browser, address: str, sample: Settings) -> None:
    data = next(p for p in read_pages(sample.pages) if p.url == PROCEDURE).data
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}{PROCEDURE}notice/")
    text = page.locator("main").inner_text()
    for words in (data["title"], data["place"], data["fee"]["amount"], data["phone"], data["first_contact"]):
        assert words in text
    assert [row["name"] in text for row in data["materials"]] == [True] * len(data["materials"])
    assert page.locator(".check").count() == len(data["materials"])
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    context.close()


def test_the_flow_is_readable_on_a_phone(browser: Browser, address: str, sample: Settings) -> None:
    """No text of a picture is smaller than 14 px at 390 px, and none leaves its box."""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    looked_at = 0
    for procedure in read_pages(sample.pages):
        if procedure.kind == "procedure" and procedure.data.get("steps"):
            page.goto(address + procedure.url)
            found = page.evaluate(TEXTS)
            assert min(text["size"] for text in found) >= 14, procedure.path
            assert [text["text"] for text in found if text["out"]] == [], procedure.path
            looked_at += 1
    context.close()
    assert looked_at > 50


TEXTS = """() => {
  const svg = document.querySelector("svg.p-fl"), whole = svg.getBoundingClientRect();
  const scale = whole.width / svg.viewBox.baseVal.width;
  const boxes = [...svg.querySelectorAll("rect")].map((box) => box.getBoundingClientRect());
  return [...svg.querySelectorAll("text")].map((text) => {
    const at = text.getBoundingClientRect();
    const inside = (box) => at.left >= box.left && at.right <= box.right + 1
      && at.top >= box.top - 2 && at.bottom <= box.bottom + 2;
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    return {text: text.textContent, size, out: !boxes.some(inside)};
  });
}"""


def test_pictures_for_the_documents(browser: Browser, address: str) -> None:
    """Screenshots that `make screenshots` copies; that they are taken is all this test says."""
    for width, names in (
        (390, ("home", "procedure", "search", "map")),
        (1280, ("home", "unit", "procedure", "data", "disclosure")),
    ):
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        for name in names:
            open_page(page, address, KINDS[name])
            picture(page, f"{name}-{width}")
        if width == 390:
            page.get_by_role("link", name="长者模式").click()
            page.goto(address)
            picture(page, "home-elder-390")
        context.close()
    context = browser.new_context(viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.goto(f"{address}{PROCEDURE}notice/")
    page.emulate_media(media="print")
    picture(page, "notice-print")
    context.close()
