"""Texts over which Markdown would take a minute or the whole stack are shown as typed, and refused by the checks."""

import markdown
import pytest

from survey_app.publishing import words
from survey_app.publishing.checks import check_pages
from survey_app.publishing.words import prose
from tests.pages.page_trees import BLOCK_PATH, NOTICE, NOTICE_PATH, TODAY

BRACKETS = "[" * 501
TANGLED = {
    "brackets": BRACKETS,
    "pictures": "![a](" * 501,
    "brackets in lines": "[\n" * 501,
    "a deep list in one line": "- " * 31 + "甲",
    "a deep numbered list": "1. " * 21 + "甲",
    "a list that goes in and in": "\n".join("    " * depth + "- 甲" for depth in range(16)),
    "very many lines": "#\n" * 2001,
    "tabs": "\t" * 15 + "* 甲",
}
SOUND = {
    "links in paragraphs": "见[首页](/)。\n\n" * 600,
    "many links together": "见[首页](/)。\n" * 500,
    "a list in a list in a list": "- 甲\n    - 乙\n        1. 丙",
    "a rule": "甲\n\n" + "-" * 200 + "\n\n乙",
    "a wide table": "|甲" * 40 + "|\n" + "|---" * 40 + "|\n" + "|1" * 40 + "|",
    "a day": "2026-11-24 起施行。",
    "blanks of Chinese type": "\u3000" * 100 + "甲",
}


@pytest.fixture
def asked(monkeypatch):
    """Every text that was given to Markdown."""
    texts, real = [], markdown.markdown

    def noted(text, **how):
        texts.append(text)
        return real(text, **how)

    monkeypatch.setattr(words.markdown, "markdown", noted)
    return texts


@pytest.mark.parametrize("name", TANGLED)
def test_a_tangled_text_is_shown_sign_by_sign_and_never_given_to_markdown(asked, name) -> None:
    made = prose(f"<b>甲\n乙\n\n{TANGLED[name]}")

    assert asked == []
    assert made.startswith("<p>&lt;b&gt;甲<br>乙</p>\n<p>")
    assert made.count("[") == TANGLED[name].count("[")


@pytest.mark.parametrize("name", SOUND)
def test_what_people_write_is_set_as_before(asked, name) -> None:
    prose(SOUND[name])

    assert len(asked) == 1


@pytest.mark.parametrize("name", TANGLED)
def test_a_tangled_text_is_an_error_in_its_own_field(put, tree, name) -> None:
    tree[NOTICE_PATH] = {**NOTICE, "text": TANGLED[name]}
    tree[BLOCK_PATH]["sections"] = [{"heading": "一", "text": "- 甲"}]
    assert (NOTICE_PATH, "正文") in [
        (one.path, one.field) for one in check_pages(put(tree), TODAY) if "排不了版" in one.text()
    ]


def test_people_may_quote_many_brackets_in_a_title(put, tree) -> None:
    tree[NOTICE_PATH] = {**NOTICE, "summary": BRACKETS}
    assert [one.text() for one in check_pages(put(tree), TODAY) if "排不了版" in one.text()] == []
