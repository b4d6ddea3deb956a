"""History, restoring, withdrawing, taking down; and each unit's desk is closed to every other."""

import pytest

from survey_app.publishing.revisions import revising
from survey_app.store import audit, page_versions
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import NOTICE, NOTICE_PATH, PROCEDURE, PROCEDURE_PATH, form_of, put, read

FORM = "/desk/page/units/tax/procedures/wanshui"
HISTORY = "/desk/history/units/tax/procedures/wanshui"


def approve_all(settings, clock, by="li"):
    for revision in store.waiting():
        how = {"by": by, "roles": {"publicity"}, "words": "", "pass_on": False}
        revising.approve(settings, revision=revision, now=clock(), today=clock.today, **how)
    written = revising.write_approved(settings, clock())
    revising.mark_published([number for one in written for number in one.ids], clock())


def publish(editor, settings, clock, **changes):
    sent = form_of(editor.get(FORM))
    editor.post(FORM, data={**sent, **changes, "do": "submit"})
    approve_all(settings, clock)


def only(state):
    [revision] = store.listed(states=[state])
    return revision


def test_the_history_tells_what_each_approval_changed_and_what_was_found_in_the_file(
    editor, settings, clock, desk_pages
):
    publish(editor, settings, clock, promised_limit_days="2", note="快一点")
    put(desk_pages, PROCEDURE_PATH, {**read(desk_pages, PROCEDURE_PATH), "place": "三楼"})

    page = editor.get(HISTORY).text

    assert page.index("直接改了文件") < page.index("快一点") < page.index("启用修订记录以前就有")
    assert page.count("现在公布的</span>") == 1
    assert [version.source for version in page_versions.of_page(PROCEDURE_PATH)] == ["hand", "desk", "found"]


def test_an_old_version_of_a_procedure_becomes_a_draft_on_top_of_what_is_published(editor, settings, clock, desk_pages):
    publish(editor, settings, clock, promised_limit_days="2")
    first = page_versions.of_page(PROCEDURE_PATH)[-1]

    editor.post(f"/desk/restore/{first.number}")

    draft = only("draft")
    assert draft.data == PROCEDURE
    assert draft.base["promised_limit_days"] == 2
    assert read(desk_pages, PROCEDURE_PATH)["promised_limit_days"] == 2


def test_a_published_notice_has_no_form_and_no_old_version(editor, settings, clock):
    answer = editor.get("/desk/page/notices/2026-10-09-tingshui")
    assert answer.location.endswith("/desk/history/notices/2026-10-09-tingshui")
    history = editor.get(answer.location).text
    assert "发更正" in history
    assert "放进草稿" not in history
    [version] = page_versions.of_page(NOTICE_PATH)
    assert editor.post(f"/desk/restore/{version.number}").status_code == 409


def test_posting_to_the_form_of_a_published_notice_changes_nothing(editor):
    answer = editor.post("/desk/page/notices/2026-10-09-tingshui", data={"title": "改写", "do": "save"})

    assert answer.status_code == 303
    assert store.listed(states=["draft", "submitted"]) == []


def test_a_withdrawn_notice_leaves_a_tombstone_without_its_words(editor, settings, clock, desk_pages):
    address = "/desk/withdraw/notices/2026-10-09-tingshui"
    assert editor.post(address, data={"reason": " "}).status_code == 422
    editor.post(address, data={"reason": "发错了单位"})
    assert only("submitted").action == "withdraw"
    approve_all(settings, clock)

    left = read(desk_pages, NOTICE_PATH)

    assert left["withdrawn"] == {"on": "2026-11-03", "reason": "发错了单位", "by": "办税服务厅"}
    assert (left["title"], left["index_no"], left["published_on"]) == (
        NOTICE["title"],
        NOTICE["index_no"],
        NOTICE["published_on"],
    )
    assert "text" not in left
    assert "summary" not in left
    assert "9:00–12:00" not in (desk_pages / NOTICE_PATH).read_text("utf-8")


def test_a_correction_is_a_notice_of_its_own_that_names_the_first(editor):
    editor.post("/desk/new/notice", data={"title": "更正：办税厅周六开放", "corrects": "2026-10-09-tingshui"})

    draft = only("draft")
    assert draft.page.startswith("notices/2026-11-03-geng-zheng")
    assert (draft.data["corrects"], draft.data["text"]) == ("2026-10-09-tingshui", NOTICE["text"])
    assert "index_no" not in draft.data


