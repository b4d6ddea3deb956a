"""The office's own acts, notices that answer others, handed-in files: each is for its owner alone."""

import pytest

from survey_app.domain import revisions as rules
from survey_app.publishing import staging
from survey_app.publishing.book import read_book
from survey_app.publishing.revisions import newpages, revising
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import NOTICE, change, form_of, only, put, read

UNIT = "units/tax/index.md"
UNIT_FORM = "/desk/page/units/tax/index"


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
    assert "take-back" not in seen.text
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
