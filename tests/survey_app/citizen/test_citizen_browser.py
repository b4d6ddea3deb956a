"""Citizens and an enterprise in a real browser: without JavaScript, several units in one sitting, a change of mind."""

import dataclasses
import gzip
import re
import time
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from survey_app.domain.codes import spoken
from survey_app.office.methods import method_text
from survey_app.store import ballots
from survey_app.store.database import database
from survey_app.store.rounds import RatedUnit
from tests.browsing import DESK, PHONE, SIZES, person, picture, served, sideways
from tests.factories import make_codes, make_round

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ROUND = "2026-browser"
NAMES = ("办税服务厅", "供水服务厅", "不动产登记中心", "公安户政服务大厅", "社会保险服务中心", "区人民医院")
UNITS = tuple(RatedUnit(f"unit-{n}", name, "window") for n, name in enumerate(NAMES))
QUESTIONS = ("attitude", "efficiency", "lawful", "openness", "integrity", "style", "promise", "overall")


@pytest.fixture
def address(app, settings, clock):
    """The app on a free port; a round of six units by the standard method is open, and a noise round."""
    make_round(settings, "2026-noise", clock=clock)
    make_round(settings, ROUND, clock=clock, method=method_text("standard").decode(), units=UNITS)
    with served(app) as place:
        yield place


def codes_for(keys, clock, unit=None, group="citizen"):
    how = {"round_code": ROUND, "unit_slug": unit, "group": group, "channel": "window" if unit else "invited"}
    return [spoken(code) for code in make_codes(keys, clock, **how)]


def answer(page, levels, pause=lambda: None):
    """One tap a question; returns the taps."""
    for question, level in levels.items():
        pause()
        page.locator(f"#q-{question}").get_by_text(level, exact=True).click()
    return len(levels)


def press(page, button):
    page.get_by_role("button", name=button, exact=True).click()


def chosen(page):
    return page.locator("input[type=radio]:checked").count()


def in_the_box():
    database.close()  # read what the server's own threads have written
    return ballots.count_ballots(ROUND)


class Weighed:
    """Every page of a visit with its requests and its weight on the wire, had the server sent it gzipped."""

    def __init__(self, page):
        self.pages, self._asked = {}, []
        page.on("requestfinished", lambda request: self._asked.append(request.url))

    def stop(self, name, page):
        """The page as it stands with its sheet and scripts, as if nothing had been loaded before."""
        parts = ["/static/pages.css", *(tag.get_attribute("src") for tag in page.locator("script[src]").all())]
        asked = [urlsplit(url).path for url in self._asked if "/static/" in url]
        assert set(asked) <= set(parts)
        bodies = [page.content().encode(), *(page.request.get(urljoin(page.url, part)).body() for part in parts)]
        self.pages[name] = (len(bodies), sum(len(gzip.compress(body, 6)) for body in bodies))
        self._asked.clear()


@pytest.mark.parametrize("script", [False, True], ids=["without-javascript", "with-javascript"])
def test_a_citizen_with_a_code_rates_on_a_phone(browser, address, keys, clock, script):
    code, *_ = codes_for(keys, clock, unit="unit-2")
    phone = person(browser, java_script_enabled=script)
    page = phone.new_page()
    weighed = Weighed(page)
    page.goto(f"{address}/r")
    weighed.stop("enter", page)
    page.get_by_label("评议码", exact=True).fill(code.replace("-", " ").lower())
    press(page, "开始评议")
    weighed.stop("rate", page)
    assert chosen(page) == 0
    press(page, "提交评议")
    weighed.stop("rate-error", page)
    assert "还没有选" in page.inner_text(".p-summary")

    answer(page, dict.fromkeys(QUESTIONS, "基本满意"))
    press(page, "提交评议")
    weighed.stop("receipt", page)

    assert page.get_by_role("heading", name="评议已经存好").is_visible()
    assert re.fullmatch(r"[2-9A-Y]{4}(-[2-9A-Y]{4}){2}-[2-9A-Y]{5}", page.inner_text("#receipt-code"))
    assert page.get_by_role("button", name="打印回执").is_visible() == script  # there only where it works
    assert in_the_box() == 1
    assert {url for url in phone.seen if not url.startswith(address)} == set()
    print(weighed.pages)
    assert {name: (n, size) for name, (n, size) in weighed.pages.items() if n > 3 or size > 30 * 1024} == {}
    phone.close()


