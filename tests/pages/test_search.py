"""Citizens' questions find the right page first: on the sample district, and on 1,135 items of a real one."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from survey_app.config import Settings
from survey_app.publishing.building.vocabulary import words_in
from survey_app.publishing.pages import read_pages

pytestmark = pytest.mark.browser

SAMPLE = {
    "营业执照": ["营业执照设立登记"],
    "社保卡补办": ["社会保障卡补办"],
    "不动产登记 要多久": ["不动产登记中心", "抵押登记", "二手房过户"],
    "社会保障卡补办": ["社会保障卡补办"],
    "食品经营": ["食品经营许可"],
    "开饭馆要办什么": ["食品经营许可"],
    "二手房过户要带什么材料": ["二手房过户"],
    "公司注销": ["公司注销"],
    "失业金怎么领": ["失业金申领"],
}
# What the real list calls these matters. It has no item for the registration of real estate: what is nearest comes.
REAL = {
    "营业执照": ["公司设立登记", "个体工商户设立登记", "分公司设立登记"],
    "社保卡补办": ["社会保障卡补领、换领、换发"],
    "不动产登记 要多久": ["欠税人处置不动产或大额资产报告（县级行使）"],
    "社会保障卡补办": ["社会保障卡补领、换领、换发"],
    "食品经营": ["食品(含保健食品)经营许可核发"],
    "公司注销": ["公司注销登记"],
    "健康证": ["食品行业从业人员预防性体检合格证办理"],
    "低保怎么办": ["最低生活保障"],
    "户口注销": ["户口注销"],
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def ask(page: Page, address: str, query: str) -> list[str]:
    """Titles of what is found, best first."""
    page.goto(f"{address}search/?{query}")
    page.wait_for_selector(".p-found li, #p-results .p-empty")
    return page.locator(".p-found li a").all_inner_texts()


@pytest.mark.parametrize("words", SAMPLE)
def test_a_question_finds_the_right_page_of_the_sample_first(page: Page, address: str, words: str) -> None:
    assert ask(page, address, f"q={words}")[0] in SAMPLE[words]


@pytest.mark.parametrize("words", REAL)
def test_a_question_finds_the_right_item_of_a_real_district_first(
    page: Page, district_address: str, words: str
) -> None:
    assert ask(page, district_address, f"q={words}")[0] in REAL[words]


def test_a_question_asked_in_any_header_leads_to_the_answer(page: Page, address: str) -> None:
    page.goto(f"{address}notices/")
    page.get_by_label("搜索事项、单位、公告").fill("居住证")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_selector(".p-found li")
    page.locator(".p-found li a").first.click()
    assert page.locator("h1").inner_text() == "居住证申领"


def test_each_choice_says_how_many_it_leaves_and_leaves_them(page: Page, address: str) -> None:
    everything = ask(page, address, "q=不动产登记")
    offered = page.locator("#p-kind option").all_inner_texts()
    assert offered[0] == "全部"
    kinds = {text.split("（")[0]: int(text.split("（")[1].rstrip("）")) for text in offered[1:]}
    assert sum(kinds.values()) == int("".join(filter(str.isdigit, page.locator("#p-state").inner_text())))
    units = ask(page, address, "q=不动产登记&kind=单位")
    assert len(units) == kinds["单位"] < len(everything)
    assert "不动产登记中心" in units
    assert page.locator("#p-kind").input_value() == "单位"


def test_a_search_can_be_narrowed_to_one_unit(page: Page, address: str) -> None:
    found = ask(page, address, "q=登记&unit=不动产登记中心")
    about = page.locator(".p-found li p:first-of-type").all_inner_texts()
    assert found
    assert all("不动产登记中心" in pair for pair in map("".join, zip(found, about, strict=True)))


def test_more_results_come_on_demand_and_the_focus_goes_to_them(page: Page, address: str) -> None:
    assert len(ask(page, address, "q=登记")) == 20
    more = page.get_by_role("button", name="再看")
    more.click()
    page.wait_for_function("document.querySelectorAll('.p-found li').length > 20")
    assert page.evaluate("document.activeElement === document.querySelectorAll('.p-found li a')[20]")


def test_a_search_without_result_says_so_and_what_to_do(page: Page, address: str) -> None:
    assert ask(page, address, "q=qqqqzzzz") == []
    assert "没有找到“qqqqzzzz”" in page.locator("#p-state").inner_text()
    assert "12345" in page.locator(".p-empty").inner_text()
    assert ask(page, address, "q=qqqqzzzz&kind=单位") == []
    assert "只在“单位”里找过" in page.locator(".p-empty").inner_text()


def test_marks_in_a_question_stay_text(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    ask(page, address, "q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    assert "<img src=x" in page.locator("#p-state").inner_text()
    assert page.locator("#p-state img").count() == 0
    assert said == []


def test_the_sample_note_and_the_lists_are_not_in_the_index(page: Page, address: str, sample: Settings) -> None:
    note = next(page for page in read_pages(sample.pages) if page.kind == "home").data["sample_note"]
    found = ask(page, address, f"q={note[:12]}")
    assert not {"首页", "找单位", "办事指南"} & set(found)
    assert note[:10] not in page.locator("#p-results").inner_text()


def test_a_site_without_the_list_of_words_still_finds(browser: Browser, address: str) -> None:
    """An index made elsewhere has no vocabulary and no synonyms; the search then asks what was typed."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/vocabulary.txt", lambda route: route.fulfill(status=404))
    page.route("**/words.json", lambda route: route.fulfill(status=404))
    assert ask(page, address, "q=食品经营许可")[0] == "食品经营许可"
    context.close()


def test_an_index_that_is_missing_is_said_in_words(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{address}search/?q=身份证")
    page.wait_for_function("document.getElementById('p-state').textContent.includes('暂时用不了')")
    context.close()


def test_the_vocabulary_holds_the_words_of_the_index_and_no_single_sign(sample: Settings) -> None:
    index = sample.live_site.resolve() / "pagefind"
    known = (index / "vocabulary.txt").read_text("utf-8").split()
    assert {"注销", "登记", "补办"} <= set(known)
    assert known == sorted(set(known))
    assert min(map(len, known)) == 2
    fragment = next(iter((index / "fragment").glob("*.pf_fragment"))).read_bytes()
    assert words_in(fragment) <= set(known)


def test_the_words_file_is_what_the_script_expects(sample: Settings) -> None:
    words = json.loads((sample.live_site / "search/words.json").read_text("utf-8"))
    assert all(isinstance(meant, list) and meant for meant in words.values())
    assert words["社保卡"][0] == "社会保障卡"
