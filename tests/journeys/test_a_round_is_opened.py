"""From the first idea to the open round in a real browser: two persons, no JavaScript needed, nothing installed."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app import create_app
from survey_app.config import OPTIONAL
from survey_app.domain import passwords
from survey_app.store import rounds
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, person, picture, served, sideways
from tests.factories import make_codes, make_round

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RIGHT = "试用的密码-长一点-42"


@pytest.fixture
def address(store, settings, keys, clock):
    """The app on a free port of this machine; the second factor has its own tests."""
    with served(create_app(replace(settings, second_factor=OPTIONAL), keys, clock)) as place:
        yield place


@pytest.fixture
def come_in(browser, address, clock):
    """`come_in("he", "何专员", "round_officer")`: somebody signs in at a desk."""
    opened = []

    def enter(username, name, role):
        make_account(clock, username, role, name=name, password_hash=passwords.hash_password(RIGHT))
        context = person(browser, viewport=DESK, accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.goto(f"{address}/account/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(RIGHT)
        page.get_by_role("button", name="登录", exact=True).click()
        return page

    yield enter
    for context in opened:
        context.close()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def look(page, name):
    """A picture at either size, nothing to be moved sideways, no fault of access."""
    picture(page, f"{name}-1280")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.set_viewport_size(PHONE)
    assert sideways(page) == 0
    picture(page, f"{name}-390")
    page.set_viewport_size(DESK)


def keep_copy(page, code, tmp_path):
    """Download a copy with the hand-over code, give it back for proof."""
    page.get_by_label("交接码", exact=True).fill(code)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载我这一份私钥").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.get_by_label("验证：把存好的私钥文件交回来试一次").set_input_files(saved)
    press(page, "验证我这一份")
    assert "这一份私钥验证过了" in page.get_by_role("status").first.inner_text()
    return saved.read_bytes()


def test_a_plan_is_written_settled_announced_and_opened_by_two_persons(
    come_in, address, settings, keys, clock, tmp_path
):
    make_round(settings, "2026-h1", opens_on="2026-04-08", closes_on="2026-06-30", clock=clock)
    he = come_in("he", "何专员", "round_officer")
    assert he.url.endswith("/office/")
    he.get_by_role("navigation").get_by_role("link", name="评议轮次").click()
    look(he, "rounds")
    he.get_by_role("link", name="新的一轮").click()
    he.get_by_label("现成的办法：七个方面加总体评价").check()
    press(he, "开始写计划")
    he.get_by_role("link", name="名称和日期").click()
    he.get_by_label("截止日期").fill("2026-11-01")
    press(he, "存好，下一步")
    assert "早于开始日期" in he.get_by_role("alert").inner_text()
    he.get_by_label("截止日期").fill("2026-12-18")
    press(he, "存好，下一步")
    he.get_by_label("全部窗口服务").check()
    look(he, "plan-units")
    press(he, "存好，下一步")
    look(he, "plan-groups")
    for _step in ("谁来评", "评哪些方面", "怎么计分、哪些渠道"):
        press(he, "存好，下一步")
    he.get_by_label("空着的都填 群众 计划发码").fill("60")
    he.get_by_label("空着的都填 企业 计划发码").fill("30")
    press(he, "存好，下一步")
    look(he, "plan-rules")
    he.goto(f"{address}/office/plans/1")
    assert "窗口服务不要排名次" in he.inner_text("main")
    look(he, "plan")
    press(he, "定稿")
    [draft] = [one for one in rounds.list_rounds() if one.status == "draft"]
    make_codes(keys, clock, round_code=draft.code, count=60)
    he.reload()
    he.get_by_label("我确认：我明白丢了私钥就等于这一轮作废").check()
    press(he, "做私钥")
    look(he, "round-key")
    code = he.locator(".p-bigcode").inner_text()
    shen = come_in("shen", "沈审计", "auditor")
    shen.goto(f"{address}/office/rounds/{draft.code}")
    assert keep_copy(he, code, tmp_path) == keep_copy(shen, code, tmp_path)
    press(he, "公布办法")
    live = settings.live_site / "results" / draft.code
    live.mkdir(parents=True)
    (live / "method.toml").write_bytes((settings.pages / "results" / draft.code / "method.toml").read_bytes())
    he.reload()
    look(he, "round-draft")
    he.get_by_label("我确认：都核对过了，开始").check()
    press(he, "开始这一轮")
    assert rounds.get_round(draft.code).status == "open"
    look(he, "round-open")
