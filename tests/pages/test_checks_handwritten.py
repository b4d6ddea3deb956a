"""Pages that a person wrote by hand are read by the same checks."""

import pytest

from tests.pages.page_trees import Tree, write_body
from tests.pages.test_checks import Put, found_in, only


@pytest.mark.parametrize(
    "body", ["见[单位](../units/index.md)和[本站](https://example.com/)。", '<a href="../units/">x</a>']
)
def test_a_handwritten_page_may_link_as_mkdocs_does(put: Put, tree: Tree, body: str) -> None:
    pages = put(tree)
    write_body(pages / "about/index.md", body)
    assert found_in(pages) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("见[单位](../units/nobody.md)。", "链接“../units/nobody.md”打不开"),
        ("见[单位](/units/)。", "链接“/units/”打不开"),
        ("见[上面](../../index.md)。", "链接“../../index.md”打不开"),
        ('<a href="../unit/">x</a>', "链接“../unit/”打不开"),
        ("## 一\n\n#### 二", "小标题“二”是4级"),
        ("# 题\n\n# 又一题", "小标题“又一题”是1级"),
        ("题\n===\n\n小题\n---\n\n#### 跳级", "小标题“跳级”是4级"),
        ('<img src="../a.svg">', "有图片没有文字说明"),
        ("<table><tr><td>1</td></tr></table>", "有一列没有表头"),
        ("打13800001111", "像手机号的数字（138开头）"),
        ('<script src="https://example.com/a.js"></script>', "引用了别的网站"),
    ],
)
def test_a_handwritten_page_is_read_too(put: Put, tree: Tree, body: str, words: str) -> None:
    pages = put(tree)
    write_body(pages / "about/index.md", body)
    found = only(found_in(pages))
    assert words in found.text()
    assert (found.path, found.field) == ("about/index.md", "正文")


@pytest.mark.parametrize(
    "body",
    [
        "# 题\n\n## 一\n\n### 二\n\n## 三",
        "题\n===\n\n## 一",
        "```\n#### 代码里的不算\n```",
        "## 一\n\n| 甲 | 乙 |\n|---|---|",
    ],
)
def test_headings_and_tables_in_order_are_left_alone(put: Put, tree: Tree, body: str) -> None:
    pages = put(tree)
    write_body(pages / "about/index.md", body)
    assert found_in(pages) == []
