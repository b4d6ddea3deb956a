"""What is the publicity office's, or another unit's, a unit's editor cannot write, whatever form or table is sent."""

import json

import pytest

from survey_app.domain import revisions as rules
from survey_app.publishing import staging
from survey_app.publishing.book import read_book
from survey_app.publishing.revisions import newpages, revising, rights
from survey_app.publishing.tables.columns import lists_of
from survey_app.store import page_versions
from survey_app.store import revisions as store
from tests.pages.tables import plan_of, said, workbook
from tests.survey_app.unit.pages import NOTICE, NOTICE_PATH, form_of, put, read

UNIT = "units/tax/index.md"
UNIT_FORM = "/desk/page/units/tax/index"
FORGED = {"class": "enforcement", "parent": "water", "former_slugs": ["noise"], "merged_into": "water", "title": "税局"}


def only(*states):
    [revision] = store.listed(states=states or rules.OPEN)
    return revision


def change(revision, clock, by="zhou", **changes):
    """Write past the form, as somebody would who found a way around it."""
    data = {**revision.data, **changes}
    how = {"number": revision.number, "version": revision.version, "title": revision.title, "note": revision.note}
    return store.save(data=data, by=by, now=clock(), **how)


@pytest.fixture
def step(settings, clock):
    """Submit or approve, as the desk and the office do."""

    def taken(name, revision):
        how = {"settings": settings, "revision": revision, "now": clock(), "today": clock.today}
        if name == "approve":
            how |= {"roles": {"publicity"}, "words": "", "pass_on": False, "by": "li"}
        return getattr(revising, name)(**{"by": "zhou", **how})

    return taken


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


# ---- the office's own act


@pytest.fixture
def act(settings, clock, office):
    """A new name that the office gave the tax hall and that waits for a second person."""
    page = revising.require_page(settings, UNIT, clock())
    made = revising.proposal(page, {**page.data, "title": "办税缴费厅"}, note="区编办发〔2026〕3号")
    return store.act(proposal=made, target_digest="", second_wanted=True, by=office.person, now=clock())


@pytest.mark.parametrize("way", ["take-back", "discard", "bring-back", "merge"])
def test_a_unit_moves_nothing_that_the_office_does_itself(editor, act, way):
    seen = editor.get(f"/desk/revision/{act.number}")
    answer = editor.post(f"/desk/revision/{act.number}/{way}", data={"version": act.version, "mine": "{}"})

    assert seen.status_code == 200
    assert "收回，接着改" not in seen.text
    assert answer.status_code == 403
    assert "政务公开办公室" in answer.text
    assert store.get(act.number).state == "second"


def test_the_office_takes_its_own_act_back_and_puts_it_away(editor, office, signed_in, act):
    address = f"/desk/revision/{act.number}"
    assert address in office.get(f"/desk/review/revision/{act.number}").text
    assert office.post(f"{address}/take-back").status_code == 303
    assert store.get(act.number).state == "draft"
    assert "没有写完的草稿" not in editor.get("/desk/").text
    assert editor.post(f"{address}/discard").status_code == 403
    assert editor.post(address, data={"version": 3, "do": "submit", "hours": "全天"}).status_code == 403
    assert "放弃这一份" in office.get(address).text
    office.post(f"{address}/discard")
    assert store.get(act.number).state == "withdrawn"
    assert editor.get(UNIT_FORM).status_code == 200


# ---- notices that answer others


@pytest.mark.parametrize("how", ["supersedes", "corrects"])
def test_another_units_notice_cannot_be_answered(signed_in, desk_pages, settings, clock, step, how):
    other = signed_in("unit_editor", "water")
    asked = {how: "2026-10-09-tingshui", "title": "供水厅说"}

    assert other.get("/desk/new/notice", query_string=asked).status_code == 404
    assert other.post("/desk/new/notice", data=asked).status_code == 404
    assert store.listed(states=["draft"]) == []
    other.post("/desk/new/notice", data={"title": "停水"})
    data = {**NOTICE, **only().data, "index_no": "WATER-1", how: "2026-10-09-tingshui", "unit": "water"}
    with pytest.raises(revising.HasErrors) as refused:
        step("submit", change(only(), clock, **data))
    assert "别的单位" in refused.value.findings[0].text()


def test_a_unit_answers_the_notices_of_one_that_became_part_of_it(desk_pages, clock):
    put(desk_pages, UNIT, {**read(desk_pages, UNIT), "merged_into": "water", "ended_on": "2026-10-20"})
    book = read_book(desk_pages)

    page = newpages.new_data(
        "notice",
        title="更正",
        unit="water",
        book=book,
        today=clock.today,
        answers="2026-10-09-tingshui",
        how="corrects",
    )

    assert (page.data["unit"], page.data["corrects"]) == ("water", "2026-10-09-tingshui")


@pytest.mark.parametrize("kind", ["procedure", "commitment", "notice", "disclosure_item"])
def test_the_office_begins_no_page_of_a_unit_that_is_not_there(office, kind):
    assert office.get(f"/desk/new/{kind}").status_code == 403
    assert office.post(f"/desk/new/{kind}", data={"title": "无主的一页"}).status_code == 403
    assert store.listed(states=rules.OPEN) == []


def test_a_units_yearly_report_does_not_take_the_districts_place(editor, office):
    for who in (editor, office):
        who.post("/desk/new/annual_report", data={"title": "2025年政府信息公开年报"})

    found = {draft.page: draft.data.get("unit") for draft in store.listed(states=["draft"])}
    assert found == {"disclosure/annual-2025-tax.md": "tax", "disclosure/annual-2025.md": None}
    assert "2025年的年报已经有了" in editor.post("/desk/new/annual_report", data={"title": "2025年报"}).text


# ---- handed-in files


@pytest.fixture
def theirs(settings):
    """A file that another unit has handed in; nobody has published it."""
    return staging.hand_in(settings, unit="water", name="内部.pdf", content=b"%PDF-1.7\nsecret")


@pytest.fixture
def naming(editor, theirs, clock):
    """A sound draft that names it."""
    form = "/desk/page/units/tax/procedures/wanshui"
    editor.post(form, data={**form_of(editor.get(form)), "materials-1-sample": theirs, "do": "save"})
    return only()


def test_another_units_waiting_file_counts_as_missing(naming, editor, step, theirs, office):
    assert naming.data["materials"][1]["sample"] == theirs
    with pytest.raises(revising.HasErrors) as refused:
        step("submit", naming)
    assert theirs in refused.value.findings[0].text()


def test_another_units_waiting_file_is_neither_shown_nor_let_out(naming, editor, office, settings, clock, theirs):
    sent = store.submit(number=naming.number, version=naming.version, by="zhou", now=clock())
    for who, room in ((editor, "/desk/revision"), (office, "/desk/review/revision")):
        assert who.get(f"{room}/{naming.number}/preview/{theirs}").status_code == 404
    assert "一起公开的文件" not in office.get(f"/desk/review/revision/{naming.number}").text

    how = {"by": "li", "roles": {"publicity"}, "words": "", "second_wanted": False, "now": clock()}
    store.approve(number=sent.number, version=sent.version, target_digest=revising.target_digest(sent), **how)
    revising.write_approved(settings, clock())

    assert not (settings.pages / theirs).exists()


def test_the_form_offers_no_file_of_another_unit(editor, theirs):
    assert theirs not in editor.get("/desk/page/units/tax/procedures/wanshui").text
    assert theirs not in editor.get("/desk/files").text
