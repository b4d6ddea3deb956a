"""Cases at the desks in a real browser: a rating disputed and ruled on, a question that ends on the public page."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app import jobs
from survey_app.casework.verbs import Said
from survey_app.config import OPTIONAL
from survey_app.domain import passwords
from survey_app.domain.cases import steps
from survey_app.publishing.revisions import revising
from survey_app.store import cases as store
from survey_app.store import revisions
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, person, picture, served, sideways
from tests.survey_app.unit.pages import PROCEDURE_PATH, give_desk_pages, read

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RIGHT = "试用的密码-长一点-42"


@pytest.fixture
def address(app, settings):
    give_desk_pages(settings.pages)
    app.config["SETTINGS"] = replace(settings, second_factor=OPTIONAL)  # it has tests of its own
    with served(app) as place:
        yield place


@pytest.fixture
def come_in(browser, address, clock):
    """`come_in("zhou", "周静", "case_handler")`: somebody signs in, without scripts unless told otherwise."""
    opened, hashed = [], passwords.hash_password(RIGHT)

    def enter(username, name, *roles, unit="", **how):
        make_account(clock, username, *roles, unit=unit, name=name, password_hash=hashed)
        context = person(browser, **{"viewport": DESK, "java_script_enabled": False, **how})
        opened.append(context)
        page = context.new_page()
        page.goto(f"{address}/account/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(RIGHT)
        with page.expect_navigation():
            page.get_by_role("button", name="登录", exact=True).click()
        return page

    yield enter
    for context in opened:
        context.close()


def open_step(page, name, **typed):
    """Unfold a step, fill in what it asks, press its button."""
    box = page.locator("details.p-do", has=page.get_by_text(name, exact=True).first)
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, words in typed.items():
        box.get_by_label(re.compile(label)).fill(words)
    return box


def press(page, name, **typed):
    box = open_step(page, name, **typed)
    box.get_by_role("button", name=name).click()


def test_a_low_rating_is_disputed_on_a_phone_and_excluded_by_two_people(desk, come_in, clock):
    number = desk.receive("bad_rating").number
    zhou = come_in("zhou", "周静", "case_handler", unit="tax", viewport=PHONE)
    assert zhou.url.endswith("/desk/cases")
    assert "等了" not in zhou.locator("main").inner_text()
    picture(zhou, "cases-390")
    zhou.get_by_role("link", name=re.compile(number)).click()
    picture(zhou, "case-390")
    press(zhou, "记下联系核实", **{"哪天、怎么联系的": "11月3日打过电话，本人说当天没有来过"})
    box = open_step(zhou, "对评价提出异议", **{"异议的理由": "同一天从同一个窗口码来了九次，见取号记录"})
    box.get_by_label("误评").check()
    box.get_by_role("button", name="对评价提出异议").click()
    assert "等裁定异议" in zhou.locator(".p-stand").inner_text()
    assert sideways(zhou) <= 0

    for name, told in (("沈立", "等第二人裁定"), ("何方", "")):
        reviewer = come_in(f"r{len(told)}", name, "reviewer")
        reviewer.goto(re.sub("/desk/.*", f"/office/cases/{number}", zhou.url))
        box = open_step(reviewer, "裁定异议", 裁定的理由="取号记录属实，九次是同一个人")
        box.get_by_label("剔除评价").check()
        if told:
            picture(reviewer, "case-ruling-1280")
        box.get_by_role("button", name="裁定异议").click()
        assert told in reviewer.locator(".p-stand").inner_text()

    zhou.reload()
    page = zhou.locator("main").inner_text()
    assert page.count("剔除评价") == 2
    assert [event.step for event in store.events_of(number)][-3:] == ["disputed", "dispute_ruled", "dispute_ruled"]
    assert store.case(number).dispute == "excluded"


def test_a_question_becomes_an_entry_on_the_procedures_public_page(
    desk, come_in, signed_in, settings, clock, monkeypatch
):
    def publish(_settings, _seconds, path="", after=None):
        written = revising.write_approved(settings, clock())
        revising.mark_published([number for one in written for number in one.ids], clock())
        return jobs.PUBLISHED

    monkeypatch.setattr(jobs, "publish_soon", lambda _settings: None)
    monkeypatch.setattr(jobs, "wait_published", publish)
    number = desk.receive("question").number
    zhou = come_in("zhou", "周静", "case_handler", "unit_editor", unit="tax", viewport=DESK)
    zhou.goto(re.sub("/desk/.*", f"/desk/cases/{number}", zhou.url))
    open_step(zhou, "发出答复")
    zhou.get_by_role("link", name="直接答复").click()
    assert "【请先写能不能" in zhou.get_by_label("答复", exact=True).input_value()
    picture(zhou, "case-answer-1280")
    box = open_step(zhou, "发出答复")
    box.get_by_label("已解决").check()
    box.get_by_role("button", name="发出答复").click()
    assert "一个字没有改" in zhou.get_by_role("alert").inner_text()
    picture(zhou, "case-answer-refused-1280")
    box = open_step(zhou, "发出答复", **{"^答复": "您好。可以委托家里人来开，带双方身份证，到1号窗口。"})
    box.get_by_label("已解决").check()
    box.get_by_role("button", name="发出答复").click()
    zhou.get_by_role("button", name="写成这件事的常见问题").click()
    assert "/desk/revision/" in zhou.url
    zhou.get_by_role("button", name="送审").click()
    assert "还没有写" in zhou.get_by_role("alert").inner_text()
    picture(zhou, "faq-draft-1280")
    zhou.locator("[name='faq-0-q']").fill("本人来不了，能请人代开吗？")
    zhou.get_by_role("button", name="送审").click()

    office, [revision] = signed_in("publicity", ""), revisions.listed(states=["submitted"])
    seen = office.get(f"/desk/review/revision/{revision.number}").text
    assert "本人来不了，能请人代开吗？" in seen
    assert "窗口让我跑了三趟" not in seen
    office.post(f"/desk/review/revision/{revision.number}", data={"verdict": "ok", "version": revision.version})

    assert read(settings.pages, PROCEDURE_PATH)["faq"][0]["q"] == "本人来不了，能请人代开吗？"
    public = (settings.pages / PROCEDURE_PATH).read_text("utf-8")
    assert '<details class="p-faq"><summary>本人来不了，能请人代开吗？</summary><p>您好。可以委托家里人来开' in public


@pytest.mark.parametrize(
    "size",
    ["390", "1280", pytest.param("390-elder", marks=pytest.mark.slow), pytest.param("1280-en", marks=pytest.mark.slow)],
)
def test_the_pages_of_cases_keep_the_rules_and_fit(size, desk, come_in, address):
    number = desk.receive(contact="微信wjg_1975").number
    desk.take(number, steps.CONTACTED)
    desk.take(number, steps.NOTE, said=Said(internal="先问一下财务科，很长的一串没有空格的编号" + "1234567890" * 9))
    desk.take(number, steps.ASKED, said=Said(public="请说一下是哪一天"))

    def look(page, name):
        page.wait_for_load_state("load")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
        assert sideways(page) <= 0, name
        picture(page, f"cases-{name}-{size}")

    def visitor(username, name, role, **how):
        view = PHONE if size.startswith("390") else DESK
        page = come_in(username, name, role, viewport=view, java_script_enabled=True, **how)
        cookies = {"elder": {"name": "look", "value": "elder"}, "en": {"name": "lang", "value": "en"}}
        page.context.add_cookies([{**cookies[end], "url": address} for end in cookies if size.endswith(end)])
        return page

    for page, place in (
        (visitor("zhou", "周静", "case_handler", unit="tax"), "desk"),
        (visitor("shen", "沈立", "reviewer"), "office"),
    ):
        page.goto(f"{address}/{place}/cases")
        look(page, f"{place}-list")
        page.goto(f"{address}/{place}/cases/{number}")
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        look(page, f"{place}-case")