def test_a_procedure_that_a_commitment_names_cannot_be_taken_down(editor, settings, clock, desk_pages):
    promise = {"kind": "commitment", "title": "当场开", "what": "当场开", "measure": "看取号", "remedy": "道歉"}
    promise |= {"limit": {"value": 1, "unit": "趟"}, "phone": "0000-8110109", "procedure": "wanshui"}
    put(
        desk_pages,
        "units/tax/commitments/dangchang.md",
        promise | {"valid_from": "2026-01-01", "valid_to": "2026-12-31"},
    )

    answer = editor.post("/desk/take-down/units/tax/procedures/wanshui", data={"reason": "不办了"})

    assert answer.status_code == 422
    assert "units/tax/commitments/dangchang.md" in answer.text
    assert store.waiting() == []


def test_a_procedure_that_is_not_done_any_more_is_taken_down_and_can_come_back(editor, settings, clock, desk_pages):
    editor.post("/desk/take-down/units/tax/procedures/wanshui", data={"reason": "不办了"})
    approve_all(settings, clock)
    assert not (desk_pages / PROCEDURE_PATH).exists()
    assert page_versions.of_page(PROCEDURE_PATH)[0].data is None
    assert audit.verify() == []


OTHERS = [
    ("get", "/desk/page/units/water/procedures/baozhuang"),
    ("post", "/desk/page/units/water/procedures/baozhuang"),
    ("get", "/desk/page/units/water/index"),
    ("get", "/desk/history/units/water/procedures/baozhuang"),
    ("get", "/desk/take-down/units/water/procedures/baozhuang"),
    ("post", "/desk/take-down/units/water/procedures/baozhuang"),
    ("get", "/desk/page/index"),
    ("get", "/desk/history/index"),
    ("get", "/desk/revision/{number}"),
    ("post", "/desk/revision/{number}"),
    ("post", "/desk/revision/{number}/take-back"),
    ("post", "/desk/revision/{number}/discard"),
    ("post", "/desk/revision/{number}/bring-back"),
    ("post", "/desk/revision/{number}/merge"),
    ("get", "/desk/revision/{number}/conflict"),
    ("post", "/desk/revision/{number}/conflict"),
    ("get", "/desk/revision/{number}/preview/"),
    ("get", "/desk/revision/{number}/preview/units/water/procedures/baozhuang/"),
    ("post", "/desk/restore/{version}"),
    ("get", "/desk/district"),
]


@pytest.mark.parametrize(("method", "address"), OTHERS)
def test_another_units_desk_is_closed(editor, signed_in, method, address):
    other = signed_in("unit_editor", "water")
    theirs = "/desk/page/units/water/procedures/baozhuang"
    other.post(theirs, data={**form_of(other.get(theirs)), "do": "save"})
    numbers = {"number": only("draft").number, "version": page_versions.of_page(only("draft").page)[0].number}

    answer = getattr(editor, method)(address.format(**numbers), data={"reason": "看看", "do": "save"})

    assert answer.status_code == 403
    assert only("draft").author == other.person


def test_withdrawing_another_units_notice_is_refused(signed_in, desk_pages):
    other = signed_in("unit_editor", "water")

    for method in ("get", "post"):
        answer = getattr(other, method)("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "不"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["units/tax/../water/procedures/baozhuang", "../keys/admit", ".hidden", "units//x", "%00"]
)
def test_an_address_that_leads_nowhere_or_out_is_no_page(editor, path):
    assert editor.get(f"/desk/page/{path}").status_code in (403, 404)


def test_somebody_who_has_not_signed_in_is_asked_to(app):
    assert app.test_client().get("/desk/").status_code == 303


def test_the_lists_hold_only_the_units_own_pages(editor):
    page = editor.get("/desk/list/procedure").text
    assert "开具完税证明" in page
    assert "用水报装" not in page
    assert "用水报装" not in editor.get("/desk/").text
    assert "没有找到" in editor.get("/desk/list/procedure?q=用水").text
    assert "开具完税证明" in editor.get("/desk/list/procedure?q=完税凭证").text
