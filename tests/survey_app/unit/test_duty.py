"""The duty board: two taps, live without an approval, and nobody's draft undoes it."""

from survey_app.publishing.revisions import revising
from survey_app.store import audit
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import form_of, read

UNIT = "units/tax/index.md"


def tap(editor, window, state, **more):
    name = f"{window + 1}号"
    return editor.post("/desk/duty", data={"window": window, "name": name, "state": state, **more})


def states(pages):
    return [window.get("state") for window in read(pages, UNIT)["windows"]]


def test_a_tap_is_in_the_file_at_once_and_in_the_list_of_what_was_done(editor, desk_pages):
    answer = tap(editor, 1, "away", back_at="9:40")

    page = read(desk_pages, UNIT)
    assert answer.location.endswith("/desk/duty#w1")
    assert page["windows"][1] == {
        "number": "2号",
        "business": "发票",
        "person": "马文涛",
        "state": "away",
        "back_at": "09:40",
    }
    assert page["duty_at"] == "2026-11-03 12:00"
    assert "revision.act" in [event.action for event in audit.list_events()]
    assert audit.verify() == []


def test_every_tap_builds_on_the_one_before(editor, desk_pages):
    tap(editor, 0, "out", stand_in="马文涛（2号窗口）")
    tap(editor, 1, "away", back_at="10:00")
    tap(editor, 0, "on")

    windows = read(desk_pages, UNIT)["windows"]
    assert states(desk_pages) == ["on", "away"]
    assert "stand_in" not in windows[0]


def test_a_tap_on_a_window_that_is_gone_or_a_time_that_is_none_changes_nothing(editor, desk_pages):
    before = read(desk_pages, UNIT)
    assert editor.post("/desk/duty", data={"window": 0, "name": "9号", "state": "out"}).status_code == 409
    assert editor.post("/desk/duty", data={"window": 7, "name": "1号", "state": "out"}).status_code == 409
    assert editor.post("/desk/duty", data={"window": 0, "name": "1号", "state": "睡觉"}).status_code == 409
    assert tap(editor, 0, "away", back_at="下午").status_code == 422
    assert tap(editor, 0, "out", stand_in="\x07").status_code == 422
    assert read(desk_pages, UNIT) == before


def test_a_draft_about_the_unit_and_the_board_do_not_undo_each_other(editor, desk_pages, settings, clock):
    address = "/desk/page/units/tax/index"
    sent = form_of(editor.get(address))
    editor.post(address, data={**sent, "hours": "周一至周六", "do": "save"})
    [draft] = store.listed(states=["draft"])
    sent = form_of(editor.get(f"/desk/revision/{draft.number}"))
    tap(editor, 1, "out", stand_in="周静（1号窗口）")

    answer = editor.post(f"/desk/revision/{draft.number}", data={**sent, "do": "submit"})

    assert answer.status_code == 303
    [waiting] = store.waiting()
    how = {"by": "li", "roles": {"publicity"}, "words": "", "pass_on": False, "today": clock.today}
    revising.approve(settings, revision=waiting, now=clock(), **how)
    tap(editor, 0, "away", back_at="11:00")
    revising.write_approved(settings, clock())
    page = read(desk_pages, UNIT)
    assert page["hours"] == "周一至周六"
    assert states(desk_pages) == ["away", "out"]
    assert store.listed(states=["conflict"]) == []


def test_the_board_stands_in_nobodys_way(editor, desk_pages):
    tap(editor, 1, "out")

    assert editor.get("/desk/page/units/tax/index").status_code == 200
