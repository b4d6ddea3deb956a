"""Accounts as people meet them: a phone and a desk, both modes, without JavaScript, under the app's own policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from passlib.totp import TOTP
from playwright.sync_api import expect

from survey_app.domain import passwords
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, SIZES, person, picture, served, sideways
from tests.survey_app.account.conftest import RIGHT

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def address(app):
    """The app on a free port of this machine."""
    with served(app) as place:
        yield place


@pytest.fixture(params=SIZES)
def somebody(request, browser, address):
    """A person with a width and a mode, whose browser runs the page's own scripts: there are none."""
    context = person(browser, viewport=PHONE if request.param.startswith("390") else DESK)
    if request.param.endswith("elder"):
        context.add_cookies([{"name": "look", "value": "elder", "url": address}])
    context.size = request.param
    yield context
    context.close()


def look(page, name, size):
    """The page keeps the rules, fits its width, and is kept as a picture."""
    page.wait_for_load_state("load")  # with its style sheets
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    assert sideways(page) <= 0, name
    picture(page, f"account-{name}-{size}")


def send(page, button):
    page.get_by_role("button", name=button, exact=True).click()


def sign_in(page, address, username, password):
    page.goto(f"{address}/account/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    send(page, "登录")


def test_an_administrator_sets_up_a_second_factor_makes_an_account_and_its_person_comes_in(somebody, address, clock):
    for number, name in enumerate(("陈立", "周静", "吴敏")):
        make_account(clock, f"noise-{number}", "unit_editor", unit="water", name=name)
    make_account(clock, "boss", "administrator", name="郭强", password_hash=passwords.hash_password(RIGHT))
    page, size, refused = somebody.new_page(), somebody.size, []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)

    sign_in(page, address, "boss", "不是这个")
    look(page, "sign-in-wrong", size)
    sign_in(page, address, "boss", RIGHT)
    look(page, "factor", size)
    secret = page.locator(".p-secret").inner_text()
    page.get_by_label("动态码").fill(TOTP(key=secret).generate(time=int(clock().timestamp())).token)
    send(page, "设好了")
    look(page, "recovery-codes", size)
    code = page.locator(".p-codes code").first.inner_text()
    page.get_by_role("link", name="我抄好了").click()
    page.get_by_role("link", name="账号", exact=True).first.click()
    look(page, "people", size)

    page.get_by_role("link", name="新建账号").click()
    look(page, "add", size)
    page.get_by_label("用户名").fill("wangfang")
    page.get_by_label("姓名").fill("王芳")
    page.get_by_label("单位", exact=True).select_option("tax")
    page.get_by_label("单位编辑").check()
    send(page, "新建")
    look(page, "start-password", size)
    start = page.locator(".p-secret").inner_text()
    page.get_by_role("link", name="已经交给本人").click()
    look(page, "person", size)
    page.get_by_role("link", name="看这个账号的操作记录").click()
    look(page, "events", size)
    page.get_by_role("link", name="核对记录").click()
    look(page, "events-checked", size)
    page.goto(f"{address}/account/")
    look(page, "own", size)
    send(page, "退出")

    sign_in(page, address, "boss", RIGHT)
    look(page, "second-step", size)
    page.get_by_label("动态码或恢复码").fill(code)
    send(page, "验证")
    assert page.url == f"{address}/office/"
    send(page, "退出")

    sign_in(page, address, "wangfang", start)
    page.goto(f"{address}/account/")
    look(page, "first-password", size)
    page.get_by_label("现在的密码").fill(start)
    page.get_by_label("新密码", exact=True).fill(RIGHT + "，七只")
    page.get_by_label("再输一次新密码").fill(RIGHT + "，七只")
    send(page, "改密码")
    expect(page.get_by_role("heading", name="王芳")).to_be_visible()
    assert [url for url in somebody.seen if not url.startswith(address)] == []
    policy = [text for text in refused if "Content Security Policy" in text]
    assert [text for text in policy if not text.startswith("Connecting to")] == []  # axe itself tries to fetch styles


def test_typing_for_too_long_loses_nothing(somebody, address, clock):
    make_account(clock, "zhou", "unit_editor", unit="tax", password_hash=passwords.hash_password(RIGHT))
    page = somebody.new_page()
    sign_in(page, address, "zhou", RIGHT)
    page.goto(f"{address}/account/password")
    page.get_by_label("现在的密码").fill(RIGHT)
    for label in ("新密码", "再输一次新密码"):
        page.get_by_label(label, exact=True).fill("一句很长很长很长的话")
    clock.later(minutes=31)
    send(page, "改密码")
    look(page, "ran-out", somebody.size)
    with somebody.expect_page() as opened:
        page.get_by_role("link", name=re.compile("新窗口登录")).click()
    sign_in(opened.value, address, "zhou", RIGHT)
    opened.value.wait_for_url("**/desk/")
    send(page, "已登录，再提交一次")

    expect(page.get_by_text("密码改好了")).to_be_visible()


def test_everything_works_without_javascript(browser, address, clock):
    make_account(clock, "zhou", "unit_editor", unit="tax", password_hash=passwords.hash_password(RIGHT))
    context = person(browser, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, "zhou", RIGHT)
    page.goto(f"{address}/account/")

    expect(page.get_by_role("heading", name="zhou（试）")).to_be_visible()
    context.close()
