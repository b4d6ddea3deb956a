"""What a unit hands in has a limit over a year; files of an objection are deleted in time, and its ruling stays."""

import dataclasses
import io
from datetime import timedelta

import pytest

from survey_app.casework import ticking
from survey_app.domain.objections import UPHELD, Correction
from survey_app.store import audit, handed_in, objections, orders
from survey_app.store.objections import Filing
from tests.survey_app.office.conftest import text
from tests.survey_app.supervision.conftest import Office
from tests.survey_app.supervision.test_orders import PNG

pytestmark = pytest.mark.usefixtures("quiet_jobs")
DRAFT = "/desk/results/2026-h2"
FOUR_TENTHS = b"a,b\n" * 104_857  # MiB


@pytest.fixture
def settings(settings):
    """One megabyte a unit and year."""
    return dataclasses.replace(settings, unit_files_mib=1)


def object_to(head, mark, content):
    sent = {"words": "名册多列了十人", "mark": mark, "files": (io.BytesIO(content), "名册.csv")}
    return head.post(DRAFT, data=sent)


def test_a_unit_that_has_handed_in_too_much_is_told_how_much_and_nothing_is_kept(at_units, signed_in):
    head, other = signed_in("unit_head", "water"), signed_in("unit_head", "tax")
    for mark in ("one", "two"):
        assert object_to(head, mark, FOUR_TENTHS).status_code == 303
    refused = object_to(head, "three", FOUR_TENTHS)
    assert refused.status_code == 413
    assert "已有0.8兆，加上这次的0.4兆，超过了1兆" in text(refused)
    assert "名册多列了十人" in refused.text  # what was typed stays
    assert len(objections.of_round(at_units)) == 2
    assert object_to(other, "four", FOUR_TENTHS).status_code == 303
    assert head.post(DRAFT, data={"words": "只有字", "mark": "five"}).status_code == 303


def test_replies_to_orders_count_with_objections(at_units, signed_in, settings, clock):
    office = Office(signed_in)
    number = office.issue()
    assert office.reply(number, files=(io.BytesIO(PNG), "新窗口.png")).status_code == 303
    [file] = orders.files_of(number)
    for mark in ("one", "two"):
        assert object_to(office.head, mark, FOUR_TENTHS).status_code == 303
    assert handed_in.bytes_of("tax", clock.today - timedelta(days=365)) == file.size + 2 * len(FOUR_TENTHS)
    assert handed_in.bytes_of("water", clock.today - timedelta(days=365)) == 0

    again = office.issue()
    refused = office.reply(again, files=(io.BytesIO(FOUR_TENTHS), "照片.png"))
    assert refused.status_code == 413
    assert orders.order(again).state == "issued"
    assert len(list((settings.var / "case-files").iterdir())) == 1  # the one of the first reply


def test_after_a_year_there_is_room_again(at_units, signed_in, clock):
    object_to(signed_in("unit_head", "water"), "one", FOUR_TENTHS)
    with pytest.raises(handed_in.attached.UnitFilesFull):
        handed_in.require_room("water", 2**20, most=2**20, today=clock.today + timedelta(days=364))
    handed_in.require_room("water", 2**20, most=2**20, today=clock.today + timedelta(days=365))


def file_and_rule(round_, clock, mark):
    how = {"now": clock(), "today": clock.today}
    number = objections.file_objection(
        round_, Filing("water", "人数不对", mark, "head", [("名册.csv", b"a")]), **how
    ).number
    kept = {"decision": UPHELD, "reason": "属实", "correction": Correction(), "by": "zhou", "now": clock()}
    objections.propose(round_, number, **kept)
    objections.confirm(round_, number, by="wu", **how)


def test_files_of_an_objection_go_a_year_after_its_ruling_and_the_ruling_stays(at_units, signed_in, settings, clock):
    waiting = objections.file_objection(
        at_units, Filing("water", "还没裁定", "w", "head", [("表.csv", b"b")]), now=clock(), today=clock.today
    )
    file_and_rule(at_units, clock, "r")
    clock.later(days=365)
    assert ticking.forget(settings, clock()) == 0
    clock.later(days=1)
    assert ticking.forget(settings, clock()) == 1
    assert ticking.forget(settings, clock()) == 0

    kept, ruled = objections.of_round(at_units)
    assert (kept.number, kept.files[0].name) == (waiting.number, "表.csv")
    assert (ruled.words, ruled.reason, ruled.files[0].name) == ("人数不对", "属实", "")
    [event] = audit.list_events(audit.Wanted(action="objection.deleted"))
    assert event.detail == {"objection": ruled.number, "digest": ruled.files[0].sha256}
    page = signed_in("round_officer").get("/office/rounds/2026-h2/objections")
    assert "一份材料，到期已删除" in page.text
    gone = signed_in("round_officer").get(f"/office/rounds/2026-h2/objections/files/{ruled.files[0].number}")
    assert gone.status_code == 410
