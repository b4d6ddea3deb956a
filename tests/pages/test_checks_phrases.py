"""兜底条款 are found in all their dresses; what only sounds like one is left alone."""

from typing import Any

import pytest

from survey_app.publishing.book import Book
from survey_app.publishing.checks.looks import Look
from survey_app.publishing.checks.phrases import catch_all, no_catch_all
from survey_app.publishing.pages import new_page
from tests.pages.page_trees import COMMITMENT, COMMITMENT_PATH, NOTICE, NOTICE_PATH, PROCEDURE, PROCEDURE_PATH, TODAY

OPEN = [
    ("其他有关材料。", "其他有关材料"),
    ("其他相关资料", "其他相关资料"),
    ("其它材料", "其它材料"),
    ("其他应当提交的材料", "其他应当提交的材料"),
    ("其他需要提供的证明", "其他需要提供的证明"),
    ("其他条件", "其他条件"),
    ("符合其他规定的条件", "其他规定的条件"),
    ("其他必要的手续", "其他必要的手续"),
    ("法律、法规规定的其他条件。", "法律、法规规定的其他条件"),
    ("法律法规规定的其他材料", "法律法规规定的其他材料"),
    ("国家规定的其他情形", "国家规定的其他情形"),
    ("身份证、户口簿等相关材料", "等相关材料"),
    ("合同等有关证明", "等有关证明"),
    ("结婚证等其他材料", "其他材料"),
    ("以窗口要求为准", "以窗口要求为准"),
    ("具体材料以工作人员告知为准", "以工作人员告知为准"),
    ("必要时补充材料", "必要时补充"),
    ("视情况另行提供收入证明", "视情况另行提供"),
    ("登记机构认为必要的其他文件", "其他文件"),
]
CLOSED = [
    "身份证原件。",
    "不需要其他材料。",
    "无需提供其他材料",
    "除身份证外，不用带其他证明。",
    "其他材料一律免交。",
    "还要带其他材料吗？",
    "受理后不再增加其他条件。",
    "其他人代办的，带委托书。",
    "到其他窗口办理。",
    "其他城市的证明也认。",
    "窗口核对合同、税款等材料后收件。",
    "其他行政权力",
    "带其他有效身份证件也可以。",
    "材料不齐的，窗口一次性书面告知。",
    "视力残疾的，可以请人代填。",
    "法律援助中心在二楼，其他楼层是办公区。",
]


@pytest.mark.parametrize(("text", "phrase"), OPEN)
def test_a_requirement_left_open_is_found_and_quoted(text: str, phrase: str) -> None:
    assert catch_all(text) == phrase


@pytest.mark.parametrize("text", CLOSED)
def test_what_only_sounds_open_is_left_alone(text: str) -> None:
    assert catch_all(text) == ""


def found_in(kind: dict[str, Any], path: str, **change: object) -> list[tuple[object, ...]]:
    page = new_page(path, {**kind, **change})
    return [finding.at for finding in no_catch_all(Look(page, Book([page]), TODAY))]


def test_every_text_that_asks_something_is_read() -> None:
    row = {**PROCEDURE["materials"][0], "note": "其他材料"}
    assert found_in(PROCEDURE, PROCEDURE_PATH, materials=[row]) == [("materials", 0, "note")]
    assert found_in(PROCEDURE, PROCEDURE_PATH, conditions=["甲", "其他条件"]) == [("conditions", 1)]
    assert found_in(PROCEDURE, PROCEDURE_PATH, notice_note="其他材料") == [("notice_note",)]
    assert found_in(COMMITMENT, COMMITMENT_PATH, what="其他条件") == [("what",)]


def test_names_of_laws_and_questions_of_citizens_may_have_any_words() -> None:
    law = ["《关于其他材料的规定》第三条"]
    assert found_in(PROCEDURE, PROCEDURE_PATH, basis=law, official_title="其他材料备案") == []
    assert found_in(PROCEDURE, PROCEDURE_PATH, faq=[{"q": "其他材料要不要？", "a": "不要。"}]) == []
    assert found_in(PROCEDURE, PROCEDURE_PATH, faq=[{"q": "要什么？", "a": "带其他材料。"}]) == [("faq", 0, "a")]


def test_a_notice_may_quote_what_a_guide_may_not_ask() -> None:
    assert found_in(NOTICE, NOTICE_PATH, text="清理了“其他材料”等说法。") == []
