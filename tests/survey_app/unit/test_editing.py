"""An editor changes a page: draft, rows, errors, submission; nothing typed is ever lost."""

import pytest

from survey_app.publishing.revisions.fields import all_fields
from survey_app.store import audit
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, form_of, put, read

FORM = "/desk/page/units/tax/procedures/wanshui"


def save(editor, address=FORM, do="save", **changes):
    sent = form_of(editor.get(address))
    return editor.post(address, data={**sent, **changes, "do": do})


def only_revision():
    [revision] = store.listed(states=["draft", "submitted", "returned", "conflict", "withdrawn"])
    return revision


def test_opening_a_form_stores_nothing(editor):
    assert editor.get(FORM).status_code == 200
    assert store.count(states=["draft"]) == 0


def test_a_first_save_is_a_draft_based_on_the_page(editor, desk_pages):
    answer = save(editor, promised_limit_days="3", note="多一道核对")

    draft = only_revision()
    assert answer.status_code == 303
    assert draft.data == {**PROCEDURE, "promised_limit_days": 3}
    assert list(draft.data) == [field.name for field in all_fields("procedure") if field.name in PROCEDURE]
    assert (draft.base, draft.state, draft.author, draft.note) == (PROCEDURE, "draft", editor.person, "多一道核对")
    assert read(desk_pages, PROCEDURE_PATH) == PROCEDURE


def test_saving_without_a_change_changes_no_value(editor):
    save(editor)

    assert only_revision().data == PROCEDURE


def test_a_row_is_added_lifted_and_removed_without_a_script_and_nothing_is_stored(editor):
    sent = form_of(editor.get(FORM))
    added = editor.post(FORM, data={**sent, "place": "二楼", "row": "materials:add"})
    sent = form_of(added)
    assert added.status_code == 200
    assert (sent["materials-2-name"], sent["place"]) == ([""], ["二楼"])
    lifted = form_of(editor.post(FORM, data={**sent, "materials-2-name": "委托书", "row": "materials:2:up"}))
    assert [lifted[f"materials-{n}-name"] for n in range(3)] == [["身份证"], ["委托书"], ["申请表"]]
    left = form_of(editor.post(FORM, data={**lifted, "row": "materials:0:remove"}))
    assert [left[f"materials-{n}-name"] for n in range(2)] == [["委托书"], ["申请表"]]
    assert store.count(states=["draft"]) == 0


@pytest.mark.parametrize(
    "button", ["materials:9:remove", "materials:x:up", "nothing:add", "materials", ":::", "fee:add"]
)
def test_a_button_that_no_page_has_moves_nothing(editor, button):
    sent = form_of(editor.get(FORM))

    again = form_of(editor.post(FORM, data={**sent, "row": button}))

    assert [again[f"materials-{n}-name"] for n in range(2)] == [["身份证"], ["申请表"]]


def test_empty_rows_and_empty_answers_are_left_out_and_an_empty_list_can_be_meant(editor):
    sent = form_of(editor.get(FORM))
    rows = {name: "" for name in sent if name.startswith("materials-")}

    editor.post(FORM, data={**sent, **rows, "materials-none": "y", "first_contact": "  ", "do": "save"})

    draft = only_revision()
    assert draft.data["materials"] == []
    assert "first_contact" not in draft.data


def test_what_is_wrong_is_said_at_the_field_and_in_a_summary_and_kept_as_typed(editor):
    answer = save(editor, do="submit", promised_limit_days="三天", legal_limit_days="5")

    assert answer.status_code == 422
    assert form_of(answer)["promised_limit_days"] == ["三天"]
    assert 'href="#f-promised_limit_days"' in answer.text
    assert 'id="e-promised_limit_days-1"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<title>请改1处" in answer.text
    assert only_revision().state == "draft"


def test_a_promise_longer_than_the_law_cannot_be_submitted(editor):
    answer = save(editor, do="submit", promised_limit_days="35", legal_limit_days="30")

    assert answer.status_code == 422
    assert "承诺35个工作日比法定30个工作日长，请改短。" in answer.text


def test_a_sound_draft_is_submitted_and_can_be_taken_back_put_away_and_brought_back(editor):
    save(editor, do="submit", promised_limit_days="2")
    number = only_revision().number
    assert only_revision().state == "submitted"
    editor.post(f"/desk/revision/{number}/take-back")
    assert only_revision().state == "draft"
    editor.post(f"/desk/revision/{number}/discard")
    assert only_revision().state == "withdrawn"
    assert "取回这份草稿" in editor.get(f"/desk/revision/{number}").text
    editor.post(f"/desk/revision/{number}/bring-back")
    assert (only_revision().state, only_revision().data["promised_limit_days"]) == ("draft", 2)
    assert audit.verify() == []


