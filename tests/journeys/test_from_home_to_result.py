"""One whole journey: look, rate, keep the receipt, change one's mind; close, compute, publish; read the result."""

import csv
import gzip
import io
import re
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import DESK, PHONE, person, picture, sideways
from tests.factories import METHOD

pytestmark = pytest.mark.browser

ROUND = "2026-journey"
UNIT = "budongchan"
METHOD_OF_ONE_GROUP = METHOD.replace('weight = "7/10"\n\n[[group]]', 'weight = "1"\n\n[[group]]').replace(
    'zh = "企业"\nweight = "3/10"', 'zh = "企业"\nweight = "0"'
)
# Eleven citizens on a phone or desk: attitude, efficiency. By hand, with 100/80/60/30/0:
# attitude: the phone citizen changes 5 into 4 -> 80; desk 5 -> 100; nine others 5 -> 900; sum 1080 of 11.
# efficiency: phone 2 -> 30; desk 0 (不了解); nine others 4 -> 720; sum 750 of 10.
ATTITUDE, EFFICIENCY = 1080 / 11, 750 / 10
EXPECTED = f"{(ATTITUDE + EFFICIENCY) / 2:.2f}"


@pytest.fixture(scope="module")
def codes(portal):
    """A round that is open today, for three units, with codes for eleven citizens and one to spare."""
    today = date.today()
    plan = f"""format = 1
code = "{ROUND}"
name = "浏览器测试评议"
opens_on = {today - timedelta(days=2)}
closes_on = {today + timedelta(days=9)}
method = "method.toml"
unit = [{{ slug = "{UNIT}" }}, {{ slug = "huzheng" }}, {{ slug = "shebao" }}]
"""
    (portal.folder / "method.toml").write_text(METHOD_OF_ONE_GROUP)
    (portal.folder / "plan.toml").write_text(plan)
    portal.run("round", "create", str(portal.folder / "plan.toml"))
    out = portal.folder / "codes.csv"
    portal.run("codes", "issue", ROUND, "--group", "citizen", "--count", "12", "--out", str(out))
    office, auditor = portal.folder / "a.key", portal.folder / "b.key"
    portal.run("round", "open", ROUND, "--office", str(office), "--auditor", str(auditor))
    portal.run("site", "build")
    return out.read_text().split()[1:]


@pytest.fixture(scope="module")
def phone(browser):
    context = person(browser)
    yield context
    context.close()


@pytest.fixture(scope="module")
def receipts():
    """What the citizens of the journey wrote down."""
    return {}


def test_a_citizen_finds_the_round_and_the_unit_from_the_home_page(portal, codes, phone):
    page = phone.new_page()
    page.goto(f"{portal.address}/")
    expect(page.get_by_role("heading", name="浏览器测试评议")).to_be_visible()
    assert sideways(page) == 0
    picture(page, "home-390")

    page.get_by_role("link", name="窗口服务").first.click()
    page.get_by_role("link", name="不动产登记中心").first.click()
    picture(page, "unit-390")
    page.get_by_role("link", name="评议这个单位").click()

    assert page.url == f"{portal.address}/rate/{ROUND}/{UNIT}"
    assert page.locator("input:checked").count() == 0


def test_a_forgotten_code_comes_back_beside_its_field_with_the_choices_kept(portal, codes, phone):
    page = phone.pages[-1]
    page.locator("#q-attitude").get_by_text("非常满意", exact=True).click()
    page.locator("#q-efficiency").get_by_text("不满意", exact=True).click()
    page.get_by_role("button", name="提交评议").click()

    assert page.title().startswith("请改1处：")
    assert page.locator(".p-err").inner_text() == "请填评议码，在评议卡或短信里，10位。"
    assert page.locator("input:checked").count() == 2
    picture(page, "rate-error-390")


def test_the_ballot_is_stored_and_its_receipt_survives_a_reload(portal, codes, phone, receipts):
    page = phone.pages[-1]
    page.get_by_label("评议码").fill(codes[0].lower())
    page.get_by_role("button", name="提交评议").click()
    receipts["phone"] = page.locator("#receipt-code").inner_text()
    picture(page, "receipt-390")
    page.reload()

    assert page.url == f"{portal.address}/receipt"
    assert page.locator("#receipt-code").inner_text() == receipts["phone"]
    assert sideways(page) == 0


def test_sending_the_same_code_again_tells_the_citizen_to_use_the_receipt(portal, codes, phone):
    page = phone.pages[-1]
    page.goto(f"{portal.address}/rate/{ROUND}/{UNIT}")
    assert page.get_by_label("评议码").input_value() == codes[0]
    page.locator("#q-attitude").get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="提交评议").click()

    assert "已经评过这个单位" in page.locator(".p-err").inner_text()


