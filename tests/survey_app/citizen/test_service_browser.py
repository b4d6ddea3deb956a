"""After a visit, on a phone: a low rating with a broken promise, without scripts, in both modes, by keyboard."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.domain.codes import spoken
from survey_app.store import case_private
from survey_app.store import everyday as store
from tests.browsing import DESK, PHONE, person, picture, served, sideways
from tests.everyday import FORM, make_promises, visit_codes

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LIMIT_BYTES = 30 * 1024


@pytest.fixture
def address(app, settings):
    """The app on a free port, over pages with promises."""
    make_promises(settings.pages)
    with served(app) as place:
        yield place


def look(page, name):
    page.wait_for_load_state("load")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    assert sideways(page) <= 0, name
    picture(page, f"everyday-{name}")


def test_an_everyday_low_rating_with_a_broken_promise_on_a_phone_without_scripts(browser, address, keys):
    code, *_ = visit_codes(keys)
    context = person(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{FORM}")

    page.get_by_text("不满意", exact=True).first.click()
    page.get_by_label("没在承诺的时间里办好").check()
    page.get_by_role("group", name="当场出证").get_by_label("没做到").check()
    page.get_by_role("group", name="排队不超过20分钟").get_by_label("不清楚").check()
    page.get_by_label("想说的话").fill("说当场出证，让我等了三天")
    page.get_by_label("请答复我").check()
    page.get_by_label("怎么找到您").fill("0000-8110000")
    page.get_by_label("办事码").fill(f" {spoken(code).lower()} ")
    picture(page, "everyday-low-390")
    page.get_by_role("button", name="提交评价").click()

    page.get_by_role("heading", name="评价已经存好").wait_for()
    assert page.url == f"{address}/rated"
    assert "计入得分" in page.content()
    assert "没在承诺" not in page.content()
    [rated] = store.ratings_of("2026-11", keys)
    assert (rated.level, rated.ticks, rated.channel) == (2, ("late",), "web")
    kept = {one.commitment: (one.kept, one.verified) for one in store.kept_of("2026-11", keys)}
    assert kept == {"chuzheng": ("broken", True), "dengdai": ("unknown", True)}
    assert case_private.count_contacts() == 1
    context.close()


def test_the_ticks_change_with_the_level_by_style_alone(browser, address):
    context = person(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{FORM}")
    late, kind, rude = (
        page.get_by_text(text) for text in ("没在承诺的时间里办好", "服务热情，办得快", "态度差，推来推去")
    )

    assert not any(tick.is_visible() for tick in (late, kind, rude))
    page.locator("#l4").check()
    assert (kind.is_visible(), late.is_visible(), rude.is_visible()) == (True, False, False)
    page.locator("#l2").check()
    assert (kind.is_visible(), late.is_visible(), rude.is_visible()) == (False, True, False)
    page.locator("#l1").check()
    assert (kind.is_visible(), late.is_visible(), rude.is_visible()) == (False, False, True)
    context.close()


def test_the_whole_form_can_be_filled_by_keyboard(browser, address, keys, clock):
    context = person(browser, viewport=DESK)
    page = context.new_page()
    page.goto(f"{address}{FORM}")
    clock.later(seconds=20)

    page.locator("#l5").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#words").press("Tab")
    page.locator("button", has_text="提交评价").focus()
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="评价已经存好").wait_for()
    [rated] = store.ratings_of("2026-11", keys)
    assert (rated.level, rated.ticks, rated.channel) == (4, ("one-window",), "open")
    context.close()


def test_the_slips_qr_code_fills_the_field_and_never_reaches_the_server(browser, address, keys):
    code, *_ = visit_codes(keys)
    context = person(browser)
    page = context.new_page()
    page.goto(f"{address}{FORM}?from=window#{code}")

    assert page.get_by_label("办事码").input_value() == code
    assert [url for url in context.seen if code in url.split("#")[0]] == []
    assert page.locator("input[name=from]").get_attribute("value") == "window"
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_every_page_is_accessible_and_never_moves_sideways(browser, address, clock, width, mode):
    context = person(browser, viewport=PHONE if width == 390 else DESK)
    context.add_cookies([{"name": "look", "value": mode, "url": address}])
    page = context.new_page()
    page.goto(f"{address}{FORM}")
    look(page, f"form-{width}-{mode}")
    clock.later(seconds=20)
    page.get_by_label("怎么找到您").fill("0000-8110000")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_role("alert").wait_for()
    look(page, f"errors-{width}-{mode}")
    page.locator("#l1").check()
    page.get_by_label("请答复我").check()
    look(page, f"chosen-{width}-{mode}")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_role("heading", name="评价已经存好").wait_for()
    look(page, f"thanks-{width}-{mode}")
    context.close()


def test_the_form_is_light_and_asks_nobody_outside(browser, address):
    context = person(browser)
    sizes = []
    context.on("response", lambda answer: sizes.append(len(gzip.compress(answer.body()))))
    page = context.new_page()
    page.goto(f"{address}{FORM}")
    page.wait_for_load_state("networkidle")

    assert sum(sizes) <= LIMIT_BYTES
    assert {url.split("/rate")[0].split("/static")[0] for url in context.seen} == {address}
    assert [url for url in context.seen if url.endswith(".js")] == [f"{address}/static/fill.js"]
    context.close()
