"""A unit sees its own draft and objects; the office rules by two, and reviews what the tests found."""

import io

import pytest

from survey_app.domain import objections as rules
from survey_app.store import drafts, objections
from survey_app.store import steps as step_store
from survey_app.store.objections import Filing
from survey_app.unit import results
from tests.survey_app.office.conftest import AT, FLAG, text

pytestmark = pytest.mark.usefixtures("quiet_jobs")


# The unit's side


def test_a_unit_sees_its_own_figures_and_no_other_units(at_units, signed_in):
    water = text(signed_in("unit_head", "water").get("/desk/results/2026-h2"))
    assert "64.29" in water
    assert "78.3%" in water
    assert "81.37" not in water
    tax = text(signed_in("unit_editor", "tax").get("/desk/results/2026-h2"))
    assert "81.37" in tax
    assert "64.29" not in tax


def test_a_unit_without_a_score_reads_why(at_units, signed_in, monkeypatch):
    score = {"unit": "water", "n": 11, "score": None, "satisfied_pct": None, "rank_low": None, "withheld": 0}
    rows = results.Released.rows
    for status, words in results.NO_SCORE.items():
        found = [score | {"status": status}]
        monkeypatch.setattr(
            results.Released,
            "rows",
            lambda self, name, unit="", found=found: found if name == "scores" else rows(self, name, unit),
        )
        page = text(signed_in("unit_head", "water").get("/desk/results/2026-h2"))
        assert f"不计分 {words % {'min_n': 10}}" in page
        assert "材料 （可以不传）" in page


def test_before_it_is_sent_out_nobody_at_a_unit_sees_a_draft(computed, signed_in):
    head = signed_in("unit_head", "water")
    assert head.get("/desk/results/2026-h2").status_code == 404
    assert "还没有送您单位核对的结果" in head.get("/desk/results").text


def test_an_objection_is_kept_with_its_file_and_the_office_reads_both(at_units, signed_in):
    head = signed_in("unit_head", "water")
    sent = {"words": "名册多列了十人\r\n见附件", "mark": "m" * 32, "files": (io.BytesIO("甲,乙".encode()), "名册.csv")}
    assert head.post("/desk/results/2026-h2", data=sent).status_code == 303
    sent["files"] = (io.BytesIO("甲,乙".encode()), "名册.csv")
    assert head.post("/desk/results/2026-h2", data=sent).status_code == 303

    [filed] = objections.of_round(at_units)
    assert (filed.unit_slug, filed.words, [f.name for f in filed.files]) == (
        "water",
        "名册多列了十人\n见附件",
        ["名册.csv"],
    )
    officer = signed_in("round_officer")
    assert "名册多列了十人" in officer.get(f"{AT}/objections").text
    file = officer.get(f"{AT}/objections/files/{filed.files[0].number}")
    assert file.data.decode() == "甲,乙"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "名册多列了十人" not in signed_in("unit_head", "tax").get("/desk/results/2026-h2").text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"words": "  "}, "请写明哪个数不对、为什么"),
        ({"words": "不对\x00"}, "看不见的控制符"),
        ({"words": "长" * 2001}, "最多2000个"),
        ({"words": "不对", "files": (io.BytesIO(b"MZ"), "a.exe")}, "这一种文件不收"),
        ({"words": "不对", "files": (io.BytesIO(b"MZ"), "a.pdf")}, "多半是改过扩展名"),
    ],
)
def test_an_objection_that_cannot_be_kept_is_refused_whole(at_units, signed_in, sent, words):
    refused = signed_in("unit_head", "water").post("/desk/results/2026-h2", data=sent)
    assert refused.status_code == 422
    assert words in refused.text
    assert objections.of_round(at_units) == []


def test_after_the_last_day_nothing_is_taken(at_units, signed_in, clock):
    clock.later(days=8)
    head = signed_in("unit_head", "water")
    assert "不再收异议" in head.get("/desk/results/2026-h2").text
    assert head.post("/desk/results/2026-h2", data={"words": "不对"}).status_code == 409


# Ruling


def file_one(round_, clock):
    filing = Filing("water", "人数不对", "m1", "water-head")
    return objections.file_objection(round_, filing, now=clock(), today=clock.today).number


