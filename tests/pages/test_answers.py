"""What is written from cases goes through a person's hands and tells nobody who asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import blanks
from survey_app.domain import revisions as rules
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page, errors
from survey_app.publishing.checks.persons import traces
from survey_app.publishing.outputs.extras import affected
from survey_app.publishing.pages import new_page
from survey_app.publishing.render import environment, render_body
from survey_app.publishing.revisions import growing, revising
from survey_app.store import revisions as store
from tests.pages.page_trees import PROCEDURE, PROCEDURE_PATH, TODAY, UNIT, UNIT_PATH
from tests.survey_app.unit.pages import PROCEDURE_PATH as WANSHUI
from tests.survey_app.unit.pages import give_desk_pages

PATH = "units/dengji/answers.md"
ANSWERS = {
    "kind": "answers",
    "title": "登记中心答问和整改",
    "questions": [{"month": "2026-11", "q": f"第{number}个问题？", "a": "可以。"} for number in range(7)],
    "mended": [{"month": "2026-10", "from": "rating", "said": "等得久。", "done": "加了一个窗口。"}],
    "updated_on": "2026-11-18",
}


def book_with(**changes):
    pages = [new_page(UNIT_PATH, UNIT), new_page(PROCEDURE_PATH, PROCEDURE), new_page(PATH, {**ANSWERS, **changes})]
    return Book(pages, frozenset())


def problems(**changes):
    book = book_with(**changes)
    return [finding.text() for finding in errors(check_page(book.by_path[PATH], book, TODAY))]


def asked(q, a="可以。"):
    return problems(questions=[{"month": "2026-11", "q": q, "a": a}])


def test_the_units_page_shows_the_newest_five_and_leads_to_all():
    book = book_with()
    body = render_body(environment(), book, book.by_path[UNIT_PATH])

    assert [f"第{number}个问题？" in body for number in range(7)] == [True] * 5 + [False] * 2
    assert '<a href="../../units/dengji/answers/#qa">看全部7个问题</a>' in body
    assert "评议后整改" in body
    assert "低分评价" in body


def test_the_page_of_answers_shows_all_and_a_unit_without_any_shows_no_empty_heading():
    book = book_with()
    whole = render_body(environment(), book, book.by_path[PATH])
    bare = Book([new_page(UNIT_PATH, UNIT)])

    assert whole.count('class="p-faq"') == 7
    assert "2026年11月答复" in whole
    assert "答复过的问题" not in render_body(environment(), bare, bare.by_path[UNIT_PATH])


def test_a_change_of_the_answers_changes_the_units_page():
    assert UNIT_PATH in affected(book_with(), PATH)
    assert UNIT_PATH in affected(Book([new_page(UNIT_PATH, UNIT)]), PATH)


@pytest.mark.parametrize(
    ("words", "trace"),
    [
        ("我叫王建国，来问一下。", "王建国"),
        ("我是刘芳，想问低保。", "刘芳"),
        ("姓名：欧阳娜娜，住得远。", "欧阳娜娜"),
        ("投诉人李某反映没人接电话。", "李某"),
        ("张先生反映窗口态度不好。", "张先生"),
        ("打１３８００００１１１１找我。", "13800001111"),
        ("打0571-88886666找我。", "0571-88886666"),
        ("身份证110101199003071233。", "110101199003071233"),
        ("发到wang.jg@example.com。", "wang.jg@example.com"),
        ("加微信wjg_1975回我。", "微信wjg_1975"),
        ("沪A12345被拖走。", "沪A12345"),
        ("住清源小区3号楼2单元501室。", "3号楼2单元501室"),
        ("家在和平路88号。", "路88号"),
        ("柳树村3组12号漏雨。", "村3组"),
    ],
)
def test_a_name_a_number_or_a_home_stops_the_page(words, trace):
    assert traces(words)[0] == trace
    assert f"“{trace}”看得出是谁。请删去，或改成不认得出人的说法。" in asked(words)
    assert f"“{trace}”看得出是谁。请删去，或改成不认得出人的说法。" in asked("能办吗？", words)


@pytest.mark.parametrize(
    "words",
    [
        "户主要来吗？带户口簿户主页和本人页。",
        "高中毕业证、申请人本人身份证，联系人和电话写清楚。",
        "到政和路18号政务服务大厅一楼3号窗口，周一至周五9:00–17:00。",
        "30个工作日，收费80元，2026年11月9日起，见《某办法》第十四条。",
        "办事大厅201室旁边，乘3路、11路车。",
        "当事人陈述以后5天内答复。",
        "打0000-8123401或12345问。",  # the unit's own number
        "在政和路18号。",  # the unit's own address
    ],
)
def test_what_an_answer_has_to_say_stops_nothing(words):
    assert asked(words) == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched_and_what_is_found_stands_in_it(text):
    import unicodedata

    plain = unicodedata.normalize("NFKC", text)
    assert all(trace in plain for trace in traces(text))


def test_a_question_in_a_procedures_faq_is_looked_at_too():
    data = {**PROCEDURE, "faq": [{"q": "王大爷能让儿子来办吗？", "a": "能。"}]}
    book = Book([new_page(UNIT_PATH, UNIT), new_page(PROCEDURE_PATH, data)], frozenset())

    [found] = errors(check_page(book.by_path[PROCEDURE_PATH], book, TODAY))
    assert (found.field, found.params["trace"]) == ("常见问题，第1项，问", "王大爷")


def test_a_place_left_blank_stops_any_page():
    assert asked(growing.QUESTION) == [f"“{growing.QUESTION}”这里还没有写。请写上，或整句删去。"]
    with pytest.raises(blanks.BlankLeft):
        blanks.require_filled("您好，【请写办理结果")
    blanks.require_filled("【公告】请看。")


@pytest.fixture
def desk(settings, store, clock):
    give_desk_pages(settings.pages)
    return {"unit": "tax", "by": "zhou", "now": clock(), "note": "来自办件2026-000001"}


def test_one_click_adds_a_question_to_the_procedure_as_a_draft_that_cannot_go_further_unwritten(settings, desk, clock):
    told = {"procedure": "wanshui", "answer": "可以，王先生打0571-88886666约。"}
    draft = growing.grow_faq(settings, **told, **desk)
    again = growing.grow_faq(settings, **told, **desk)

    [entry, old] = draft.data["faq"]
    assert (again.number, again.version) == (draft.number, draft.version)
    assert entry["q"] == growing.QUESTION
    assert "王先生" not in entry["a"]
    assert "88886666" not in entry["a"]
    assert old["q"] == "要多久？"
    with pytest.raises(revising.HasErrors):
        revising.submit(settings, revision=draft, by="zhou", now=clock(), today=clock.today)
    assert draft.page == WANSHUI


def test_a_second_question_goes_into_the_draft_that_is_being_written_and_waits_where_it_is_being_approved(
    settings, desk, clock
):
    first = growing.grow_faq(settings, procedure="wanshui", answer="可以。", **desk)
    second = growing.grow_faq(settings, procedure="wanshui", answer="不用。", **desk)
    assert first.number == second.number
    assert [row["a"] for row in second.data["faq"]] == ["不用。", "可以。", "当场办好。"]
    written = [{**row, "q": f"{row['q'][:0]}问{number}？"} for number, row in enumerate(second.data["faq"])]
    told = {"title": second.title, "note": "", "by": "zhou", "now": clock()}
    saved = store.save(number=second.number, version=second.version, data={**second.data, "faq": written}, **told)
    revising.submit(settings, revision=saved, by="zhou", now=clock(), today=clock.today)

    with pytest.raises(rules.RevisionOpen):
        growing.grow_faq(settings, procedure="wanshui", answer="再说。", **desk)


def test_the_first_answer_of_a_unit_begins_its_page_and_something_mended_joins_it(settings, desk):
    today = date(2026, 11, 3)
    begun = growing.add_question(settings, answer="可以。", today=today, **desk)
    both = growing.add_mended(settings, source="rating", done="加了窗口。", today=today, **desk)

    assert begun.page == "units/tax/answers.md"
    assert both.number == begun.number
    assert both.data["title"].endswith("答问和整改")
    assert both.data["mended"][0] | {"said": ""} == {
        "month": "2026-11",
        "from": "rating",
        "said": "",
        "done": "加了窗口。",
    }


def test_a_procedure_that_is_not_there_is_said(settings, desk):
    with pytest.raises(revising.PageUnknown):
        growing.grow_faq(settings, procedure="meiyou", answer="可以。", **desk)
