"""Two clerks type paper cards in a real browser: blind, compared, settled together, cast in one lot."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.config import OPTIONAL
from survey_app.domain import ballot_box, passwords
from survey_app.domain.codes import spoken
from survey_app.store import ballots
from survey_app.store import rounds as round_store
from tests.accounts import make_account
from tests.browsing import DESK, PHONE, SIZES, person, picture, served, sideways
from tests.factories import make_codes

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RIGHT = "试用的密码-长一点-42"
PAPER = "/office/paper/2026-h2"


@pytest.fixture
def address(app, settings):
    """The app on a free port of this machine; the second factor has tests of its own."""
    app.config["SETTINGS"] = replace(settings, second_factor=OPTIONAL)
    with served(app) as place:
        yield place


@pytest.fixture
def come_in(browser, address, clock):
    """`come_in("zhou", "entry_clerk")`: somebody signs in, at a desk unless told otherwise."""
    opened = []

    def enter(username, name, role, **how):
        make_account(clock, username, role, name=name, password_hash=passwords.hash_password(RIGHT))
        context = person(browser, **{"viewport": DESK, "java_script_enabled": False, **how})
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


def type_card(page, address, code, levels):
    """As a clerk does: serial, then a digit and Tab for each question, Enter at the end."""
    page.goto(f"{address}{PAPER}/card")
    page.get_by_label("评议码（卡号）").fill(spoken(code))
    page.get_by_label("服务态度").focus()
    for level in levels:
        page.keyboard.type(level)
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page.get_by_role("alert" if page.get_by_role("alert").count() else "status").first.inner_text()


def test_two_clerks_enter_ten_cards_settle_one_and_all_ten_are_counted(
    open_round, come_in, address, keys, clock, settings
):
    make_codes(keys, clock)  # noise
    cards = make_codes(keys, clock, count=20, channel="paper", unit_slug="tax")
    zhou = come_in("zhou", "周静", "entry_clerk")
    assert zhou.url == f"{address}/office/"
    zhou.get_by_role("navigation").get_by_role("link", name="纸卡录入").click()
    zhou.get_by_role("link", name="2026-h2群众评议").click()
    zhou.get_by_role("link", name="录卡").click()
    wu = come_in("wu", "吴敏", "entry_clerk")

    for number, code in enumerate(cards[:20], 1):
        assert f"编号{number}。" in type_card(zhou, address, code, "54" if number > 1 else "51")
    assert "录过第一遍，编号3" in type_card(zhou, address, cards[2], "54")
    picture(zhou, "paper-same-clerk-1280")

    assert "1号卡两遍有不同" in type_card(wu, address, cards[0], "54")
    picture(wu, "paper-differing-1280")
    for code in cards[1:]:
        assert "两遍一致" in type_card(wu, address, code, ["5", "4"])
    assert ballots.count_ballots("2026-h2") == 0  # nineteen are not a lot

    wu.goto(f"{address}{PAPER}")
    picture(wu, "paper-waiting-1280")
    for page in (wu, zhou):
        page.goto(f"{address}{PAPER}/settle/1")
        assert page.locator("fieldset").count() == 1
        page.get_by_role("radio", name="非常不满意").check()
        page.get_by_role("button", name="卡上就是这样").click()
    assert "1号卡核对好了" in zhou.locator("main").inner_text()
    assert "没有要核对的。" in zhou.locator("main").inner_text()

    key = ballot_box.read_key(
        settings.keys / "2026-h2.key", round_code="2026-h2", public_key=round_store.get_round("2026-h2").public_key
    )
    box = [
        (b.unit_slug, b.channel, ballot_box.open_ballot(key, b.sealed).answers)
        for b in ballots.sealed_ballots("2026-h2")
    ]
    assert sorted(box) == [("tax", "paper", "5,1,")] + [("tax", "paper", "5,4,")] * 19


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_the_office_keep_the_rules_and_fit_a_phone(
    size, open_round, come_in, address, keys, clock, signed_in
):
    make_codes(keys, clock, unit_slug="water", group="enterprise")
    cards = make_codes(keys, clock, count=20, channel="paper", unit_slug="tax")
    calls = make_codes(keys, clock, channel="phone")
    noise, other = (signed_in("entry_clerk", username=name) for name in ("li", "he"))
    for at, code in enumerate(cards[:3]):
        for clerk, level in ((noise, "5"), (other, "5" if at else "2")):
            clerk.post(f"{PAPER}/card", data={"code": code, "unit": "", "q-attitude": level, "q-overall": "4"})
    noise.post(f"{PAPER}/card", data={"code": cards[5], "q-attitude": "3"})

    def look(page, name):
        page.wait_for_load_state("load")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
        assert sideways(page) <= 0, name
        picture(page, f"office-{name}-{size}")

    def visitor(username, name, role):
        page = come_in(
            username, name, role, viewport=PHONE if size.startswith("390") else DESK, java_script_enabled=True
        )
        if size.endswith("elder"):
            page.context.add_cookies([{"name": "look", "value": "elder", "url": address}])
        return page

    fama = visitor("fama", "孙发", "issuer")
    fama.goto(f"{address}/office/codes/2026-h2")
    look(fama, "codes")
    fama.get_by_label("多少个").fill("9")
    fama.get_by_role("button", name="发码并下载").click()
    look(fama, "codes-refused")
    fama.get_by_label("多少个").fill("12")
    with fama.expect_download() as download:
        fama.get_by_role("button", name="发码并下载").click()
    assert re.fullmatch(r"2026-h2-\w{4}-cards\.pdf", download.value.suggested_filename)

    zhou = visitor("zhou", "周静", "entry_clerk")
    zhou.goto(f"{address}{PAPER}/card")
    look(zhou, "card")
    zhou.get_by_label("服务态度").fill("7")
    zhou.get_by_role("button", name="存这张").click()
    look(zhou, "card-refused")

    shen = visitor("shen", "沈立", "reviewer")
    shen.goto(f"{address}{PAPER}")
    look(shen, "paper")
    shen.get_by_role("link", name=re.compile("^核对")).click()
    look(shen, "settle")

    he = visitor("hefang", "何方", "interviewer")
    he.goto(f"{address}/office/phone/2026-h2")
    look(he, "phone-units")
    he.get_by_role("link", name="办税服务厅").click()
    look(he, "interview")
    he.get_by_label("评议码（卡号）").fill(spoken(calls[0]))
    he.get_by_role("radio", name="基本满意").first.check()
    he.get_by_role("button", name="存好").click()
    look(he, "phone-receipt")
