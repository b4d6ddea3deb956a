"""The training district as people get it: made by the command, killed halfway, gone on with, and everybody comes in."""

import re
import subprocess
import sys
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browsing import DESK, PHONE, person, picture, sideways
from tests.journeys.conftest import Portal, free_port, wait_until_it_answers

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # a year of simulated life takes minutes
PEOPLE = re.compile(r"(demo-\w+)\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})\s")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MARK = "演练：这个网站的单位、人名、电话、数字和结果都是模拟的，不是真实结果。"
FIRST_ROUNDS_S = 300


def kill_while_it_is_made(portal):
    """kill -9, once the first results are there and the year is not."""
    log = (portal.folder / "demo.log").open("w")
    making = subprocess.Popen(
        [sys.executable, "-m", "survey_app.cli", "demo"], env=portal.environment(), stdout=log, stderr=log
    )
    until = time.monotonic() + FIRST_ROUNDS_S
    while not list((portal.folder / "var" / "rounds").glob("*/release/manifest.json")):
        assert time.monotonic() < until, "no result of a first round"
        assert making.poll() is None, (portal.folder / "demo.log").read_text()
        time.sleep(0.2)
    making.kill()
    assert making.wait() == -9
    log.close()


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """Made after a kill, and serving; every person with the password that the start printed."""
    port = free_port()
    made = Portal(tmp_path_factory.mktemp("training"), f"http://127.0.0.1:{port}")
    kill_while_it_is_made(made)
    assert "示例已备好" in made.run("demo")
    log = (made.folder / "serve.log").open("w")
    serve = [sys.executable, "-m", "survey_app.cli", "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(serve, env=made.environment(), stdout=log, stderr=log)
    try:
        wait_until_it_answers(made.address, server)
        yield made, dict(PEOPLE.findall((made.folder / "serve.log").read_text()))
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def start_page(browser, district, username, **how):
    address, password = district[0].address, district[1][username]
    page = person(browser, **how).new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/account/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="退出").wait_for()
    return page


def test_a_year_that_was_killed_halfway_is_whole_and_its_log_holds(district):
    made, _people = district
    rounds = made.run("round", "list")
    for state in ("草稿", "正在评议", "已截止", "已公布", "已作废"):
        assert state in rounds, rounds
    made.run("audit", "verify")


def test_everybody_comes_in_and_finds_a_start_page_that_keeps_the_rules(browser, district):
    _made, people = district
    assert len(people) == 17
    for username in people:
        page = start_page(browser, district, username, viewport=DESK)
        assert re.search(r"/(office|desk|desk/cases|desk/review)/?$", page.url), (username, page.url)
        assert MARK in page.inner_text("body")
        assert page.locator("h1").count() == 1
        assert Axe().run(page, options=RULES).response["violations"] == [], username
        picture(page, f"training-{username}-1280")
        page.set_viewport_size(PHONE)
        assert sideways(page) == 0, username
        picture(page, f"training-{username}-390")
        page.context.close()


def test_the_public_side_of_the_district_says_what_it_is(browser, district):
    made, _people = district
    with person(browser) as citizen:
        page = citizen.new_page()
        for path in ("/", "/results/", "/units/shebao/"):
            page.goto(made.address + path)
            assert MARK in page.inner_text("body")