@pytest.mark.parametrize("waited", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["added", "waited"])
def test_a_person_with_a_qr_card_needs_ten_taps_and_less_than_half_a_minute(browser, address, keys, clock, waited):
    """Pauses as a person makes them, waited for or added: four seconds to look at each new page, 1.5 before a tap."""
    paused = []

    def pause(seconds=1.5):
        paused.append(seconds)
        time.sleep(seconds if waited else 0)

    code, *_ = codes_for(keys, clock, unit="unit-2")
    phone = person(browser)
    page = phone.new_page()
    began, taps = time.monotonic(), 0
    page.goto(f"{address}/r#{code}")
    pause(4)
    press(page, "开始评议")
    taps += 1
    pause(4)
    taps += answer(page, dict.fromkeys(QUESTIONS, "满意"), pause)
    pause()
    press(page, "提交评议")
    taps += 1
    page.locator("#receipt-code").wait_for()
    took = time.monotonic() - began + (0 if waited else sum(paused))

    print(f"taps {taps}, seconds {took:.1f}, of which {sum(paused)} are scripted pauses")
    assert taps <= 10
    assert took < 30
    phone.close()


def test_an_enterprise_rates_five_units_in_one_sitting(browser, address, keys, clock):
    code, *_ = codes_for(keys, clock, group="enterprise")
    desk = person(browser, viewport=DESK)
    page = desk.new_page()
    page.goto(f"{address}/r#{code}")
    press(page, "开始评议")
    for name in NAMES[:5]:
        page.get_by_label(name).check()
    picture(page, "choose-1280")
    press(page, "开始评")

    receipts = []
    for place in range(1, 6):
        assert page.inner_text(".p-step") == f"第{place}个单位，共5个"
        assert page.get_by_label("评议码", exact=True).input_value() == code
        answer(page, {"attitude": "满意", "overall": "非常不满意"})
        press(page, "提交评议")
        receipts.append(page.inner_text("#receipt-code"))
        picture(page, f"sitting-{place}-1280")
        if place < 5:
            page.get_by_role("link", name=re.compile("评下一个")).click()

    assert page.get_by_role("heading", name="5个单位都评完了").is_visible()
    assert sorted(page.locator(".p-receipts dd").all_inner_texts()) == sorted(receipts)
    assert len(set(receipts)) == 5
    assert sorted(page.locator(".p-receipts dt").all_inner_texts()) == sorted(NAMES[:5])
    assert in_the_box() == 5
    page.emulate_media(media="print")
    picture(page, "sitting-printed-1280")
    assert not page.get_by_role("button", name="清除这台设备上的记录").is_visible()
    assert page.locator(".p-receipts").is_visible()
    desk.close()