def test_the_citizen_changes_the_ballot_with_the_receipt(portal, codes, phone, receipts):
    page = phone.pages[-1]
    page.goto(f"{portal.address}/receipt")
    page.get_by_role("button", name="修改这份评议").click()
    page.locator("#q-attitude").get_by_text("满意", exact=True).click()
    page.locator("#q-efficiency").get_by_text("不满意", exact=True).click()
    page.get_by_role("button", name="提交评议").click()

    assert page.locator("#receipt-code").inner_text() == receipts["phone"]


def test_words_are_a_second_form_and_are_kept(portal, codes, phone):
    page = phone.pages[-1]
    page.get_by_label("对不动产登记中心的意见").fill("等了半个上午，希望多开一个窗口。")
    page.get_by_role("button", name="提交意见").click()

    assert "您写的话已经存好" in page.inner_text("main")


def test_a_second_citizen_rates_on_a_desk_without_any_script(portal, codes, browser):
    desk = person(browser, viewport=DESK, java_script_enabled=False)
    page = desk.new_page()
    page.goto(f"{portal.address}/rate/{ROUND}/{UNIT}?code={codes[1]}")
    assert codes[1] not in page.url
    picture(page, "rate-1280")
    page.locator("#q-attitude").get_by_text("非常满意", exact=True).click()
    page.locator("#q-efficiency").get_by_text("不了解", exact=True).click()
    page.get_by_role("button", name="提交评议").click()

    expect(page.locator("#receipt-code")).to_be_visible()
    desk.close()


def test_the_same_site_is_as_good_on_a_desk(portal, codes, browser):
    desk = person(browser, viewport=DESK)
    page = desk.new_page()
    for name, path in (
        ("home", "/"),
        ("unit", f"/units/{UNIT}/"),
        ("procedure", f"/units/{UNIT}/procedures/ershoufang-guohu/"),
    ):
        page.goto(portal.address + path)
        assert sideways(page) == 0, path
        picture(page, f"{name}-1280")
    assert {url for url in desk.seen if not url.startswith(portal.address)} == set()
    desk.close()


def test_a_card_with_its_code_behind_the_hash_fills_the_field(portal, codes, browser):
    someone = person(browser)
    page = someone.new_page()
    page.goto(f"{portal.address}/r#{codes[11]}")

    assert page.get_by_label("评议码").input_value() == codes[11]
    assert page.url == f"{portal.address}/r"
    someone.close()


def test_nine_others_rate_and_nobody_outside_was_asked_anything(portal, codes, browser, phone):
    for code in codes[2:11]:
        someone = person(browser, java_script_enabled=False)
        page = someone.new_page()
        page.goto(f"{portal.address}/rate/{ROUND}/{UNIT}?code={code}")
        page.locator("#q-attitude").get_by_text("非常满意", exact=True).click()
        page.locator("#q-efficiency").get_by_text("满意", exact=True).click()
        page.get_by_role("button", name="提交评议").click()
        expect(page.locator("#receipt-code")).to_be_visible()
        someone.close()

    assert {url for url in phone.seen if not url.startswith(portal.address)} == set()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("look", ["standard", "elder"])
def test_every_page_of_the_citizen_is_accessible_and_never_moves_sideways(portal, codes, browser, viewport, look):
    reader = person(browser, viewport=viewport)
    page = reader.new_page()
    page.goto(f"{portal.address}/r?look={look}")
    for path in ("/r", f"/rate/{ROUND}", f"/rate/{ROUND}/{UNIT}", "/receipt", "/rate/nothing"):
        page.goto(portal.address + path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
        assert found.violations_count == 0, (path, found.generate_report())
        assert sideways(page) == 0, path
    picture(page, f"refused-{viewport['width']}-{look}")
    reader.close()


def test_the_rating_form_weighs_at_most_15_kib_at_first_view_and_has_no_script(portal, codes, browser):
    reader = person(browser)
    page = reader.new_page()
    bodies = []
    page.on("response", lambda answer: bodies.append(answer.body()))
    page.goto(f"{portal.address}/rate/{ROUND}/{UNIT}", wait_until="networkidle")

    assert len(bodies) == 2  # the page and its one style sheet; the mark stands in the page
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= 15 * 1024
    assert "<script" not in page.content()
    reader.close()


def test_search_works_through_the_portal_itself(portal, codes, browser):
    reader = person(browser)
    page = reader.new_page()
    page.goto(f"{portal.address}/")
    page.get_by_role("searchbox").fill("社保卡补办")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="社会保障卡补办").first.wait_for()
    picture(page, "search-390")
    reader.close()


