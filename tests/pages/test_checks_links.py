"""Whatever becomes a link or a picture is checked, in every spelling that Markdown and HTML have for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.publishing.checks import check_pages
from survey_app.publishing.checks.markup import Ref, of_body, of_prose
from survey_app.publishing.words import prose
from tests.pages.page_trees import BLOCK_PATH, NOTICE, NOTICE_PATH, REPORT_PATH, TODAY, write_body

FOREIGN, DEAD, SILENT = "引用了别的网站的图片或程序", "打不开", "有图片没有文字说明"
PICTURE = "https://example.com/a.png"


def errors_of(pages: Path) -> list[tuple[str, str]]:
    return [(one.path, one.text()) for one in check_pages(pages, TODAY) if one.level == "error"]


@pytest.mark.parametrize(
    "text",
    [
        f"![图]({PICTURE})",
        f"![图][1]\n\n[1]: {PICTURE}",
        f"![图][]\n\n[图]: {PICTURE} '题'",
        f"![图]\n\n[图]: {PICTURE}",
        f"[![图]({PICTURE})](/)",
        f"| 图 |\n|---|\n| ![图][1] |\n\n[1]: {PICTURE}",
        "![图](//example.com/a.png)",
        "![图](HTTPS://example.com/a.png)",
        "![图](ftp://example.com/a.png)",
    ],
)
def test_a_foreign_picture_is_an_error_in_every_spelling(put, tree, text: str) -> None:
    assert "<img" in prose(text)
    tree[NOTICE_PATH] = {**NOTICE, "text": text}

    said = [words for path, words in errors_of(put(tree)) if path == NOTICE_PATH and FOREIGN in words]

    assert len(said) == 1
    assert "example.com/a.png" in said[0]
    assert "请把文件放到本站，再改成站内地址。" in said[0]


@pytest.mark.parametrize(
    "text",
    [
        "见[别处](/units/nobody/)。",
        "见[别处][1]。\n\n[1]: /units/nobody/",
        "见[别处][]。\n\n[别处]: /units/nobody/ '题'",
        "见[别处]。\n\n[别处]: /units/nobody/",
        "- 见[别处][a]\n\n[a]: /units/nobody/",
        "![图][1]\n\n[1]: /units/nobody/",
    ],
)
def test_a_dead_link_is_an_error_in_every_spelling(put, tree, text: str) -> None:
    tree[NOTICE_PATH] = {**NOTICE, "text": text}
    tree[BLOCK_PATH]["sections"][0]["text"] = text
    tree[REPORT_PATH]["overview"] = text

    said = [(path, words) for path, words in errors_of(put(tree)) if DEAD in words]

    assert sorted(path for path, _words in said) == sorted([NOTICE_PATH, BLOCK_PATH, REPORT_PATH])
    assert all("链接“/units/nobody/”打不开" in words for _path, words in said)


@pytest.mark.parametrize(
    "text",
    [
        "见[单位](/units/)、[别处](https://example.com/a)、[电话](tel:12345)。",
        "见[单位][1]。\n\n[1]: /units/",
        "照样写：`[别处](/units/nobody/)`。",
        "甲\n\n    [别处](/units/nobody/)",
        r"照样写：\[别处](/units/nobody/)。",
        f"照样写：`![图]({PICTURE})`。",
        "没有用到的注：\n\n[1]: /units/nobody/",
        "[不是链接] (/units/nobody/)",
    ],
)
def test_what_becomes_no_link_is_none_and_what_leads_somewhere_is_right(put, tree, text: str) -> None:
    tree[NOTICE_PATH] = {**NOTICE, "text": text}

    assert errors_of(put(tree)) == []


@pytest.mark.parametrize("text", [f"![图]\n\n[图]: <{PICTURE}>", f"![图](<{PICTURE}>)", "![图](\\\\example.com/a)"])
def test_a_spelling_that_leads_nowhere_in_this_portal_is_an_error_too(put, tree, text: str) -> None:
    tree[NOTICE_PATH] = {**NOTICE, "text": text}

    assert [DEAD in words for _path, words in errors_of(put(tree))] == [True]
    assert " src=" not in prose(text)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"![图][1]\n\n[1]: {PICTURE}", FOREIGN),
        (f'<img alt="图" src={PICTURE}>', FOREIGN),
        (f"<p>甲<IMG\nalt='图'\nsrc = '{PICTURE}'></p>", FOREIGN),
        ('<img alt="图" src="/\\example.com/a.png">', FOREIGN),
        ('<img alt="图" src=" ht\ntps://example.com/a.png">', FOREIGN),
        (f'<img alt="图" src="../a.svg" srcset="../a.svg 1x, {PICTURE} 2x">', FOREIGN),
        (f"<div style=\"background: url('{PICTURE}')\">甲</div>", FOREIGN),
        (f'<video poster="{PICTURE}"></video>', FOREIGN),
        ("![图](../a.svg){ srcset=//example.com/a.png }", FOREIGN),
        ("!!! note\n\n    ![图][1]\n\n[1]: //example.com/a.png", FOREIGN),
        ("见[单位][1]。\n\n[1]: ../units/nobody.md", "链接“../units/nobody.md”打不开"),
        ("<A HREF=../unit/>甲</A>", "链接“../unit/”打不开"),
        ('<img alt="图" src="../a.png">', "链接“../a.png”打不开"),
        ("![ ][1]\n\n[1]: ../a.svg", SILENT),
    ],
)
def test_a_page_written_by_hand_is_read_as_it_will_be_made(put, tree, body: str, words: str) -> None:
    pages = put(tree)
    write_body(pages / "about/index.md", body)

    said = [text for path, text in errors_of(pages) if path == "about/index.md"]

    assert len(said) == 1
    assert words in said[0]


def test_addresses_are_read_with_who_made_the_element() -> None:
    seen = of_body('见[甲](../a.md)。\n\n<a href="b/">乙</a><img alt="丙" src="c.png">\n\n![丁](d.png)')

    assert seen.refs == (
        Ref("a", "../a.md", False, True),
        Ref("a", "b/", False, False),
        Ref("img", "c.png", True, False),
        Ref("img", "d.png", True, True),
    )
    assert not any(ref.is_foreign for ref in seen.refs)


def test_pictures_in_the_page_itself_and_names_with_signs_are_not_foreign() -> None:
    for address in ("files/a.png", "../表 1.png", "data:image/png;base64,AAAA", "/files/a.png?u=http://b", "a//b.png"):
        assert not Ref("img", address, True, False).is_foreign
    for address in ("//a", "http:a", "https:/a", "\t//a", "\\/a", "javascript:a"):
        assert Ref("img", address, True, False).is_foreign


@given(st.text("[]()!<>:/\\ \n1ax\"'`*{}", max_size=40))
def test_no_picture_of_another_host_is_in_the_page_that_was_not_seen(text: str) -> None:
    made = prose(f"{text} ![a][1]\n\n[1]: //example.com/a.png")
    seen = of_prose(f"{text} ![a][1]\n\n[1]: //example.com/a.png")

    assert made.count("<img") == sum(ref.tag == "img" for ref in seen.refs)
