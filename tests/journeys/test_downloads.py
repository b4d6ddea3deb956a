"""From signing in to last round's workbook and notice, clicks counted; the start page of each role keeps the rules."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from passlib.totp import TOTP

from survey_app.domain import passwords
from survey_app.store import audit
from tests.accounts import make_account
from tests.browsing import DESK, person, picture, served, sideways
from tests.factories import make_codes
from tests.survey_app.unit.pages import give_desk_pages

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RIGHT = "试用的密码-长一点-42"
RELEASE = Path(__file__).resolve().parents[1] / "ground_truth" / "release"
PAGE = """---
kind: round
title: 2026年上半年群众评议
code: 2026-h1
status: published
opens_on: '2026-04-08'
closes_on: '2026-06-30'
published_on: '2026-07-15'
method_sha256: {digest}
units: 2
---
"""


@pytest.fixture
def portal(app, open_round, settings, keys, clock):
    """A published round with its documents, an open one with codes, pages of units: an address."""
    give_desk_pages(settings.pages)
    folder = settings.pages / "results" / "2026-h1"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(PAGE.format(digest="0" * 64))
    shutil.copy(RELEASE / "scores.csv", folder)
    for name in ("results.xlsx", "notice.docx", "brief.docx"):
        (folder / name).write_bytes(name.encode())
    make_codes(keys, clock, count=20)
    with served(app) as place:
        yield place


def test_the_discipline_office_has_workbook_and_notice_in_four_clicks_from_the_sign_in_page(portal, browser, clock):
    make_account(clock, "jijian", "discipline_officer", name="高洁", password_hash=passwords.hash_password(RIGHT))
    context = person(browser, java_script_enabled=False)  # a phone
    page = context.new_page()
    clicks = 0

    def click(place):
        nonlocal clicks
        clicks += 1
        place.click()

    def take(name):
        with page.expect_download() as got:
            click(page.get_by_role("link", name=name, exact=True))
        return got.value

    page.goto(f"{portal}/account/login")
    secret = sign_in(page, clock)
    page.get_by_role("button", name="退出").click()
    clock.later(seconds=30)
    page.goto(f"{portal}/account/login")
    fill(page)
    click(page.get_by_role("button", name="登录", exact=True))
    page.locator("#code").fill(code_of(secret, clock))
    click(page.locator("main button"))
    workbook, notice = take("工作簿"), take("通报")

    assert clicks <= 4
    assert workbook.suggested_filename == "2026-h1-v1-20260715-results.xlsx"
    assert notice.suggested_filename == "2026-h1-v1-20260715-notice.docx"
    assert Path(notice.path()).read_bytes() == b"notice.docx"
    assert [e.actor for e in audit.list_events(audit.Wanted(action="download"))] == ["jijian", "jijian"]
    assert sideways(page) <= 0
    context.close()


def fill(page):
    page.get_by_label("用户名").fill("jijian")
    page.get_by_label("密码").fill(RIGHT)


def sign_in(page, clock):
    """The first time: the authenticator is set up. Returns its secret."""
    fill(page)
    page.get_by_role("button", name="登录", exact=True).click()
    secret = page.locator(".p-secret").inner_text()
    page.locator("#code").fill(code_of(secret, clock))
    page.locator("main button").click()
    page.get_by_role("link", name="我抄好了").click()
    return secret


def code_of(secret, clock):
    return TOTP(key=secret).generate(time=int(clock().timestamp())).token


SHOWN = {
    "discipline_officer": ["/office/", "/office/downloads", "/office/scores"],
    "round_officer": ["/office/", "/office/codes/2026-h2?state=usable&sort=-issued"],
    "auditor": ["/office/", "/desk/review/", "/account/events/?action=account.add", "/account/people/"],
    "administrator": ["/office/", "/account/people/?role=inspector"],
    "case_handler": ["/office/"],
    "issuer": ["/office/"],
    "entry_clerk": ["/office/"],
    "publicity": ["/office/"],
    "unit_editor": ["/desk/"],
}


def look(context, address, name):
    page = context.new_page()
    page.goto(address)
    assert sideways(page) <= 0, name
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    picture(page, name)
    page.close()


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.slow)])
def test_start_pages_and_lists_fit_and_keep_the_rules(portal, browser, signed_in, width):
    for role, addresses in SHOWN.items():
        client = signed_in(role)
        context = person(browser, viewport=DESK if width == 1280 else {"width": 390, "height": 844})
        cookie = client.get_cookie("pingyi_session", path="/")
        context.add_cookies([{"name": "pingyi_session", "value": cookie.value, "url": portal}])
        for number, address in enumerate(addresses):
            look(context, f"{portal}{address}", f"desk7d-{role}-{number}-{width}")
        context.close()