def test_elderly_mode_is_one_choice_for_site_and_app(portal, codes, browser):
    reader = person(browser)
    page = reader.new_page()
    page.goto(f"{portal.address}/r?look=elder")
    page.goto(f"{portal.address}/units/")
    assert page.locator("html").get_attribute("data-mode") == "elder"
    assert sideways(page) == 0
    page.get_by_role("link", name="标准模式").click()
    page.goto(f"{portal.address}/r")

    assert page.locator("html").get_attribute("data-mode") is None
    reader.close()


def test_the_office_closes_computes_and_publishes(portal, codes):
    refused = portal.run("round", "close", ROUND, "--key", str(portal.folder / "a.key"), code=2)
    assert "理由" in refused

    reason = ["--reason", "浏览器测试到此为止"]
    closed = portal.run("round", "close", ROUND, "--key", str(portal.folder / "b.key"), *reason)
    assert "收到11张" in closed
    portal.run("round", "compute", ROUND)
    assert "--without-objections" in portal.run("round", "publish", ROUND, code=1)  # no unit has seen its draft
    portal.run("round", "publish", ROUND, "--without-objections", "浏览器测试")


def test_after_close_the_form_says_so(portal, codes, browser):
    late = person(browser)
    page = late.new_page()
    answer = page.goto(f"{portal.address}/rate/{ROUND}/{UNIT}")

    assert answer.status == 409
    assert "已经结束" in page.inner_text("main")
    late.close()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_result_stands_on_the_site_with_the_score_computed_by_hand(portal, codes, browser, viewport):
    reader = person(browser, viewport=viewport)
    page = reader.new_page()
    page.goto(f"{portal.address}/results/")
    page.get_by_role("link", name=re.compile("浏览器测试评议")).first.click()
    row = page.get_by_role("row", name=re.compile("不动产登记中心")).first

    assert EXPECTED in row.inner_text()
    assert sideways(page) == 0
    picture(page, f"result-{viewport['width']}")
    reader.close()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("look", ["standard", "elder"])
def test_every_page_of_the_result_is_accessible_without_scripts_of_its_own(portal, codes, browser, viewport, look):
    reader = person(browser, viewport=viewport)
    page = reader.new_page()
    page.goto(f"{portal.address}/r?look={look}")
    for part in ("", f"scores/{UNIT}/", "scores/huzheng/", "figures/", "method/", "integrity/", "withheld/"):
        page.goto(f"{portal.address}/results/{ROUND}/{part}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
        assert found.violations_count == 0, (part, found.generate_report())
        assert sideways(page) == 0, part
        assert page.locator("main img").evaluate_all("all => all.every(one => one.alt)")
    assert {url for url in reader.seen if not url.startswith(portal.address)} == set()
    picture(page, f"result-withheld-{viewport['width']}-{look}")
    reader.close()


def test_a_citizen_follows_a_score_back_to_the_ballots_without_any_script(portal, codes, browser):
    reader = person(browser, java_script_enabled=False)
    page = reader.new_page()
    page.goto(f"{portal.address}/results/{ROUND}/")
    page.get_by_role("link", name="不动产登记中心").first.click()
    page.get_by_role("link", name="不动产登记中心的页面").click()
    assert page.url.endswith(f"/units/{UNIT}/")
    page.get_by_role("link", name=re.compile("浏览器测试评议：这个单位的得分怎么来的")).click()
    assert page.url.endswith(f"/results/{ROUND}/scores/{UNIT}/")
    # Attitude, by hand: 10 times 5 and one 4, with 100 and 80 points.
    assert "（10×100 + 1×80 + 0×60 + 0×30 + 0×0）÷ 11 = 98.18" in page.inner_text("main")
    picture(page, "score-390")
    reader.close()


def test_the_numbers_can_be_downloaded(portal, codes, browser):
    reader = person(browser)
    page = reader.new_page()
    text = page.request.get(f"{portal.address}/results/{ROUND}/scores.csv").text()
    rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(text))}

    assert rows[UNIT]["score"] == EXPECTED
    assert rows["huzheng"]["status"] == "no_ballots"
    assert page.request.get(f"{portal.address}/results/{ROUND}/results.xlsx").status == 200
    reader.close()


def test_the_early_close_and_its_reason_are_public(portal, codes):
    facts = (portal.folder / "var" / "pages" / "results" / ROUND / "round.toml").read_text()

    assert "浏览器测试到此为止" in facts


def test_no_code_and_no_receipt_stands_in_the_log_of_the_server(portal, codes, receipts):
    log = (portal.folder / "serve.log").read_text()

    assert portal.address in log
    for secret in (*codes, receipts["phone"]):
        assert secret not in log
        assert secret.replace("-", "") not in log
