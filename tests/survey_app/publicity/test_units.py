"""The office renames, moves and merges units; a unit keeps its identity."""

from dataclasses import replace

import pytest

from survey_app.publishing.checks import check_pages, errors
from survey_app.store import revisions as store
from tests.accounts import make_account
from tests.factories import make_round
from tests.survey_app.unit.pages import form_of, read

UNIT = "units/tax/index.md"


def change(office, step, reason="区编办发〔2026〕3号", **fields):
    return office.post("/desk/review/units/tax", data={"step": step, "reason": reason, **fields})


def test_a_new_name_keeps_the_old_one_with_its_last_day(office, worker, desk_pages):
    answer = change(office, "rename", title="办税缴费服务厅")

    page = read(desk_pages, UNIT)
    assert answer.status_code == 303
    assert page["title"] == "办税缴费服务厅"
    assert page["former_names"] == [{"name": "办税服务厅", "until_on": "2026-11-02"}]
    assert store.listed(states=["published"])[0].note == "区编办发〔2026〕3号"


def test_another_class_is_one_field(office, worker, desk_pages):
    before = read(desk_pages, UNIT)

    change(office, "place", **{"class": "public_service", "parent": "water"})

    assert read(desk_pages, UNIT) == {**before, "class": "public_service", "parent": "water"}


def test_a_new_address_takes_every_page_and_person_along(office, editor, worker, desk_pages, clock):
    answer = change(office, "move", slug="shuiwu")

    assert answer.status_code == 303
    assert read(desk_pages, "units/shuiwu/index.md")["former_slugs"] == ["tax"]
    assert read(desk_pages, "units/shuiwu/procedures/wanshui.md")["title"] == "开具完税证明"
    assert not (desk_pages / "units/tax").exists()
    assert errors(check_pages(desk_pages, clock.today)) == []
    assert "开具完税证明" in editor.get("/desk/list/procedure").text
    assert editor.get("/desk/page/units/shuiwu/procedures/wanshui").status_code == 200


def test_a_merged_unit_gives_its_work_to_the_other_and_its_notices_stay_its_own(office, worker, desk_pages, clock):
    change(office, "merge", into="water")

    assert read(desk_pages, UNIT)["merged_into"] == "water"
    assert read(desk_pages, "units/water/procedures/wanshui.md")["title"] == "开具完税证明"
    assert read(desk_pages, "notices/2026-10-09-tingshui.md")["unit"] == "tax"
    assert errors(check_pages(desk_pages, clock.today)) == []


REFUSED = [
    ("rename", {"title": "办税服务厅"}, 422, "没有改动"),
    ("rename", {"title": ""}, 422, "没有改动"),
    ("place", {"class": "window"}, 422, "没有改动"),
    ("place", {"class": "window", "parent": "tax"}, 422, "绕成了一圈"),
    ("place", {"class": "no-such"}, 422, "处要改"),
    ("move", {"slug": "Shui Wu"}, 422, "小写字母"),
    ("move", {"slug": "../keys"}, 422, "小写字母"),
    ("move", {"slug": "map"}, 409, "已经有单位"),
    ("move", {"slug": "water"}, 409, "已经有单位"),
    ("merge", {"into": "tax"}, 422, "不能是它自己"),
    ("merge", {"into": ""}, 422, "不能是它自己"),
]


@pytest.mark.parametrize(("step", "fields", "status", "words"), REFUSED)
def test_what_cannot_be_is_refused_with_a_reason_and_changes_nothing(
    office, worker, desk_pages, step, fields, status, words
):
    before = {file: file.read_bytes() for file in desk_pages.rglob("*.md")}

    answer = change(office, step, **fields)

    assert answer.status_code == status
    assert words in answer.text
    assert {file: file.read_bytes() for file in desk_pages.rglob("*.md")} == before
    assert worker.asked == 0


def test_without_a_reason_nothing_is_changed(office, worker):
    assert change(office, "rename", reason=" ", title="别的名字").status_code == 422
    assert worker.asked == 0


def test_a_unit_with_papers_under_way_keeps_its_address(office, editor, worker):
    form = "/desk/page/units/tax/procedures/wanshui"
    editor.post(form, data={**form_of(editor.get(form)), "place": "二楼", "do": "save"})

    for step, fields in (("move", {"slug": "shuiwu"}), ("merge", {"into": "water"})):
        answer = change(office, step, **fields)
        assert answer.status_code == 409
        assert "还有1份没办完的修订稿" in answer.text


def test_a_unit_that_is_being_rated_keeps_its_address(office, worker, settings, clock):
    make_round(settings, "2026-h2", clock=clock)

    answer = change(office, "move", slug="shuiwu")

    assert answer.status_code == 409
    assert "正在“2026-h2群众评议”里接受评议" in answer.text
    assert change(office, "rename", title="办税缴费服务厅").status_code == 303


def test_with_two_approvals_the_second_person_agrees_first(office, second, worker, app, settings, desk_pages):
    app.config["SETTINGS"] = replace(settings, second_approval=True)

    change(office, "rename", title="办税缴费服务厅")

    [waiting] = store.waiting()
    assert (waiting.state, read(desk_pages, UNIT)["title"]) == ("second", "办税服务厅")
    verdict = {"verdict": "ok", "version": waiting.version}
    assert office.post(f"/desk/review/revision/{waiting.number}", data=verdict).status_code == 403
    second.post(f"/desk/review/revision/{waiting.number}", data=verdict)
    assert read(desk_pages, UNIT)["title"] == "办税缴费服务厅"


def test_the_list_says_who_writes_for_each_unit(office, clock):
    make_account(clock, "zhou", "unit_editor", unit="tax", name="周静")

    page = office.get("/desk/review/units").text

    assert "周静" in page
    assert "供水服务厅" in page
    assert "还没有人" in page
