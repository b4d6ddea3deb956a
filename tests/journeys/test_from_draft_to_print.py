"""The other journey: an editor drafts, an approver returns it, it is mended, approved, found by search and printed."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import DESK, PHONE, person, picture, sideways

pytestmark = pytest.mark.browser

TITLE = "加装电梯产权登记"
ADDRESS = "units/budongchan/procedures/jia-zhuang-dian-ti-chan-quan-deng-ji/"
EDITOR, APPROVER, OWN_PASSWORD = "zhoujing", "chenli", "river-lamp-7-quiet-field"
START_PASSWORD = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")

# What the editor types, by the names of the form's boxes.
TYPED = {
    "code": "000711031000JZDT",
    "scope": "本区既有住宅加装电梯的业主",
    "basis": "《不动产登记暂行条例》第十四条",
    "conditions": "电梯已通过监督检验，全体出资业主已签分摊协议。",
    "legal_limit_days": "30",
    "promised_limit_days": "4",
    "fee-amount": "不收费",
    "place": "政务服务大厅一楼1号窗口（政和路18号）",
    "hours": "周一至周五9:00–17:00",
    "visits": "1",
    "result": "不动产权证书附记页",
    "delivery": "窗口领取，也可以邮寄",
    "phone": "0000-8123401",
    "complaint_phone": "0000-8123400",
    "first_contact": "周静（工号017）",
    "online": "在政务服务网搜“加装电梯”，可以预审材料。",
    "synonyms": "装电梯 电梯上证",
    "version_on": "2026-11-24",
    "review_by": "2027-05-24",
    "materials-0-name": "分摊协议",
    "materials-0-form": "原件",
    "materials-0-source": "业主自己签",
    "materials-0-copies": "1份",
    "materials-0-note": "以及其他有关材料",
    "steps-0-name": "窗口收件",
    "steps-0-text": "1号窗口当场核对材料。",
    "steps-1-name": "登簿发证",
    "steps-1-text": "4个工作日内出证。",
    "faq-0-q": "没出钱的业主要签字吗",
    "faq-0-a": "不用，只要出资业主签。",
    "note": "今年咨询最多的一件事，单列一份。",
}


@pytest.fixture(scope="module")
def clerks(browser, portal):
    """An editor of the registry without JavaScript, and a person of the publicity office, both signed in."""
    editor = signed_in(browser, portal, EDITOR, "周静", "unit_editor", "--unit", "budongchan")
    approver = signed_in(browser, portal, APPROVER, "陈立", "publicity")
    yield {EDITOR: editor.pages[0], APPROVER: approver.pages[0]}
    editor.close()
    approver.close()


def signed_in(browser, portal, username: str, name: str, role: str, *more: str):
    """The administrator hands over a start password; the first thing asked is to change it."""
    start = START_PASSWORD.search(portal.run("user", "add", username, "--name", name, "--role", role, *more))[0]
    context = person(browser, viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal.address}/account/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(start)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("现在的密码").fill(start)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输一次新密码").fill(OWN_PASSWORD)
    page.get_by_role("button", name="改密码").click()
    return context


def test_an_editor_drafts_a_procedure_and_cannot_submit_it_with_a_catch_all(portal, clerks):
    page = clerks[EDITOR]
    page.goto(f"{portal.address}/desk/")
    page.get_by_role("link", name="写一份办事指南").click()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_role("button", name="接着写").click()
    for row in ("添加材料", "添加步骤", "添加步骤", "添加问答"):
        page.get_by_role("button", name=row).click()
    for name, words in TYPED.items():
        page.locator(f"[name='{name}']").fill(words)
    for name, choice in {"type": "行政确认", "item_kind": "承诺件", "theme": "住房"}.items():
        page.locator(f"[name='{name}']").select_option(choice)
    page.get_by_role("checkbox", name="个人").check()
    page.get_by_role("button", name="送审").click()

    expect(page.get_by_text("“其他有关材料”不能用。请写明是哪一种，或删去。").first).to_be_visible()
    assert page.locator("[name='materials-0-name']").input_value() == "分摊协议"
    picture(page, "desk-edit-1280")
    page.locator("[name='materials-0-note']").fill("全体出资业主签字")
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_text("已送审").first).to_be_visible()


def test_the_approver_reads_what_changes_and_returns_it_with_a_reason(portal, clerks):
    page = clerks[APPROVER]
    page.goto(f"{portal.address}/desk/review/")
    picture(page, "review-queue-1280")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("row", name=re.compile("承诺办结时限.*4个?工作日"))).to_be_visible()
    picture(page, "review-1280")

    page.get_by_label("退回，写明要改什么").check()
    page.locator("[name=words]").fill("收费写成“不收费”，请注明依据。")
    page.get_by_role("button", name="提交审核意见").click()

    expect(page.get_by_text("已退回").first).to_be_visible()


def test_the_editor_mends_it_and_the_approver_makes_it_live(portal, clerks):
    editor, approver = clerks[EDITOR], clerks[APPROVER]
    editor.goto(f"{portal.address}/desk/")
    expect(editor.get_by_text("请注明依据")).to_be_visible()
    picture(editor, "desk-1280")
    editor.get_by_role("link", name=TITLE).first.click()
    editor.locator("[name='fee-basis']").fill("《政府定价的经营服务性收费目录清单》未列入")
    editor.get_by_role("button", name="送审").click()
    approver.goto(f"{portal.address}/desk/review/")
    approver.get_by_role("link", name=TITLE).click()
    approver.get_by_label("通过，马上公布").check()
    approver.get_by_role("button", name="提交审核意见").click()

    expect(approver.get_by_text("已公布").first).to_be_visible()
    answer = approver.request.get(f"{portal.address}/{ADDRESS}")
    assert answer.ok
    assert TITLE in answer.text()


def test_a_citizen_finds_it_by_search_and_prints_the_notice_on_one_page(portal, browser, clerks, tmp_path):
    context = person(browser, viewport=PHONE)
    page = context.new_page()
    found = search_until_found(page, f"{portal.address}/search/?q=电梯上证")
    assert sideways(page) == 0
    picture(page, "search-new-390")
    found.click()
    expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()
    picture(page, "procedure-new-390")
    page.get_by_role("link", name=re.compile("一次性告知书")).first.click()
    expect(page.get_by_text("分摊协议").first).to_be_visible()
    picture(page, "notice-new-390")

    printed = page.pdf(path=tmp_path / "notice.pdf", format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert all(url.startswith((portal.address, "data:")) for url in context.seen)
    context.close()


def search_until_found(page, address: str):
    """The search index is refreshed right after the page is live; a citizen who comes earlier tries again."""
    for _ in range(40):
        page.goto(address)
        found = page.get_by_role("link", name=TITLE)
        page.locator("#p-state", has_text=re.compile("条|没有找到")).wait_for()
        if found.count():
            return found.first
        time.sleep(0.5)
    raise AssertionError("the new page was not in the search index within 20 seconds")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_desk_and_the_office_can_be_used_by_everyone(portal, browser, clerks, size):
    """0 violations of WCAG and best practice on the pages where clerks spend their day."""
    rooms = {
        EDITOR: ["", "list/procedure", "page/units/budongchan/procedures/diya-zhuxiao", "duty", "tables/"],
        APPROVER: ["review/", "review/builds", "review/reminders", "review/units", "review/units/budongchan"],
    }
    wrong = []
    for who, places in rooms.items():
        context = person(browser, viewport=size)
        context.add_cookies(clerks[who].context.cookies())
        page = context.new_page()
        for place in places:
            page.goto(f"{portal.address}/desk/{place}")
            report = Axe().run(page).response["violations"]
            wrong += [(place, violation["id"]) for violation in report] + [(place, "sideways")] * bool(sideways(page))
        context.close()

    assert wrong == []


def test_every_step_stands_in_the_audit_chain(portal, clerks):
    assert "没有被改、被删" in portal.run("audit", "verify")
    listed = portal.run("audit", "list", "--json")

    for action in ("revision.submit", "revision.return", "revision.approve", "revision.published"):
        assert f'"{action}"' in listed
