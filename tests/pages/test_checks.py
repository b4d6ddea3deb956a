"""Every check has a page that fails it, and the words say what to do."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey_app.config import HOME
from survey_app.domain.errors import BadInput, Finding
from survey_app.publishing import check_rendered
from survey_app.publishing.book import read_book
from survey_app.publishing.checks import check_page, check_pages, errors
from survey_app.publishing.pages import new_page, read_pages
from tests.pages.page_trees import (
    BLOCK_PATH,
    CATALOGUE_PATH,
    COMMITMENT,
    COMMITMENT_PATH,
    ITEM,
    ITEM_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    REPORT_PATH,
    TODAY,
    UNIT,
    UNIT_PATH,
    Tree,
)

Put = Callable[[Tree], Path]
WRONG: list[tuple[str, str, Any, str]] = [
    (PROCEDURE_PATH, "promised_limit_days", 35, "承诺35个工作日比法定30个工作日长，请改短。"),
    (PROCEDURE_PATH, "legal_limit_days", "三十", "要写成整数。"),
    (PROCEDURE_PATH, "code", 123456, "要写成文字"),
    (PROCEDURE_PATH, "phone", "八一二三四零一", "“八一二三四零一”写法不对。有人接的座机"),
    (PROCEDURE_PATH, "theme", "买房", "“买房”不在可选的里面。只能写：出生和养育"),
    (PROCEDURE_PATH, "conditions", [], "至少写1项。"),
    (PROCEDURE_PATH, "visits", 10, "10太大，最大9。"),
    (PROCEDURE_PATH, "title", "", "不能空着。"),
    (PROCEDURE_PATH, "colour", "红", "这里没有“colour”这一项"),
    (PROCEDURE_PATH, "co_units", ["nobody"], "没有“nobody”这个单位。"),
    (PROCEDURE_PATH, "conditions", ["其他有关材料齐全。"], "“其他有关材料”不能用。请写明是哪一种，或删去。"),
    (PROCEDURE_PATH, "scope", "打13800001111找小王", "有一串像手机号的数字（138开头）"),
    (PROCEDURE_PATH, "scope", "证号110101199003071233", "有一串像身份证号的数字"),
    (PROCEDURE_PATH, "review_by", "2026-10-01", "2026-10-01早于2026-10-08"),
    (PROCEDURE_PATH, "review_by", "2027-02-30", "日历里没有2027-02-30这一天。"),
    (UNIT_PATH, "class", "office", "“office”不在可选的里面。只能写：window"),
    (UNIT_PATH, "parent", "nobody", "没有“nobody”这个单位。"),
    (UNIT_PATH, "parent", "dengji", "主管单位绕成了一圈"),
    (UNIT_PATH, "summary", "长" * 61, "写了61个字，最多60个。"),
    (UNIT_PATH, "kind", "bureau", "kind写成了“bureau”"),
    (COMMITMENT_PATH, "procedure", "nothing", "本单位没有“nothing”这份办事指南。"),
    (COMMITMENT_PATH, "limit", {"value": -1, "unit": "天"}, "-1太小，最小0。"),
    (COMMITMENT_PATH, "valid_to", "2025-12-31", "2025-12-31早于2026-01-01"),
    (NOTICE_PATH, "unit", "nobody", "没有“nobody”这个单位。"),
    (NOTICE_PATH, "supersedes", "2026-01-01-nothing", "没有更早的公告“2026-01-01-nothing”。"),
    (NOTICE_PATH, "published_on", "2026-11-05", "发布日期2026-11-05与文件名开头的日期不同"),
    (NOTICE_PATH, "text", "看图![图](https://example.com/a.png)", "引用了别的网站的图片或程序"),
    (NOTICE_PATH, "text", "见[办事指南](/units/nobody/)。", "链接“/units/nobody/”打不开"),
    (NOTICE_PATH, "text", "见[别处](//example.com/)。", "链接“//example.com/”打不开"),
    ("index.md", "hot", [{"text": "过户", "href": "nowhere/"}], "链接“/nowhere/”打不开"),
    ("index.md", "site_code", "", "不能空着。"),
    ("index.md", "address", "pingyi.example", "“pingyi.example”写法不对。"),
    (UNIT_PATH, "map", {"x": 101, "y": 5}, "101太大，最大100。"),
    (UNIT_PATH, "windows", [{"number": "1", "business": "登记", "person": "周静", "state": "gone"}], "“gone”不在可选"),
    (UNIT_PATH, "former_slugs", ["dengji"], "“dengji”现在是一个单位的网址"),
    (UNIT_PATH, "former_slugs", ["map"], "“map”现在是一个单位的网址"),
    (UNIT_PATH, "merged_into", "dengji", "缺“到哪天为止”（ended_on）"),
    (PROCEDURE_PATH, "downloads", [{"title": "申请书", "file": "../../etc/x.pdf"}], "“../../etc/x.pdf”写法不对"),
    (PROCEDURE_PATH, "downloads", [{"title": "申请书", "file": "files/no.pdf"}], "没有“files/no.pdf”这个文件"),
    (PROCEDURE_PATH, "online_link", "javascript:alert(1)", "写法不对"),
    (PROCEDURE_PATH, "fee", {"amount": "不收费", "note": "账号6222021234567890128"}, "像银行卡号的数字"),
    (NOTICE_PATH, "corrects", "2026-01-01-nothing", "没有更早的公告“2026-01-01-nothing”。"),
    (NOTICE_PATH, "expires_on", "2026-11-01", "2026-11-01早于2026-11-03"),
    (NOTICE_PATH, "text", "# 大标题\n\n说明", "小标题“大标题”是1级"),
    (NOTICE_PATH, "text", "## 一\n\n#### 二", "小标题“二”是4级，这里最多到3级、最少2级"),
    (NOTICE_PATH, "text", "![](/units/)", "有图片没有文字说明"),
    (NOTICE_PATH, "text", "| | 数 |\n|---|---|\n| 甲 | 3 |", "有一列没有表头"),
    (NOTICE_PATH, "text", "下载[表](/files/biao.pdf)", "链接“/files/biao.pdf”打不开"),
    (NOTICE_PATH, "attachments", [{"title": "表", "file": "files/biao.pdf"}], "没有“files/biao.pdf”这个文件"),
    (ITEM_PATH, "unit", "nobody", "没有“nobody”这个单位。"),
    (ITEM_PATH, "cadence", "每周", "“每周”不在可选的里面"),
    (ITEM_PATH, "links", [{"title": "收支", "href": "/notices/none/"}], "链接“/notices/none/”打不开"),
    (ITEM_PATH, "links", [{"title": "收支", "href": "javascript:x"}], "“javascript:x”写法不对"),
    (CATALOGUE_PATH, "items", [], "这里没有“items”这一项"),
    (BLOCK_PATH, "sections", [{"heading": "一", "text": "## 二"}], "小标题“二”是2级，这里最多到3级、最少3级"),
    (BLOCK_PATH, "sections", [], "至少写1项。"),
    (REPORT_PATH, "year", 2024, "2024年与文件名里的年份不同"),
    (
        REPORT_PATH,
        "requests",
        {"carried_in": 2, "received": 57, "outcomes": [{"name": "公开", "count": 50}], "carried_out": 3},
        "上年结转加本年新收是59件，办理结果加结转下年是53件，对不上。",
    ),
]


def found_in(pages: Path) -> list[Finding]:
    return check_pages(pages, TODAY)


def only(found: list[Finding]) -> Finding:
    found = errors(found)
    assert len(found) == 1, [finding.text() for finding in found]
    return found[0]


def test_a_sound_tree_has_no_findings(put: Put, tree: Tree) -> None:
    assert found_in(put(tree)) == []


def test_one_page_is_checked_inside_the_book_as_it_would_be(put: Put, tree: Tree) -> None:
    book = read_book(put(tree))
    page = book.by_path[COMMITMENT_PATH]
    assert check_page(page, book, TODAY) == []
    without = book.with_pages([], removed=[PROCEDURE_PATH])
    assert "没有“guohu”这份办事指南" in only(check_page(page, without, TODAY)).text()
    twice = new_page("notices/2026-11-09-b.md", {**NOTICE, "published_on": "2026-11-09"})
    assert "索引号相同" in only(check_page(twice, book.with_pages([twice]), TODAY)).text()
    assert PROCEDURE_PATH in book.by_path
    assert twice.path not in book.by_path


def test_a_finding_says_where_in_the_data_and_which_rule_stands_behind_it(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH]["materials"][0]["note"] = "其他有关材料"
    found = only(found_in(put(tree)))
    assert (found.at, found.field) == (("materials", 0, "note"), "要带什么，第1项，说明")
    assert "兜底条款" in found.reason()
    assert found.reason(lambda text: f"<{text}>").startswith("<")


def test_a_withdrawn_notice_keeps_its_name_and_loses_its_words(put: Put, tree: Tree) -> None:
    notice = tree[NOTICE_PATH]
    notice["withdrawn"] = {"on": "2026-11-05", "reason": "写错了", "by": "区政务公开办公室"}
    assert only(found_in(put(tree))).text().startswith("撤回的公告不再显示")
    del notice["text"], notice["summary"]
    assert found_in(put(tree)) == []
    notice["withdrawn"]["on"] = "2026-11-01"
    assert "2026-11-01早于2026-11-03" in only(found_in(put(tree))).text()


def test_a_notice_cannot_correct_and_supersede_at_once(put: Put, tree: Tree) -> None:
    old = {**copy.deepcopy(NOTICE), "index_no": "2", "issued_on": "2026-10-02", "published_on": "2026-10-03"}
    tree["notices/2026-10-03-old.md"] = old
    tree[NOTICE_PATH] |= {"supersedes": "2026-10-03-old", "corrects": "2026-10-03-old"}
    assert "既写了替代，又写了更正" in only(found_in(put(tree))).text()


def test_a_merged_unit_has_nothing_left_and_leads_to_one_that_works(put: Put, tree: Tree) -> None:
    gone = {"kind": "unit", "title": "房管所", "updated_on": "2026-11-01", "ended_on": "2026-06-30"}
    tree["units/fangguan/index.md"] = {**gone, "merged_into": "dengji"}
    assert found_in(put(tree)) == []
    tree["units/fangguan/commitments/a.md"] = {k: v for k, v in COMMITMENT.items() if k != "procedure"}
    assert "名下还有1份办事指南和承诺" in only(found_in(put(tree))).text()
    tree["units/fangguan/index.md"]["merged_into"] = "nobody"
    assert any("没有“nobody”这个单位" in finding.text() for finding in errors(found_in(put(tree))))


def test_two_units_merged_into_each_other_are_both_named(put: Put, tree: Tree) -> None:
    for one, other in (("jia", "yi"), ("yi", "jia")):
        data = {"kind": "unit", "title": one, "updated_on": "2026-11-01", "ended_on": "2026-06-30"}
        tree[f"units/{one}/index.md"] = {**data, "merged_into": other}
    circles = [finding.path for finding in errors(found_in(put(tree))) if "绕成了一圈" in finding.text()]
    assert circles == ["units/jia/index.md", "units/yi/index.md"]


def test_an_old_address_belongs_to_one_unit(put: Put, tree: Tree) -> None:
    tree[UNIT_PATH]["former_slugs"] = ["fangguan"]
    tree["units/qu/index.md"] = {**copy.deepcopy(UNIT), "former_slugs": ["fangguan"]}
    assert only(found_in(put(tree))).path == "units/qu/index.md"


def test_two_items_cannot_share_a_number(put: Put, tree: Tree) -> None:
    tree["disclosure/items/zzz.md"] = copy.deepcopy(ITEM)
    found = only(found_in(put(tree)))
    assert (found.path, found.field) == ("disclosure/items/zzz.md", "序号")
    assert ITEM_PATH in found.text()


def test_a_folder_called_map_is_no_unit(put: Put, tree: Tree) -> None:
    tree["units/map/index.md"] = copy.deepcopy(UNIT)
    assert "不放在这里" in only(found_in(put(tree))).text()


@pytest.mark.parametrize(("path", "key", "value", "words"), WRONG, ids=[f"{w[1]}-{i}" for i, w in enumerate(WRONG)])
def test_a_wrong_value_is_named_by_file_and_field(
    put: Put, tree: Tree, path: str, key: str, value: object, words: str
) -> None:
    tree[path][key] = value
    found = only(found_in(put(tree)))
    assert found.path == path
    assert words in found.text()
    assert found.field
    assert found.level == "error"
    assert found.at == () or found.at[0] == key or key == "kind" or path == UNIT_PATH


@pytest.mark.parametrize("key", ["legal_limit_days", "phone", "materials", "steps", "faq", "version_on"])
def test_a_missing_element_of_a_procedure_is_named_in_chinese(put: Put, tree: Tree, key: str) -> None:
    del tree[PROCEDURE_PATH][key]
    text = only(found_in(put(tree))).text()
    assert text.startswith("缺“")
    assert key in text


def test_a_field_inside_a_row_is_named_with_its_row(put: Put, tree: Tree) -> None:
    del tree[PROCEDURE_PATH]["materials"][0]["copies"]
    assert only(found_in(put(tree))).field == "要带什么，第1项，份数"


def test_a_branch_leads_back_to_a_step_that_exists(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH]["steps"][0]["branch"]["back_to"] = 9
    assert only(found_in(put(tree))).text() == "回到第9步，可是只有2步。"


def test_an_imported_procedure_may_lack_everything_but_name_and_code(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH] = {"kind": "procedure", "title": "过户", "code": "000000000001", "imported": True}
    assert found_in(put(tree)) == []


def test_two_units_that_are_each_others_parent_are_both_named(put: Put, tree: Tree) -> None:
    tree["units/qu/index.md"] = {**copy.deepcopy(UNIT), "parent": "dengji"}
    tree[UNIT_PATH]["parent"] = "qu"
    assert [finding.path for finding in found_in(put(tree))] == [UNIT_PATH, "units/qu/index.md"]


def test_two_notices_cannot_share_an_index_number(put: Put, tree: Tree) -> None:
    tree["notices/2026-11-03-zzz.md"] = copy.deepcopy(NOTICE)
    assert "索引号相同" in only(found_in(put(tree))).text()


def test_a_page_in_the_wrong_folder_is_found(put: Put, tree: Tree) -> None:
    tree["procedures/guohu.md"] = copy.deepcopy(PROCEDURE)
    assert "不放在这里" in only(found_in(put(tree))).text()


def test_a_folder_of_a_unit_without_its_own_page_is_found(put: Put, tree: Tree) -> None:
    tree["units/ghost/commitments/a.md"] = {k: v for k, v in COMMITMENT.items() if k != "procedure"}
    assert "没有“ghost”这个单位" in only(found_in(put(tree))).text()


def test_names_that_differ_only_in_case_are_found(put: Put, tree: Tree) -> None:
    pages = put(tree)
    (pages / "notices/2026-11-03-Zhouliu.md").write_bytes((pages / NOTICE_PATH).read_bytes())
    assert any("只差大小写" in finding.text() for finding in found_in(pages))


def test_a_tree_without_a_home_page_is_found(put: Put, tree: Tree) -> None:
    del tree["index.md"]
    assert only(found_in(put(tree))).path == "index.md"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"# no data\n", "开头没有两行---"),
        ("---\ntitle: 政务公开\n---\n".encode("gb18030"), "第2行不是UTF-8编码"),
        (b"---\nkind: unit\ntitle: [a\n---\n", "读不懂"),
        (b"---\nkind: unit\nkind: unit\n---\n", "第3行读不懂"),
        (b"---\n- a\n---\n", "项: 值"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(put: Put, tree: Tree, raw: bytes, words: str) -> None:
    pages = put(tree)
    (pages / "notices/2026-11-04-bad.md").write_bytes(raw)
    assert words in only(found_in(pages)).text()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有这个文件夹"):
        read_pages(tmp_path / "nothing")


def test_the_sample_pages_are_sound_and_rendered() -> None:
    assert [f"{f.path} {f.field} {f.text()}" for f in check_pages(HOME / "site/pages", TODAY)] == []
    assert check_rendered(HOME / "site/pages") == []