def test_a_revision_that_was_submitted_is_not_written_to_any_more_and_the_words_are_shown(editor):
    sent = form_of(editor.get(FORM))
    save(editor, do="submit", promised_limit_days="2")
    number = only_revision().number

    answer = editor.post(f"/desk/revision/{number}", data={**sent, "version": "3", "place": "三楼", "do": "save"})

    assert answer.status_code == 409
    assert "三楼" in answer.text
    assert only_revision().data["place"] == PROCEDURE["place"]


def test_two_people_saving_the_same_draft_get_both_texts_and_nothing_is_overwritten(editor, signed_in):
    other = signed_in("unit_head", "tax")
    save(editor, promised_limit_days="2")
    address = f"/desk/revision/{only_revision().number}"
    mine, theirs = form_of(editor.get(address)), form_of(other.get(address))
    other.post(address, data={**theirs, "place": "二楼大厅", "hours": "周六也开", "do": "save"})

    answer = editor.post(address, data={**mine, "place": "一楼东侧", "delivery": "邮寄", "do": "save"})

    assert answer.status_code == 409
    assert "二楼大厅" in answer.text
    assert "一楼东侧" in answer.text
    assert only_revision().data["place"] == "二楼大厅"
    merged = editor.post(f"{address}/merge", data={**form_of(answer), "side-place": "mine"})
    assert merged.status_code == 303
    data = only_revision().data
    assert (data["place"], data["hours"], data["delivery"]) == ("一楼东侧", "周六也开", "邮寄")


def test_a_second_first_save_meets_the_draft_that_is_there(editor, signed_in):
    other = signed_in("unit_head", "tax")
    mine, theirs = form_of(editor.get(FORM)), form_of(other.get(FORM))
    other.post(FORM, data={**theirs, "place": "二楼", "do": "save"})

    answer = editor.post(FORM, data={**mine, "hours": "全天", "do": "save"})

    assert answer.status_code == 409
    assert "全天" in answer.text
    assert only_revision().data["place"] == "二楼"


def test_a_page_edited_by_hand_is_picked_up_and_carried_over_not_overwritten(editor, desk_pages):
    save(editor, promised_limit_days="2", place="二楼")
    address = f"/desk/revision/{only_revision().number}"
    sent = form_of(editor.get(address))
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "phone": "0000-8110222", "place": "三楼"})

    refused = editor.post(address, data={**sent, "do": "submit"})
    page = editor.get(f"{address}/conflict")

    assert refused.location.endswith("/conflict")
    assert only_revision().state == "conflict"
    assert "两边都改了" in page.text
    chosen = {**form_of(page), "side-place": "theirs"}
    assert editor.post(f"{address}/conflict", data=chosen).status_code == 303
    draft = only_revision()
    expected = {"phone": "0000-8110222", "place": "三楼", "promised_limit_days": 2}
    assert {key: draft.data[key] for key in expected} == expected
    assert draft.base["phone"] == "0000-8110222"
    assert [event.action for event in audit.list_events() if event.action == "page.hand_edit"] == ["page.hand_edit"]


def test_a_new_page_begins_with_a_title_and_what_the_unit_has_already_said(editor, desk_pages):
    unit = read(desk_pages, "units/tax/index.md")
    put(desk_pages, "units/tax/index.md", {**unit, "phone": "0000-8110101", "hours": "周一至周五"})

    empty = editor.post("/desk/new/procedure", data={"title": " "})
    answer = editor.post("/desk/new/procedure", data={"title": "补开发票"})

    assert empty.status_code == 422
    assert answer.status_code == 303
    draft = only_revision()
    assert draft.page == "units/tax/procedures/bu-kai-fa-piao.md"
    assert (draft.base, draft.data["phone"], draft.data["hours"]) == (None, "0000-8110101", "周一至周五")
    assert "补开发票" in editor.get("/desk/list/procedure").text


def test_two_pages_of_one_title_get_two_addresses(editor):
    for _ in range(2):
        editor.post("/desk/new/procedure", data={"title": "补开发票"})

    pages = [revision.page for revision in store.listed(states=["draft"])]
    assert sorted(pages) == ["units/tax/procedures/bu-kai-fa-piao-2.md", "units/tax/procedures/bu-kai-fa-piao.md"]