def test_one_rules_another_confirms_and_the_unit_reads_it(at_units, signed_in, clock):
    number = file_one(at_units, clock)
    officer, reviewer = signed_in("round_officer"), signed_in("reviewer")
    ruling = {
        "act": "propose",
        "decision": "upheld",
        "reason": "名册多列",
        "correction": "panel",
        "group": "enterprise",
    }
    wrong = officer.post(f"{AT}/objections/{number}", data={**ruling, "people": "三十"})
    assert wrong.status_code == 422
    assert "填1到1000000的整数" in wrong.text
    officer.post(f"{AT}/objections/{number}", data={**ruling, "people": "30"})
    assert officer.post(f"{AT}/objections/{number}", data={"act": "confirm"}).status_code == 409
    assert reviewer.post(f"{AT}/objections/{number}", data={"act": "confirm"}).status_code == 303

    [filed] = objections.of_round(at_units)
    assert (filed.state, filed.decision, filed.correction.values) == (
        "ruled",
        "upheld",
        {"group": "enterprise", "people": 30},
    )
    assert step_store.last(at_units).step == "compute"
    assert "名册多列" in signed_in("unit_head", "water").get("/desk/results/2026-h2").text


def test_a_stale_page_rules_nothing_twice(at_units, signed_in, clock):
    number = file_one(at_units, clock)
    ruling = {"act": "propose", "decision": "rejected", "reason": "名册无误"}
    signed_in("round_officer").post(f"{AT}/objections/{number}", data=ruling)
    stale = signed_in("reviewer").post(f"{AT}/objections/{number}", data={**ruling, "reason": "另一个理由"})
    assert stale.status_code == 409
    assert "您看到的是旧页面" in stale.text
    assert [one.reason for one in objections.of_round(at_units)] == ["名册无误"]


def test_the_office_enters_what_a_citizen_says_and_two_people_rule_it(at_units, signed_in, clock):
    clock.later(days=30)
    officer = signed_in("round_officer")
    assert officer.post(f"{AT}/objections", data={"unit": "", "words": "类别分错了"}).status_code == 404
    assert officer.post(f"{AT}/objections", data={"unit": "tax", "words": "类别分错了"}).status_code == 303
    [filed] = objections.of_round(at_units)
    assert (filed.unit_slug, filed.origin, filed.state) == ("tax", "office", "filed")
    assert signed_in("reviewer").post(f"{AT}/objections", data={"unit": "tax", "words": "x"}).status_code == 403


def test_a_flag_needs_a_decision_a_reason_and_for_a_doubt_two_people(at_units, signed_in):
    officer, reviewer = signed_in("round_officer"), signed_in("reviewer")
    assert "2026年11月2日起的一周 观察到12张，共24张，是应有比例的3.5倍" in text(officer.get(f"{AT}/flags"))
    assert "请先选一项决定" in officer.post(f"{AT}/flags", data={**FLAG, "reason": "x"}).text
    assert "请写明理由" in officer.post(f"{AT}/flags", data={**FLAG, "decision": "doubtful"}).text
    officer.post(f"{AT}/flags", data={**FLAG, "decision": "doubtful", "reason": "一周来了一半"})
    assert officer.post(f"{AT}/flags", data={**FLAG, "act": "confirm"}).status_code == 409
    assert reviewer.post(f"{AT}/flags", data={**FLAG, "act": "confirm"}).status_code == 303
    assert drafts.reviews(at_units)["tax", "T1", "2026-11-02"].is_settled
    unknown = officer.post(f"{AT}/flags", data={**FLAG, "unit": "water", "decision": "stands", "reason": "x"})
    assert unknown.status_code == 409


def test_a_doubt_holds_when_a_second_person_confirms_it(at_units, clock):
    flag = ("tax", "T1", "2026-11-09")
    how = {"now": clock(), "today": clock.today}
    review = drafts.review(at_units, flag, decision=rules.DOUBTFUL, reason="一天来了十二张", by="zhou", **how)
    assert not review.is_settled
    with pytest.raises(rules.SameHand):
        drafts.confirm(at_units, flag, agree=True, by="zhou", **how)
    drafts.confirm(at_units, flag, agree=True, by="wu", **how)
    assert drafts.reviews(at_units)[flag].is_settled
    with pytest.raises(rules.AlreadyDone):
        drafts.review(at_units, flag, decision=rules.STANDS, reason="没问题", by="li", **how)


def test_a_doubt_sent_back_can_be_decided_anew_and_one_person_may_let_it_stand(at_units, clock):
    flag = ("tax", "T6", "")
    how = {"now": clock(), "today": clock.today}
    drafts.review(at_units, flag, decision=rules.DOUBTFUL, reason="都选一样", by="zhou", **how)
    drafts.confirm(at_units, flag, agree=False, by="wu", **how)
    assert flag not in drafts.reviews(at_units)
    again = drafts.review(at_units, flag, decision=rules.STANDS, reason="满意的人常全选一样", by="wu", **how)
    assert again.is_settled
