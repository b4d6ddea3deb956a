"""What is the publicity office's, or another unit's, a unit's editor cannot write, whatever form or table is sent."""

import json

import pytest

from survey_app.domain import revisions as rules
from survey_app.publishing.book import read_book
from survey_app.publishing.revisions import revising, rights
from survey_app.publishing.tables.columns import lists_of
from survey_app.store import page_versions
from survey_app.store import revisions as store
from tests.pages.tables import plan_of, said, workbook
from tests.survey_app.unit.pages import NOTICE, NOTICE_PATH, change, form_of, only, put, read

UNIT = "units/tax/index.md"
UNIT_FORM = "/desk/page/units/tax/index"
FORGED = {"class": "enforcement", "parent": "water", "former_slugs": ["noise"], "merged_into": "water", "title": "税局"}


# ---- a withdrawal says what the published notice says, less its words


@pytest.mark.parametrize(
    "forged", [{"title": "停业"}, {"index_no": "TAX-1"}, {"text": "新的话"}, {"supersedes": "x"}, {"unit": "water"}]
)
def test_a_withdrawal_that_says_more_than_the_notice_did_goes_no_further(editor, settings, clock, step, forged):
    editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "发错了"})
    sent = only("submitted")
    back = change(store.take_back(number=sent.number, by="zhou", now=clock()), clock, **forged)

    with pytest.raises(rights.NotAsAsked):
        step("submit", back)
    resent = store.submit(number=back.number, version=back.version, by="zhou", now=clock())
    with pytest.raises(rights.NotAsAsked):
        step("approve", resent)

    assert read(settings.pages, NOTICE_PATH) == NOTICE
    assert only().state == "submitted"


def test_a_published_notice_is_not_rewritten_by_a_draft_based_on_it(settings, clock, desk_pages, store_draft, step):
    draft = store_draft(NOTICE_PATH, {**NOTICE, "text": "周六不开。"})

    with pytest.raises(rules.NotRestorable):
        step("submit", draft)

    assert read(desk_pages, NOTICE_PATH)["text"] == NOTICE["text"]


@pytest.fixture
def store_draft(app, settings, clock):
    """A draft written straight into the database."""

    def drafted(path, data, action=rules.PUBLISH):
        page = revising.require_page(settings, path, clock())
        return revising.begin(page=page, data=data, by="zhou", now=clock(), action=action)

    return drafted


# ---- what decides a unit's place is the office's


def forge(editor, number, **extra):
    """The page on which both texts stand, sent with a text that no form drew."""
    draft = store.get(number)
    mine = {**draft.data, "hours": "全天", **extra}
    sides = {f"side-{name}": "mine" for name in [*extra, "hours"]}
    sent = {"mine": json.dumps(mine), "version": draft.version, **sides}
    return editor.post(f"/desk/revision/{number}/merge", data=sent)


def test_forged_boxes_of_the_units_form_are_not_read(editor, desk_pages):
    sent = form_of(editor.get(UNIT_FORM))
    forged = {"class": "enforcement", "former_slugs": "noise", "merged_into": "water", "title": "税局"}

    editor.post(UNIT_FORM, data={**sent, **forged, "hours": "全天", "do": "save"})

    assert only().data == {**read(desk_pages, UNIT), "hours": "全天"}


def test_both_texts_put_together_hold_nothing_the_form_does_not_ask(editor, desk_pages):
    editor.post(UNIT_FORM, data={**form_of(editor.get(UNIT_FORM)), "phone": "0000-8110101", "do": "save"})

    answer = forge(editor, only().number, **FORGED, duty_at="2026-01-01 08:00", made_up="x")

    assert answer.status_code == 303
    assert only().data == {**read(desk_pages, UNIT), "phone": "0000-8110101", "hours": "全天"}


def test_a_new_notice_cannot_be_given_to_another_unit_or_begun_as_a_tombstone(editor):
    editor.post("/desk/new/notice", data={"title": "周日也开"})

    forge(editor, only().number, unit="water", withdrawn={"on": "2026-11-03", "reason": "x", "by": "供水"})

    assert only().data["unit"] == "tax"
    assert "withdrawn" not in only().data


@pytest.mark.parametrize(
    "mine",
    [
        {"kind": "procedure"},
        {"kind": "unit", "windows": {"a": 1}, "hours": ["x"], "head": 7, "duties": 3, "map": [[]], "imported": "?"},
        {"kind": "unit", "windows": [3, None, "x", {"number": {"a": []}}], "closed": {"x": {}}},
    ],
)
def test_a_text_of_any_shape_is_put_together_or_refused(editor, mine):
    editor.post(UNIT_FORM, data={**form_of(editor.get(UNIT_FORM)), "phone": "0000-8110101", "do": "save"})
    draft = only()
    sides = {f"side-{name}": "mine" for name in mine}

    sent = {"mine": json.dumps(mine), "version": draft.version, **sides}
    answer = editor.post(f"/desk/revision/{draft.number}/merge", data=sent)

    assert answer.status_code in (303, 400, 422)
    assert editor.get(f"/desk/revision/{draft.number}").status_code == 200


def test_the_offices_new_name_is_not_undone_by_choosing_ones_own_side(editor, desk_pages):
    editor.post(UNIT_FORM, data={**form_of(editor.get(UNIT_FORM)), "hours": "全天", "do": "save"})
    put(desk_pages, UNIT, {**read(desk_pages, UNIT), "title": "办税缴费厅", "class": "economic", "hours": "周六也开"})
    address = f"/desk/revision/{only().number}/conflict"
    page = editor.get(address)

    sent = {**form_of(page), "side-hours": "mine", "side-title": "mine", "side-class": "mine", "side-kind": "mine"}
    answer = editor.post(address, data=sent)

    assert answer.status_code == 303
    assert "side-title" not in page.text
    found = {key: only().data[key] for key in ("title", "class", "hours")}
    assert found == {"title": "办税缴费厅", "class": "economic", "hours": "全天"}


