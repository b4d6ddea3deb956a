"""The work side as a clerk meets it: on a phone and a desk, in both modes, by keyboard, without scripts."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from survey_app.store import revisions as store
from tests.browsing import picture, served, sideways
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, form_of, put

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [
    (390, "standard"),
    *(pytest.param(*one, marks=pytest.mark.slow) for one in ((1280, "standard"), (390, "elder"), (1280, "elder"))),
]
FORM = "/desk/page/units/tax/procedures/wanshui"
DESK = {
    "home": "/desk/",
    "list": "/desk/list/procedure",
    "new": "/desk/new/notice?corrects=2026-10-09-tingshui",
    "edit": FORM,
    "unit": "/desk/page/units/tax/index",
    "history": "/desk/history/units/tax/procedures/wanshui",
    "notice": "/desk/history/notices/2026-10-09-tingshui",
    "withdraw": "/desk/withdraw/notices/2026-10-09-tingshui",
    "duty": "/desk/duty",
    "waiting": "/desk/revision/1",
    "conflict": "/desk/revision/2/conflict",
}
OFFICE = {
    "queue": "/desk/review/",
    "review": "/desk/review/revision/1",
    "builds": "/desk/review/builds",
    "reminders": "/desk/review/reminders",
    "units": "/desk/review/units",
    "unit": "/desk/review/units/tax",
    "history": "/desk/review/history/units/tax/procedures/wanshui",
}


@pytest.fixture
def address(app) -> Iterator[str]:
    with served(app) as place:
        yield place


@pytest.fixture
def papers(editor, desk_pages):
    """A revision that waits (1) and one whose page was changed by hand (2)."""
    sent = form_of(editor.get(FORM))
    changes = {"promised_limit_days": "3", "materials-1-note": "可以手机填", "note": "多一道核对"}
    editor.post(FORM, data={**sent, **changes, "do": "submit"})
    other = "units/tax/procedures/fapiao.md"
    put(desk_pages, other, {**PROCEDURE, "title": "发票领用", "code": "00001101000009"})
    form = "/desk/page/units/tax/procedures/fapiao"
    editor.post(form, data={**form_of(editor.get(form)), "place": "二楼", "do": "save"})
    put(desk_pages, other, {**PROCEDURE, "title": "发票领用", "code": "00001101000009", "place": "三楼"})


def signed_in_browser(browser: Browser, client, address: str, width: int, look: str, **how) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **how)
    session = client.get_cookie("pingyi_session")
    cookies = {"pingyi_session": session.value, "look": look}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    context.set_default_timeout(15_000)
    return context


def look_at(page: Page, where: str) -> None:
    """No rule of WCAG or good practice broken, nothing to scroll sideways."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
    assert sideways(page) <= 0, where


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_no_page_of_the_desk_breaks_a_rule(browser, editor, papers, address, width, look):
    context = signed_in_browser(browser, editor, address, width, look)
    page = context.new_page()
    for name, path in DESK.items():
        answer = page.goto(address + path)
        assert answer.status == 200, path
        look_at(page, name)
        picture(page, f"desk-{name}-{width}-{look}")
    context.close()


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_no_page_of_the_office_breaks_a_rule(browser, office, papers, address, width, look):
    context = signed_in_browser(browser, office, address, width, look)
    page = context.new_page()
    for name, path in OFFICE.items():
        answer = page.goto(address + path)
        assert answer.status == 200, path
        look_at(page, name)
        picture(page, f"review-{name}-{width}-{look}")
    context.close()


def test_a_form_is_filled_without_scripts_and_comes_back_at_the_row(browser, editor, address):
    context = signed_in_browser(browser, editor, address, 390, "standard", java_script_enabled=False)
    page = context.new_page()
    page.goto(address + FORM)
    page.get_by_role("button", name="添加材料").click()
    assert page.url.endswith("#f-materials-2")
    page.get_by_role("group", name="材料3").get_by_label("材料", exact=True).fill("委托书")
    page.get_by_role("group", name="材料3").get_by_role("button", name="上移").click()
    assert page.url.endswith("#f-materials-1")
    page.get_by_role("button", name="删除材料1").click()
    page.get_by_role("button", name="保存草稿").last.click()
    assert page.get_by_role("status").inner_text() == "已保存草稿。"
    [draft] = store.listed(states=["draft"])
    assert [row["name"] for row in draft.data["materials"]] == ["委托书", "申请表"]
    context.close()


def test_enter_in_a_box_saves_the_draft_and_removes_nothing(browser, editor, address):
    context = signed_in_browser(browser, editor, address, 1280, "standard")
    page = context.new_page()
    page.goto(address + FORM)
    page.locator("#f-materials-0-name").press("Enter")
    page.get_by_role("status").wait_for()
    [draft] = store.listed(states=["draft"])
    assert len(draft.data["materials"]) == 2
    context.close()


def test_an_error_is_found_by_its_link_from_the_summary(browser, editor, address):
    context = signed_in_browser(browser, editor, address, 390, "elder")
    page = context.new_page()
    page.goto(address + FORM)
    page.locator("#f-materials-1-note").fill("以及其他有关材料")
    page.get_by_role("button", name="送审").click()
    assert page.title().startswith("请改1处")
    look_at(page, "errors")
    picture(page, "desk-errors-390-elder")
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "f-materials-1-note"
    assert page.locator("#f-materials-1-note").input_value() == "以及其他有关材料"
    context.close()


def test_two_taps_change_the_duty_board_and_enter_presses_the_button_beside_the_box(
    browser, editor, desk_pages, address
):
    context = signed_in_browser(browser, editor, address, 390, "standard")
    page = context.new_page()
    page.goto(address + "/desk/duty")
    page.get_by_label("谁代办").nth(1).fill("周静（1号窗口）")
    page.get_by_label("谁代办").nth(1).press("Enter")
    page.get_by_text("周静（1号窗口）代办").wait_for()
    assert page.url.endswith("#w1")
    page.get_by_role("button", name="在岗 2号").click()
    page.wait_for_url("**#w1")
    page.get_by_text("周静（1号窗口）代办").wait_for(state="detached")
    context.close()


def test_nothing_on_the_work_side_is_asked_of_another_host_or_refused_by_its_policy(browser, editor, papers, address):
    context = signed_in_browser(browser, editor, address, 1280, "standard")
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in DESK.values():
        page.goto(address + path)
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []


def test_a_draft_is_seen_as_it_will_look_before_it_is_published(editor, papers):
    with editor.get("/desk/revision/1/preview/units/tax/procedures/wanshui/") as answer:
        assert answer.status_code == 200
        assert "3个工作日" in answer.text
        assert "script-src" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert editor.get(f"/desk/revision/1/preview/{PROCEDURE_PATH}").status_code == 404
