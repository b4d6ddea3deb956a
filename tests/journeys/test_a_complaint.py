"""An anonymous complaint on a phone without scripts: answered in time and accepted; refused, reopened and escalated.

The citizen walks through a real browser; unit and office take their steps at their own desks.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.domain.cases import steps
from survey_app.store import cases as store
from tests.browsing import DESK, person, picture, served, sideways
from tests.sealing import install_key
from tests.survey_app.citizen.casing import version_of

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ANSWER = {"public": "已经加开一个窗口，当面道了歉。", "outcome": "solved", "evidence": "取号记录"}


@pytest.fixture
def address(app):
    with served(app) as place:
        yield place


def look(page, name):
    page.wait_for_load_state("load")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    assert sideways(page) <= 0, name
    picture(page, f"case-{name}")


def complain(page, address, clock, words):
    """Write a complaint from the unit's page and copy its code down, as a person does."""
    page.goto(f"{address}/case/new/complaint?unit=tax")
    page.get_by_label("发生了什么事").fill(words)
    clock.later(minutes=2)
    page.get_by_role("button", name="提交投诉").click()
    return page.locator("#case-code").inner_text()


def number_on(page):
    return re.search(r"2026-\d{6}", page.locator("main").inner_text())[0]


def at_desk(clerk, desk, number, step, **typed):
    """A step taken on the screen of the case."""
    screen = clerk.get(f"/{desk}/cases/{number}")
    sent = {
        "step": step,
        "version": version_of(screen),
        "mark": re.search(r'name="mark" value="([^"]+)"', screen.text)[1],
    }
    answer = clerk.post(f"/{desk}/cases/{number}", data={**sent, **typed})
    assert answer.status_code == 303, answer.text


def handled(signed_in, number):
    """Gone into, answered by the unit, verified by the office."""
    clerk, office = signed_in("case_handler"), signed_in("reviewer")
    at_desk(clerk, "desk", number, steps.CONTACTED, internal="看了当天的录像")
    at_desk(clerk, "desk", number, steps.ANSWERED, **ANSWER)
    at_desk(office, "office", number, steps.VERIFIED, internal="去现场看过")


def follow(page, address, code):
    page.goto(f"{address}/case")
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查办件").click()


def judge(page, choice, why=""):
    page.get_by_label(choice).check()
    page.get_by_label("为什么").fill(why)
    page.get_by_role("button", name="提交", exact=True).click()


def test_an_anonymous_complaint_is_answered_in_time_and_accepted(browser, address, clock, signed_in):
    page = person(browser, java_script_enabled=False).new_page()
    code = complain(page, address, clock, "昨天在3号窗口等了两个小时，没有人叫号。")
    picture(page, "case-kept-390")
    page.get_by_role("link", name="看办到哪一步").click()
    assert "单位最晚2026年11月4日核实情况" in page.locator(".p-next").inner_text()
    number = number_on(page)

    handled(signed_in, number)
    clock.later(days=1)
    follow(page, address, code)
    assert "已经加开一个窗口" in page.locator("#story + ol").inner_text()
    judge(page, "满意，解决了")
    assert "您已回音，等办结" in page.locator("main").inner_text()
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="提交对办理的评价").click()
    clerk = signed_in("case_handler")
    at_desk(clerk, "desk", number, steps.RESPONSIBILITY_STATED, internal="排班不当，已经调整")
    at_desk(signed_in("reviewer"), "office", number, steps.RESPONSIBILITY_CONFIRMED)

    closed = store.case(number)
    assert (closed.state, closed.satisfied, closed.has_contact) == (steps.DONE, "yes", False)
    assert store.state(number).handling == 5
    page.reload()
    assert "已经办结" in page.locator(".p-next").inner_text()
    picture(page, "case-closed-390")


def test_a_complaint_is_refused_twice_reopened_and_goes_to_the_office(browser, address, clock, signed_in):
    page = person(browser, viewport=DESK).new_page()
    code = complain(page, address, clock, "窗口十二点以后就没有人。")
    look(page, "kept-1280")
    page.get_by_role("link", name="看办到哪一步").click()
    number = number_on(page)

    handled(signed_in, number)
    follow(page, address, code)
    look(page, "judge-1280")
    judge(page, "不满意，没有解决")
    assert "请写哪里没有解决" in page.get_by_role("alert").inner_text()
    look(page, "judge-error-1280")
    judge(page, "不满意，没有解决", "中午还是没有人")
    assert "重新办理" in page.locator("#story + ol").inner_text()
    assert store.case(number).reopened == 1

    handled(signed_in, number)
    follow(page, address, code)
    judge(page, "不满意，没有解决", "今天中午又去了，没有人")
    assert "由主管办公室来定" in page.locator(".p-next").inner_text()
    refused = store.case(number)
    assert (refused.satisfied, refused.raised, refused.closed_at) == ("no", "office", None)
    assert number in signed_in("reviewer").get("/office/cases?show=refused").text


def test_the_form_in_elderly_mode_and_the_sealed_way_have_no_barriers(browser, address, clock, settings):
    install_key(settings)
    page = person(browser).new_page()
    page.goto(f"{address}/case/new/complaint?look=elder")
    page.goto(f"{address}/case/new/complaint")
    look(page, "new-elder-390")
    page.get_by_label("我要反映违纪问题").check()
    page.get_by_label("发生了什么事").fill("窗口的人要我送礼")
    clock.later(minutes=2)
    page.get_by_role("button", name="提交投诉").click()
    look(page, "offer-elder-390")
    page.get_by_role("button", name="带上写的话，去密封信箱").click()
    assert page.url.endswith("/report")
    assert "窗口的人要我送礼" in page.locator("textarea").first.input_value()
    page.goto(f"{address}/case")
    look(page, "find-elder-390")
