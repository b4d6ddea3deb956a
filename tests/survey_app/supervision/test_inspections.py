"""明查暗访 and 民情日记: kept as seen, read by few, never a score, never public."""

import io
from datetime import timedelta

import pytest
from peewee import IntegrityError

from survey_app.store import inspections as store
from survey_app.store import orders
from survey_app.store.database import database
from tests.survey_app.supervision.conftest import text
from tests.survey_app.supervision.test_orders import PNG

SEEN = {
    "unit": "tax",
    "place": "一楼大厅",
    "on": "2026-11-02",
    "at_time": "09:40",
    "way": "covert",
    "kind": "absent",
    "words": "三号窗口上午没有人。",
}


@pytest.fixture
def inspector(open_round, signed_in):
    return signed_in("inspector", username="guo")


def write(client, **how):
    return client.post("/office/inspections/new", data={**SEEN, **how})


def test_an_inspector_writes_what_was_seen_with_a_photo(inspector, office):
    answer = write(inspector, files=(io.BytesIO(PNG), "大厅.png"))
    assert answer.status_code == 303
    [found] = store.findings()
    assert (found.unit, str(found.on), found.at_time, found.covert) == ("tax", "2026-11-02", "09:40", True)
    [photo] = store.files_of([found.id])
    assert office.ji.get(f"/office/inspections/{found.id}/files/{photo.digest}").status_code == 200


def test_a_refused_photo_keeps_what_was_typed(inspector):
    refused = write(inspector, files=(io.BytesIO(b"%!PS"), "大厅.png"))
    assert refused.status_code in (415, 422)
    assert "三号窗口上午没有人。" in refused.text
    assert store.findings() == []


def test_a_finding_is_never_changed_only_added_to(inspector):
    write(inspector)
    [found] = store.findings()
    inspector.post(f"/office/inspections/{found.id}", data={"words": "十点半来了人。"})
    assert [one.words for one in store.added_to(found.id)] == ["十点半来了人。"]
    assert "十点半来了人。" in inspector.get(f"/office/inspections/{found.id}").text
    with pytest.raises(IntegrityError, match="is kept"):
        database.execute_sql("UPDATE inspection_finding SET words = 'x'")


def test_a_form_sent_twice_is_one_finding(inspector):
    for _time in range(2):
        write(inspector, mark="same")
    assert len(store.findings()) == 1


def test_another_inspector_does_not_read_it(inspector, signed_in):
    write(inspector)
    other = signed_in("inspector", username="he")
    assert other.get(f"/office/inspections/{store.findings()[0].id}").status_code == 404
    assert "一楼大厅" not in other.get("/office/inspections").text


def test_a_finding_becomes_an_order(inspector, office):
    write(inspector)
    number = store.findings()[0].id
    form = text(office.ji.get(f"/office/orders/new?from=finding:{number}"))
    assert "督查发现 2026年11月2日在一楼大厅暗访" in form
    answer, order = office.draw(**{"from": f"finding:{number}"})
    assert answer.status_code == 303
    drawn = orders.order(order)
    assert (drawn.unit, drawn.source, drawn.source_ref) == ("tax", "finding", str(number))
    assert "三号窗口上午没有人" in drawn.basis


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "2026-11-04"}, "不能是以后"),
        ({"on": "昨天"}, "日期"),
        ({"at_time": "25:00"}, "时间"),
        ({"place": " "}, "地点"),
        ({"kind": ""}, "哪一类"),
        ({"way": ""}, "暗访"),
        ({"unit": "nobody"}, "单位"),
        ({"words": "他的手机是13812345678"}, "手机号"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_kept(inspector, wrong, said):
    refused = write(inspector, **wrong)
    assert refused.status_code == 422
    assert said in text(refused)
    assert store.findings() == []


@pytest.mark.parametrize("role", ["unit_head", "administrator", "issuer", "reviewer"])
def test_others_read_no_findings(open_round, signed_in, role):
    client = signed_in(role)
    assert client.get("/office/inspections").status_code == 403
    assert write(client).status_code == 403


NOTE = {"unit": "tax", "on": "2026-11-02", "words": "老人问停车场在哪里。", "tags": "停车，老人 停车"}


def test_notes_are_found_by_words_and_tags_and_read_by_the_unit(open_round, signed_in):
    clerk, head, other = signed_in("unit_editor"), signed_in("unit_head"), signed_in("unit_head", unit="water")
    assert clerk.post("/office/notes/new", data=NOTE).status_code == 303
    assert "停车 老人" in head.get("/office/notes?q=停车").text
    assert "停车场" in head.get("/office/notes?q=停车场在").text
    assert "停车场" not in head.get("/office/notes?q=噪声").text
    assert "停车场" not in other.get("/office/notes").text


@pytest.mark.parametrize("role", ["inspector", "discipline_officer"])
def test_a_unit_never_reads_what_others_wrote_about_it(open_round, signed_in, role):
    writer, head, auditor = signed_in(role), signed_in("unit_head"), signed_in("auditor")
    assert writer.post("/office/notes/new", data=NOTE).status_code == 303
    assert "停车场" not in head.get("/office/notes").text
    assert "停车场" in auditor.get("/office/notes").text


@pytest.mark.parametrize("path", ["inspections", "notes"])
def test_who_seems_named_is_asked_about_before_it_is_kept(inspector, path):
    typed = {**SEEN, "words": "接待的是王丽女士，态度很好。"}
    asked = inspector.post(f"/office/{path}/new", data=typed)
    assert asked.status_code == 422
    assert "王丽女士" in text(asked)
    assert store.findings() == store.notes() == []
    assert inspector.post(f"/office/{path}/new", data={**typed, "nobody": "1"}).status_code == 303
    assert len([*store.findings(), *store.notes()]) == 1


def test_what_is_added_is_looked_through_for_names_too(inspector):
    write(inspector)
    number = store.findings()[0].id
    asked = inspector.post(f"/office/inspections/{number}", data={"words": "后来李强师傅到了。"})
    assert (asked.status_code, store.added_to(number)) == (422, [])


@pytest.mark.parametrize("ref", ["²", "9" * 30, "x", "0"])
def test_an_order_from_a_finding_that_is_not_there_is_refused(office, ref):
    assert office.ji.get("/office/orders/new", query_string={"from": f"finding:{ref}"}).status_code == 404


def test_a_number_too_long_for_the_database_is_no_finding(inspector):
    assert inspector.get(f"/office/inspections/{'9' * 30}").status_code == 404


def test_a_unit_writes_about_itself_alone(open_round, signed_in):
    assert signed_in("unit_editor").post("/office/notes/new", data={**NOTE, "unit": "water"}).status_code == 422
    assert store.notes() == []


def test_notes_are_deleted_after_three_years(open_round, signed_in, clock):
    signed_in("inspector").post("/office/notes/new", data=NOTE)
    day = clock.today + timedelta(days=3 * 365 - 5)
    assert store.forget_notes(years=3, today=day, now=clock()) == 0
    assert store.forget_notes(years=3, today=day + timedelta(days=10), now=clock()) == 1
