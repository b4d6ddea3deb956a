"""A whole round with everybody in it: planned, coded, rated, counted, objected to, published, acted upon, checked."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest
from docx import Document
from openpyxl import load_workbook

from survey_app import create_app
from survey_app.config import OPTIONAL
from survey_app.domain import passwords
from survey_app.office import rounds as office
from survey_app.office import steps
from survey_app.store import audit, orders
from survey_app.store import rounds as store
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, person, picture, served
from tests.factories import make_codes
from tests.journeys import whole_round as deeds
from tests.pages.page_trees import small_tree, write_tree

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # runs of analysis, whole sites, a dozen people
RIGHT = "试用的密码-长一点-42"
PEOPLE = {
    "he": ("round_officer", ""),
    "shen": ("auditor", ""),
    "sun": ("issuer", ""),
    "chen": ("entry_clerk", ""),
    "qian": ("entry_clerk", ""),
    "wu": ("reviewer", ""),
    "hong": ("unit_head", "water"),
    "ji": ("discipline_officer", ""),
    "lu": ("discipline_officer", ""),
    "admin": ("administrator", ""),
}


@pytest.fixture
def address(store, settings, keys, clock):
    """The app on a free port of this machine; the second factor has its own tests."""
    write_tree(settings.pages, small_tree())
    with served(create_app(dataclasses.replace(settings, second_factor=OPTIONAL), keys, clock)) as place:
        yield place


@pytest.fixture
def come_in(browser, address, clock):
    """`come_in("he")`: that person, signed in anew; sign-ins end with the day."""
    opened, hashed = [], passwords.hash_password(RIGHT)
    for username, (role, unit) in PEOPLE.items():
        make_account(clock, username, role, unit=unit, name=f"{username}同志", password_hash=hashed)

    def enter(username, **how):
        context = person(browser, **{"viewport": DESK, "accept_downloads": True, **how})
        opened.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{address}/account/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(RIGHT)
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_role("button", name="退出").wait_for()
        page.goto(f"{address}/office/")
        picture(page, f"start-{PEOPLE[username][0]}-1280")
        return page

    yield enter
    for context in opened:
        context.close()


def open_the_round(come_in, address, settings, tmp_path):
    """Planned, coded, keyed by two, announced, opened; its code and the codes of citizens."""
    he, shen, sun = come_in("he"), come_in("shen"), come_in("sun")
    deeds.plan(he, address)
    [draft] = [one for one in store.list_rounds() if one.status == "draft"]
    spoken = deeds.issue_codes(sun, address, draft.code)
    he.reload()
    he.get_by_label("我确认：我明白丢了私钥就等于这一轮作废").check()
    deeds.press(he, "做私钥")
    hand_over = he.locator(".p-bigcode").inner_text()
    shen.goto(f"{address}/office/rounds/{draft.code}")
    key = deeds.keep_copy(he, hand_over, tmp_path)
    deeds.keep_copy(shen, hand_over, tmp_path)
    deeds.press(he, "公布办法")
    live = settings.live_site / "results" / draft.code
    live.mkdir(parents=True)
    (live / "method.toml").write_bytes((settings.pages / "results" / draft.code / "method.toml").read_bytes())
    he.reload()
    he.get_by_label("我确认：都核对过了，开始").check()
    deeds.press(he, "开始这一轮")
    return draft.code, spoken, key


def collect(come_in, browser, address, keys, clock, code, spoken):
    """A citizen on a phone, many others, and cards typed by two clerks."""
    with person(browser, java_script_enabled=False) as citizen:
        deeds.rate_on_a_phone(citizen.new_page(), address, code, spoken[0])
    deeds.others_rate(keys, clock, code)
    cards = make_codes(keys, clock, round_code=code, count=10, channel="paper", unit_slug="tax")
    chen, qian = come_in("chen"), come_in("qian")
    for card in cards:
        assert "第一遍录好了" in deeds.type_card(chen, address, code, card)
        assert "两遍一致" in deeds.type_card(qian, address, code, card)


def counts_alone(he, address, code):
    """While it runs there are numbers of codes, and nothing of what anybody said."""
    he.goto(f"{address}/office/rounds/{code}")
    said = he.inner_text("main")
    picture(he, "whole-running-1280")
    assert "已用" in said
    assert "看不到一个等级、一个得分" in said
    for word in ("满意率", "名次", "平均分"):
        assert word not in said


def count_and_object(come_in, address, settings, clock, code, key):
    """Closed by itself, opened with the key, computed, shown; one objection upheld by two, which makes version 2."""
    at = f"{address}/office/rounds/{code}"
    he = come_in("he")
    he.goto(f"{at}/close")
    he.get_by_label("私钥文件").set_input_files(key)
    he.get_by_role("button", name="打开票箱").click()
    deeds.wait_for_step(he, f"{at}/close", settings, clock, "✓ 已算好")
    deeds.send_out(he, at)
    deeds.object_to(come_in("hong", viewport=PHONE), address, code)
    deeds.propose_ruling(he, at)
    wu = come_in("wu")
    wu.goto(f"{at}/objections")
    wu.get_by_role("button", name="确认裁定").click()
    assert "正在照此重新计算" in wu.inner_text("main")
    deeds.wait_for_step(he, f"{at}/close", settings, clock, "第2版")
    deeds.send_out(he, at)
    deeds.review_flags(he, at)
    return at


def publish(come_in, settings, clock, at):
    """Looked at first, then published as version 2."""
    he = come_in("he")
    he.goto(f"{at}/publish")
    he.get_by_role("link", name="预览结果页").click()
    assert "更正：供水服务厅的异议（第1号）成立" in he.inner_text("main")
    he.go_back()
    he.get_by_role("button", name="公布第2版").click()
    deeds.wait_for_step(he, f"{at}/publish", settings, clock, "✓ 已公布")


def same_figures(settings, code, workbook, notice):
    """The workbook's score of every unit is that of the release; the notice's figures are checked by the portal."""
    release = json.loads((settings.pages / "results" / code / "release.json").read_text())
    sheet = load_workbook(workbook, read_only=True)
    cells = {
        str(value) for page in sheet for row in page.iter_rows(values_only=True) for value in row if value is not None
    }
    scores = [row["score"] for row in release["scores"] if row["score"] is not None]
    assert len(scores) == 3  # the fourth unit was rated by nobody
    assert all(any(str(score) in cell for cell in cells) for score in scores)
    assert "通报" in "".join(line.text for line in Document(notice).paragraphs)
    agrees, said = office.check_notice(code, notice, settings)
    assert agrees, said


def test_everybody_plays_a_round_from_its_plan_to_the_order_it_led_to(
    come_in, address, browser, settings, keys, clock, tmp_path
):
    code, spoken, key = open_the_round(come_in, address, settings, tmp_path)
    clock.at = datetime(2026, 11, 10, 2, tzinfo=UTC)
    collect(come_in, browser, address, keys, clock, code, spoken)
    counts_alone(come_in("he"), address, code)
    clock.at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    steps.advance(settings, clock())  # the job, a minute after midnight
    at = count_and_object(come_in, address, settings, clock, code, key)
    clock.later(days=8)
    publish(come_in, settings, clock, at)

    ji = come_in("ji")
    number = deeds.draw_order(ji, address)
    deeds.reply(come_in("hong", viewport=PHONE), address, number)
    deeds.verify(come_in("lu"), address, number)
    assert orders.order(number).state == "closed"
    workbook, notice = deeds.take_papers(ji, address, tmp_path)
    same_figures(settings, code, workbook, notice)
    come_in("admin")

    assert audit.verify() == []
    did = {(event.actor, event.action) for event in audit.list_events(limit=1000)}
    for actor, action in (
        ("he", "plan.settle"),
        ("sun", "codes.issue"),
        ("shen", "round.key_proved"),
        ("he", "round.open"),
        ("hong", "objection.file"),
        ("he", "objection.propose"),
        ("wu", "objection.rule"),
        ("ji", "order.issued"),
        ("hong", "order.replied"),
        ("lu", "order.verified"),
        ("ji", "download"),
    ):
        assert (actor, action) in did, (actor, action)
