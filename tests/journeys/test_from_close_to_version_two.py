"""A round's last week in a browser without script: key given back, drafted, objected to, upheld, published as v2."""

import dataclasses
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app import create_app
from survey_app.config import OPTIONAL
from survey_app.domain import passwords
from survey_app.office import steps
from survey_app.store import audit
from survey_app.store import rounds as store
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, person, picture, served, sideways
from tests.factories import cast, make_codes
from tests.journeys import whole_round as deeds
from tests.pages.page_trees import small_tree, write_tree

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # six runs of analysis and a whole site
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RIGHT = "试用的密码-长一点-42"
AT = "/office/rounds/2026-h2"


@pytest.fixture
def portal(open_round, settings, keys, clock):
    """Twelve citizens have rated the tax hall, twelve the water works; the app answers on a port of its own."""
    for unit in ("tax", "water"):
        for number, code in enumerate(make_codes(keys, clock, count=12)):
            answers = {"attitude": 5 - number % 3, "efficiency": 4, "overall": 5}
            cast(keys, clock, code, unit=unit, answers=answers)
    write_tree(settings.pages, small_tree())
    app = create_app(dataclasses.replace(settings, second_factor=OPTIONAL), keys, clock)
    with served(app) as address:
        yield address


@pytest.fixture
def come_in(browser, portal, clock):
    """`come_in("zhou", "round_officer")`: a signed-in page. Sign-ins end with the day, so people come in anew."""
    opened, known = [], set()

    def enter(username, role, unit="", **how):
        if username not in known:
            hashed = passwords.hash_password(RIGHT)
            make_account(clock, username, role, unit=unit, name=f"{username}同志", password_hash=hashed)
            known.add(username)
        context = person(browser, **{"viewport": DESK, "java_script_enabled": False, **how})
        opened.append(context)
        context.set_default_timeout(60_000)  # the preview is made by two processes
        page = context.new_page()
        page.goto(f"{portal}/account/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(RIGHT)
        page.get_by_role("button", name="登录", exact=True).click()
        return page

    yield enter
    for context in opened:
        context.close()


def test_a_round_is_closed_opened_objected_to_put_right_and_published(come_in, portal, browser, settings, clock):
    clock.at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    steps.advance(settings, clock())  # the job, a minute after midnight
    officer = come_in("zhou", "round_officer")
    officer.goto(f"{portal}{AT}/close")
    assert "✓ 已关" in officer.inner_text("main")
    picture(officer, "round-close-1280")
    officer.get_by_label("私钥文件").set_input_files(settings.keys / "2026-h2.key")
    officer.get_by_role("button", name="打开票箱").click()
    deeds.wait_for_step(officer, f"{portal}{AT}/close", settings, clock, "✓ 已算好")
    deeds.send_out(officer, f"{portal}{AT}")
    picture(officer, "round-draft-1280")

    head = come_in("hong", "unit_head", "water", viewport=PHONE)
    head.goto(f"{portal}/desk/results/2026-h2")
    head.get_by_label("哪个数不对，为什么").fill("企业的应评人数不是40，名册多列了10人。")
    head.get_by_role("button", name="提交异议").click()
    assert "异议收到了" in head.inner_text("main")
    assert sideways(head) == 0
    picture(head, "unit-draft-390")

    rule(officer, portal)
    reviewer = come_in("wu", "reviewer")
    reviewer.goto(f"{portal}{AT}/objections")
    reviewer.get_by_role("button", name="确认裁定").click()
    assert "正在照此重新计算" in reviewer.inner_text("main")
    deeds.wait_for_step(officer, f"{portal}{AT}/close", settings, clock, "第2版")
    deeds.send_out(officer, f"{portal}{AT}")
    officer.goto(f"{portal}{AT}/publish")
    assert "核对期到2026年12月8日为止" in officer.inner_text("main")
    assert officer.get_by_role("button", name="公布").count() == 0

    clock.later(days=8)
    officer = come_in("zhou", "round_officer")
    officer.goto(f"{portal}{AT}/publish")
    picture(officer, "round-publish-1280")
    officer.get_by_role("link", name="预览结果页").click()
    assert "供水服务厅" in officer.inner_text("main")
    assert "更正：供水服务厅的异议（第1号）成立" in officer.inner_text("main")
    officer.go_back()
    officer.get_by_role("button", name="公布第2版").click()
    deeds.wait_for_step(officer, f"{portal}{AT}/publish", settings, clock, "✓ 已公布")
    look_at_all_pages(officer, portal)

    with person(browser, java_script_enabled=False) as citizen:
        page = citizen.new_page()
        page.goto(f"{portal}/results/2026-h2/")
        page.get_by_role("link", name="异议、裁定和核查").click()
        said = page.inner_text("main")
        for words in ("名册多列了10人", "成立", "查过名册，多列属实", "2026年12月1日"):
            assert words in said
        assert "同志" not in said
        assert sideways(page) == 0
        picture(page, "objections-390")
    assert store.get_round("2026-h2").status == "published"
    assert audit.verify() == []


def rule(page, portal):
    page.goto(f"{portal}{AT}/objections")
    page.get_by_label("成立", exact=True).check()
    page.get_by_label("理由，随结果公布").fill("查过名册，多列属实。")
    page.get_by_label("改应评人数", exact=True).check()
    page.get_by_label("评议主体").select_option("enterprise")
    page.get_by_label("应评人数改成").fill("30")
    picture(page, "round-objections-1280")
    page.get_by_role("button", name="提出裁定").click()
    assert "等第二个人确认" in page.inner_text("main")


def look_at_all_pages(officer, portal):
    """Every page stands on a telephone, nothing runs off its side, and no barrier is in it."""
    script = officer.context.browser.new_context(viewport=PHONE, locale="zh-CN")
    script.add_cookies(officer.context.cookies())
    page = script.new_page()
    for name in ("close", "draft", "flags", "objections", "publish", "versions"):
        page.goto(f"{portal}{AT}/{name}")
        assert sideways(page) == 0, name
        picture(page, f"round-{name}-390")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], name
    script.close()
