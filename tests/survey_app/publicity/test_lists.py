"""The office's lists are narrowed, ordered and taken as Excel; what is done in their rows is done there still."""

import io

import pytest
from openpyxl import load_workbook

from survey_app.store import revisions as store
from tests.accounts import make_account
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, form_of, put

FORM = "/desk/page/units/tax/procedures/wanshui"


def rows_of(answer):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]


@pytest.fixture
def waiting(editor, clock):
    """A changed procedure, and a day later a notice taken back."""
    sent = form_of(editor.get(FORM))
    editor.post(FORM, data={**sent, "promised_limit_days": "3", "note": "多一道核对", "do": "submit"})
    clock.later(minutes=5)
    editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "发错了"})
    return store.waiting()


def test_what_waits_is_narrowed_by_kind_and_by_what_the_checks_say(office, waiting):
    notices = office.get("/desk/review/?kind=notice").text
    assert "办税厅周六开放" in notices
    assert "开具完税证明" not in notices

    assert "没有符合条件的" in office.get("/desk/review/?checks=wrong").text
    assert "符合条件的有2条" in office.get("/desk/review/?checks=fine").text


def test_what_waits_is_turned_round_and_ticked_as_before(office, waiting, worker):
    page = office.get("/desk/review/?sort=-since").text
    assert page.index("办税厅周六开放") < page.index("开具完税证明")

    ticked = f"{waiting[0].number}:{waiting[0].version}"
    assert f'value="{ticked}"' in page
    office.post("/desk/review/approve-many", data={"revision": [ticked]})
    assert store.get(waiting[0].number).state == "approved"


def test_excel_of_what_waits_counts_what_is_wrong(office, waiting):
    head, first, second = rows_of(office.get("/desk/review/?as=xlsx"))

    assert head == ["标题", "做什么", "哪一类页面", "单位", "谁写的", "送审", "等了多久", "情况", "要改几处"]
    assert (first[0], first[1], first[3], first[8]) == ("开具完税证明", "修改", "办税服务厅", 0)
    assert (second[0], second[1], second[7]) == ("办税厅周六开放", "撤回", "待审核")


def test_an_empty_queue_says_when_something_will_stand_there(office):
    assert "单位送审以后列在这里" in office.get("/desk/review/").text


def test_reminders_leave_as_excel_with_reason_and_unit(office, desk_pages):
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "promised_limit_days": 99})
    head, *rows = rows_of(office.get("/desk/review/reminders?as=xlsx&level=error&unit=tax"))

    assert head == ["页面", "轻重", "哪一处", "怎么改", "为什么", "单位", "哪一类页面"]
    [one] = [row for row in rows if "承诺99个工作日比法定5个工作日长" in row[3]]
    assert (one[0], one[1], one[5]) == ("开具完税证明", "要改", "办税服务厅")


def test_a_finding_leads_to_the_history_of_its_page(office, desk_pages):
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "promised_limit_days": 99})

    page = office.get("/desk/review/reminders?level=error").text
    assert '<a href="/desk/review/history/units/tax/procedures/wanshui">开具完税证明</a>' in page


def test_units_without_anybody_are_found_and_counted(office, clock):
    make_account(clock, "zhou", "unit_editor", unit="tax", name="周静")

    alone = office.get("/desk/review/units?people=none").text
    assert "供水服务厅" in alone
    assert '<a href="/desk/review/units/tax">' not in alone
    head, *rows = rows_of(office.get("/desk/review/units?as=xlsx&people=some"))
    assert head == ["单位", "类别", "谁在写", "页数", "没办完的"]
    assert [(row[0], row[2], row[4]) for row in rows] == [("办税服务厅", "周静", 0)]
    assert isinstance(rows[0][3], int)


def test_units_are_narrowed_by_class_and_all_are_shown_where_none_is_chosen(office, desk_pages):
    put(desk_pages, "units/stray/index.md", {"kind": "unit", "title": "没写类别的局", "imported": True})

    everything = office.get("/desk/review/units").text
    assert '<option value="">全部</option><option value="window">窗口服务</option>' in everything
    assert everything.count('<tr role="row"><th scope="row"') == 4
    without = office.get("/desk/review/units?class=none").text
    assert "没写类别的局" in without
    assert "办税服务厅" not in without.split("<tbody>")[1]
    assert "没写类别的局" not in office.get("/desk/review/units?class=window").text.split("<tbody>")[1]