def test_a_citizen_at_home_replaces_what_was_chosen_at_the_window(browser, address, keys, clock, opened):
    code, *_ = codes_for(keys, clock)
    window, home = person(browser), person(browser, java_script_enabled=False)
    page = window.new_page()
    page.goto(f"{address}/rate/{ROUND}/unit-0?code={code}")
    answer(page, dict.fromkeys(QUESTIONS, "非常满意"))
    press(page, "提交评议")
    receipt = page.inner_text("#receipt-code")

    page = home.new_page()
    page.goto(f"{address}/receipt")
    page.get_by_label("回执码").fill(receipt.replace("-", "").lower())
    press(page, "查评议")
    press(page, "修改这份评议")
    assert chosen(page) == 0  # whoever holds the receipt sees nothing of the ballot it replaces
    answer(page, dict.fromkeys(QUESTIONS, "不满意"))
    press(page, "提交评议")

    assert page.inner_text("#receipt-code") == receipt
    database.close()
    assert opened(ROUND) == [("unit-0", "invited", "2,2,2,2,2,2,2,2", ())]
    window.close()
    home.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_neither_back_nor_reload_shows_the_answers_again(browser, address, keys, clock, script):
    code, *_ = codes_for(keys, clock)
    phone = person(browser, java_script_enabled=script)
    page = phone.new_page()
    page.goto(f"{address}/rate/{ROUND}/unit-0?code={code}")
    answer(page, dict.fromkeys(QUESTIONS, "非常不满意"))
    press(page, "提交评议")
    expect(page).to_have_url(f"{address}/receipt")
    page.wait_for_load_state("load")
    page.reload()
    assert "不满意" not in page.inner_text("main")
    page.go_back()

    expect(page.get_by_role("heading", name="评议：办税服务厅")).to_be_visible()
    assert chosen(page) == 0
    page.go_forward()
    assert "不满意" not in page.inner_text("main")
    assert in_the_box() == 1
    phone.close()


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_a_sitting_keeps_the_rules_and_its_width(browser, address, keys, clock, size):
    code, *_ = codes_for(keys, clock)
    reader = person(browser, viewport=PHONE if size.startswith("390") else DESK)
    if size.endswith("elder"):
        reader.add_cookies([{"name": "look", "value": "elder", "url": address}])
    page = reader.new_page()

    def look(name):
        page.wait_for_load_state("load")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
        assert sideways(page) <= 0, name
        picture(page, f"citizen-{name}-{size}")

    page.goto(f"{address}/r#{code}")
    look("enter")
    press(page, "开始评议")
    press(page, "开始评")
    look("choose-error")
    for name in NAMES[:2]:
        page.get_by_label(name).check()
    press(page, "开始评")
    page.get_by_text("没有评议码？").click()
    look("rate-open")
    press(page, "提交评议")
    look("rate-error")
    answer(page, {"attitude": "满意"})
    press(page, "提交评议")
    look("receipt")
    page.get_by_role("link", name=re.compile("评下一个")).click()
    answer(page, {"attitude": "满意"})
    press(page, "提交评议")
    look("receipts")
    reader.close()


def test_the_puzzle_of_a_full_site_is_solved_by_the_browser_under_our_own_policy(browser, address, app, clock):
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], site_ratings=0)
    phone, said = person(browser), []
    page = phone.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/rate/{ROUND}/unit-0")
    page.get_by_text("可以提交了").wait_for(timeout=60_000)
    picture(page, "puzzle-390")
    page.get_by_text("没有评议码？").click()
    page.get_by_label("我没有评议码").check()
    page.get_by_label("以什么身份评").select_option("citizen")
    answer(page, {"attitude": "满意"})
    clock.later(seconds=20)
    press(page, "提交评议")

    assert "单独列出，不计入得分" in page.inner_text("main")
    assert said == []
    assert {url for url in phone.seen if not url.startswith(address)} == set()
    phone.close()


def test_without_javascript_a_full_site_says_what_to_do_and_keeps_what_was_chosen(browser, address, app, clock):
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], site_ratings=0)
    phone = person(browser, java_script_enabled=False)
    page = phone.new_page()
    page.goto(f"{address}/rate/{ROUND}/unit-0")
    page.get_by_text("没有评议码？").click()
    page.get_by_label("我没有评议码").check()
    page.get_by_label("以什么身份评").select_option("citizen")
    answer(page, {"attitude": "满意"})
    clock.later(seconds=20)
    press(page, "提交评议")

    assert "过一小时再来" in page.inner_text("main")
    assert chosen(page) == 1
    assert in_the_box() == 0
    phone.close()
