"""Every check has a page that fails it, and the words say what to do."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey_app.config import HOME
from survey_app.domain.errors import BadInput, Finding
from survey_app.publishing import check_pages, check_rendered
from survey_app.publishing.pages import read_pages
from tests.pages.page_trees import (
    COMMITMENT,
    COMMITMENT_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    UNIT,
    UNIT_PATH,
    Tree,
)

Put = Callable[[Tree], Path]
WRONG: list[tuple[str, str, Any, str]] = [
    (PROCEDURE_PATH, "promised_limit_days", 35, "承诺35个工作日比法定30个工作日长，请改短。"),
    (PROCEDURE_PATH, "legal_limit_days", "三十", "要写成整数。"),
    (PROCEDURE_PATH, "code", 123456, "要写成文字"),
    (PROCEDURE_PATH, "phone", "八一二三四零一", "“八一二三四零一”写法不对。有人接的电话。"),
    (PROCEDURE_PATH, "theme", "买房", "“买房”不在可选的里面。只能写：出生和养育"),
    (PROCEDURE_PATH, "conditions", [], "至少写1项。"),
    (PROCEDURE_PATH, "visits", 10, "10太大，最大9。"),
    (PROCEDURE_PATH, "title", "", "不能空着。"),
    (PROCEDURE_PATH, "colour", "红", "这里没有“colour”这一项"),
    (PROCEDURE_PATH, "co_units", ["nobody"], "没有“nobody”这个单位。"),
    (PROCEDURE_PATH, "conditions", ["其他有关材料齐全。"], "“其他有关材料”不能用。请写明是哪一种，或删去。"),
    (PROCEDURE_PATH, "scope", "打13800001111找小王", "有一串像手机号的数字（138开头）"),
    (PROCEDURE_PATH, "scope", "证号11010119900307123X", "有一串像身份证号的数字"),
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
]


def only(found: list[Finding]) -> Finding:
    assert len(found) == 1, [finding.text() for finding in found]
    return found[0]


def test_a_sound_tree_has_no_findings(put: Put, tree: Tree) -> None:
    assert check_pages(put(tree)) == []


@pytest.mark.parametrize(("path", "key", "value", "words"), WRONG, ids=[f"{w[1]}-{i}" for i, w in enumerate(WRONG)])
def test_a_wrong_value_is_named_by_file_and_field(
    put: Put, tree: Tree, path: str, key: str, value: object, words: str
) -> None:
    tree[path][key] = value
    found = only(check_pages(put(tree)))
    assert found.path == path
    assert words in found.text()
    assert found.field


@pytest.mark.parametrize("key", ["legal_limit_days", "phone", "materials", "steps", "faq", "version_on"])
def test_a_missing_element_of_a_procedure_is_named_in_chinese(put: Put, tree: Tree, key: str) -> None:
    del tree[PROCEDURE_PATH][key]
    text = only(check_pages(put(tree))).text()
    assert text.startswith("缺“")
    assert key in text


def test_a_field_inside_a_row_is_named_with_its_row(put: Put, tree: Tree) -> None:
    del tree[PROCEDURE_PATH]["materials"][0]["copies"]
    assert only(check_pages(put(tree))).field == "要带什么，第1项，份数"


def test_a_branch_leads_back_to_a_step_that_exists(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH]["steps"][0]["branch"]["back_to"] = 9
    assert only(check_pages(put(tree))).text() == "回到第9步，可是只有2步。"


def test_an_imported_procedure_may_lack_everything_but_name_and_code(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH] = {"kind": "procedure", "title": "过户", "code": "000000000001", "imported": True}
    assert check_pages(put(tree)) == []


def test_two_units_that_are_each_others_parent_are_both_named(put: Put, tree: Tree) -> None:
    tree["units/qu/index.md"] = {**copy.deepcopy(UNIT), "parent": "dengji"}
    tree[UNIT_PATH]["parent"] = "qu"
    assert [finding.path for finding in check_pages(put(tree))] == [UNIT_PATH, "units/qu/index.md"]


def test_two_notices_cannot_share_an_index_number(put: Put, tree: Tree) -> None:
    tree["notices/2026-11-03-zzz.md"] = copy.deepcopy(NOTICE)
    assert "索引号相同" in only(check_pages(put(tree))).text()


def test_a_page_in_the_wrong_folder_is_found(put: Put, tree: Tree) -> None:
    tree["procedures/guohu.md"] = copy.deepcopy(PROCEDURE)
    assert "不放在这里" in only(check_pages(put(tree))).text()


def test_a_folder_of_a_unit_without_its_own_page_is_found(put: Put, tree: Tree) -> None:
    tree["units/ghost/commitments/a.md"] = {k: v for k, v in COMMITMENT.items() if k != "procedure"}
    assert "没有“ghost”这个单位" in only(check_pages(put(tree))).text()


def test_names_that_differ_only_in_case_are_found(put: Put, tree: Tree) -> None:
    pages = put(tree)
    (pages / "notices/2026-11-03-Zhouliu.md").write_bytes((pages / NOTICE_PATH).read_bytes())
    assert any("只差大小写" in finding.text() for finding in check_pages(pages))


def test_a_tree_without_a_home_page_is_found(put: Put, tree: Tree) -> None:
    del tree["index.md"]
    assert only(check_pages(put(tree))).path == "index.md"


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
    assert words in only(check_pages(pages)).text()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有这个文件夹"):
        read_pages(tmp_path / "nothing")


def test_the_sample_pages_are_sound_and_rendered() -> None:
    assert [f"{f.path} {f.field} {f.text()}" for f in check_pages(HOME / "site/pages")] == []
    assert check_rendered(HOME / "site/pages") == []