def test_choosing_ones_own_windows_brings_no_old_board_back(editor, desk_pages):
    sent = form_of(editor.get(UNIT_FORM))
    editor.post(UNIT_FORM, data={**sent, "windows-0-business": "申报、代开", "do": "save"})
    now = read(desk_pages, UNIT)
    windows = [{**window, "person": "李梅", "state": "out"} for window in now["windows"]]
    put(desk_pages, UNIT, {**now, "windows": windows, "duty_at": "2026-11-03 11:00"})
    address = f"/desk/revision/{only().number}/conflict"

    editor.post(address, data={**form_of(editor.get(address)), "side-windows": "mine"})

    data = only().data
    assert [(window["business"], window["state"]) for window in data["windows"]] == [
        ("申报、代开", "out"),
        ("发票", "out"),
    ]
    assert data["duty_at"] == "2026-11-03 11:00"


@pytest.mark.parametrize("field", sorted(FORGED))
def test_what_got_past_every_form_is_stopped_at_submission_and_at_approval(
    editor, desk_pages, clock, step, store_draft, field
):
    draft = store_draft(UNIT, {**read(desk_pages, UNIT), field: FORGED[field]})

    with pytest.raises(rights.OfficeField):
        step("submit", draft)
    sent = store.submit(number=draft.number, version=draft.version, by="zhou", now=clock())
    with pytest.raises(rights.OfficeField):
        step("approve", sent)

    assert only().state == "submitted"


def test_what_the_office_proposed_a_unit_may_complete_and_send(office, editor, desk_pages, settings, clock, step):
    page = revising.require_page(settings, UNIT, clock())
    draft = revising.begin(page=page, data={**page.data, "class": "economic"}, by=office.person, now=clock())
    address = f"/desk/revision/{draft.number}"
    editor.post(address, data={**form_of(editor.get(address)), "hours": "全天", "do": "submit"})

    assert step("approve", only("submitted")).state == "approved"
    assert only("approved").data == {**read(desk_pages, UNIT), "class": "economic", "hours": "全天"}


def test_an_old_version_brings_back_no_old_name_number_or_owner(editor, settings, clock, desk_pages):
    item = {"kind": "disclosure_item", "title": "收费目录", "number": 7, "unit": "tax", "level1": "收费"}
    path = "disclosure/items/shoufei.md"
    for title, number in (("收费目录", 7), ("收费清单", 9)):
        put(desk_pages, path, {**item, "title": title, "number": number})
        revising.look(settings, path, clock())
    put(desk_pages, UNIT, {**read(desk_pages, UNIT), "title": "老名字"})
    revising.look(settings, UNIT, clock())
    put(desk_pages, UNIT, {**read(desk_pages, UNIT), "title": "新名字", "hours": "全天"})
    revising.look(settings, UNIT, clock())
    for page in (path, UNIT):
        editor.post(f"/desk/restore/{page_versions.of_page(page)[-1].number}")

    drafts = {draft.page: draft.data for draft in store.listed(states=["draft"])}

    assert (drafts[path]["title"], drafts[path]["number"]) == ("收费目录", 9)
    assert drafts[UNIT]["title"] == "新名字"
    assert "hours" not in drafts[UNIT]


# ---- tables


def test_a_units_table_changes_nothing_that_is_the_offices(desk_pages, tmp_path):
    book = read_book(desk_pages)
    head = ["单位名称", "页面名", "评议类别", "主管单位", "地址"]
    rows = [head, ["税局", "tax", "行政执法", "供水服务厅", "一楼"]]

    own = plan_of(book, workbook(tmp_path / "a.xlsx", 单位=rows), unit="tax")
    offices = plan_of(book, workbook(tmp_path / "b.xlsx", 单位=rows))

    assert [column for _row, column, _words in said(own)] == ["单位名称", "评议类别", "主管单位"]
    assert "政务公开办公室" in said(own)[0][2]
    assert own.pages == []
    assert offices.pages[0].data["class"] == "enforcement"


def test_a_units_table_that_leaves_the_offices_cells_as_they_are_goes_in(desk_pages, tmp_path):
    rows = [["单位名称", "页面名", "评议类别", "地址"], ["办税服务厅", "tax", "窗口服务", "一楼"]]

    plan = plan_of(read_book(desk_pages), workbook(tmp_path / "a.xlsx", 单位=rows), unit="tax")

    assert said(plan) == []
    assert plan.pages[0].data["address"] == "一楼"


def test_a_units_table_rewrites_no_former_names(desk_pages, tmp_path):
    put(desk_pages, UNIT, {**read(desk_pages, UNIT), "former_names": [{"name": "税务厅", "until_on": "2020-01-01"}]})
    rows = {"单位": [["单位名称", "页面名"], ["办税服务厅", "tax"]]}
    names = [["单位", "名称", "用到哪天"], ["办税服务厅", "国税厅", "2020-01-01"]]
    sheet = next(sheet.name for sheet in lists_of("unit") if sheet.field == "former_names")

    plan = plan_of(read_book(desk_pages), workbook(tmp_path / "a.xlsx", **rows, **{sheet: names}), unit="tax")

    assert any("政务公开办公室" in words for _row, _column, words in said(plan))
    assert plan.pages == []
