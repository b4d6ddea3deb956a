"""From close to publication in the browser's forms: who may, what is refused in which words, what each person sees."""

import io
import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from survey_app import jobs
from survey_app.domain.objections import last_day
from survey_app.domain.workdays import Calendar
from survey_app.office import rounds as office
from survey_app.office import steps
from survey_app.store import audit, drafts, objections
from survey_app.store import rounds as store
from survey_app.store import steps as step_store
from survey_app.store.objections import Filing

OVER = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
AT = "/office/rounds/2026-h2"
PAGES = ("close", "draft", "flags", "objections", "publish", "versions")
FLAG = {"unit": "tax", "test": "T1", "detail": "2026-11-02"}


@pytest.fixture(autouse=True)
def quiet_jobs(monkeypatch):
    monkeypatch.setattr(jobs, "ask_soon", lambda *_how: None)
    monkeypatch.setattr(jobs, "publish_soon", lambda *_how: None)


@pytest.fixture
def officer(open_round, signed_in, clock):
    return signed_in("round_officer")


@pytest.fixture
def closed(open_round, settings, clock):
    """Past its last day; the box is shut."""
    clock.at = OVER
    office.shut_round("2026-h2", reason=None, settings=settings, now=steps.local(settings, OVER))
    return store.get_round("2026-h2")


@pytest.fixture
def computed(closed, settings):
    """With a release written by hand: three units, one flagged week. Figures that no other unit has."""
    folder = settings.rounds / "2026-h2"
    for place in (folder / "snapshot", folder / "release"):
        place.mkdir(parents=True)
        (place / "round.toml").write_text("format = 1\n")
    (folder / "release" / "manifest.json").write_text(json.dumps({"release_digest": "d" * 64, "files": []}))
    (folder / "release" / "release.json").write_text(json.dumps(model()))
    (folder / "release" / "results.xlsx").write_bytes(b"PK\x03\x04 a workbook")
    return closed


def model():
    def score(unit, points):
        some = {"class": "window", "n": 24, "low": points - 3, "high": points + 3, "satisfied_pct": 80.5}
        return {"unit": unit, "score": points, "rank_low": 1, "rank_high": 2, "status": "ok", **some}

    return {
        "version": 1,
        "round": {"code": "2026-h2", "amendments": []},
        "inputs": {"previous": [], "released": []},
        "totals": {"ballots": 72},
        "method": {
            "min_n": 10,
            "rules": [],
            "groups": [{"code": "citizen", "zh": "群众"}],
            "dimensions": [{"code": "attitude", "zh": "服务态度"}],
        },
        "units": [{"slug": "tax", "zh": "办税服务厅"}, {"slug": "water", "zh": "供水服务厅"}],
        "scores": [score("tax", 81.37), score("water", 64.29)],
        "groups": [{"unit": "water", "group": "citizen", "n": 24, "score": 64.29, "satisfied_pct": 80.5}],
        "dimensions": [{"unit": "water", "dimension": "attitude", "answered": 23, "satisfied_pooled_pct": 78.3}],
        "integrity": [
            {**FLAG, "verdict": "flagged", "observed": 12, "of": 24, "effect": 3.5},
            {"unit": "water", "test": "T1", "detail": "2026-11-09", "verdict": "clear", "observed": None},
        ],
    }


@pytest.fixture
def at_units(computed, settings, clock):
    """Sent to the units until Tuesday 8 December."""
    until = last_day(clock.today, 5, Calendar())
    how = {"until_on": until, "by": "zhou", "now": clock(), "today": clock.today}
    drafts.show(computed, digest="d" * 64, version=1, **how)
    return computed


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


# Who may


@pytest.mark.parametrize("page", PAGES)
def test_the_office_and_the_auditor_read_every_page_and_others_do_not(at_units, signed_in, page):
    for role in ("round_officer", "reviewer", "auditor"):
        assert signed_in(role).get(f"{AT}/{page}").status_code == 200
    for role in ("issuer", "entry_clerk", "administrator", "publicity", "unit_head"):
        assert signed_in(role).get(f"{AT}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["close", "key", "compute", "draft", "publish"])
def test_only_the_round_officer_moves_a_round(at_units, signed_in, page):
    for role in ("reviewer", "auditor", "administrator", "unit_head"):
        assert signed_in(role).post(f"{AT}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["flags", "objections/1"])
def test_the_auditor_decides_nothing(at_units, signed_in, page):
    assert signed_in("auditor").post(f"{AT}/{page}").status_code == 403


def test_while_ballots_come_in_no_page_has_a_figure_made_of_answers(officer, signed_in):
    for role in ("round_officer", "reviewer", "auditor"):
        person = signed_in(role)
        for page in PAGES:
            said = text(person.get(f"{AT}/{page}"))
            assert "得分 " not in said
            assert "满意率" not in said


# Shutting and the key


def test_shutting_early_without_a_reason_says_what_is_missing_and_shuts_nothing(officer):
    refused = officer.post(f"{AT}/close")
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    assert store.get_round("2026-h2").status == "open"


def test_shutting_twice_is_refused_in_words(officer):
    assert officer.post(f"{AT}/close", data={"reason": "停电"}).status_code == 303
    again = officer.post(f"{AT}/close", data={"reason": "停电"})
    assert again.status_code == 409
    assert "已截止" in again.text


def test_a_box_that_is_not_shut_takes_no_key(officer):
    refused = officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(b"x"), "a.key")})
    assert refused.status_code == 409
    assert "还没有截止" in refused.text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "这把私钥不是这一轮的"),
        (b"\xff\xfe\x00 not a key", 422, "请换另一份私钥再试，数据没有变动"),
        (b"k" * 20_000, 413, "这个文件太大，不是私钥"),
    ],
)
def test_what_is_no_key_of_this_round_opens_nothing(closed, signed_in, settings, content, status, words):
    refused = signed_in("round_officer").post(f"{AT}/close/key", data={"key": (io.BytesIO(content), "主办.key")})
    assert refused.status_code == status
    assert words in refused.text
    assert not (settings.rounds / "2026-h2" / "snapshot").exists()


def test_the_key_of_another_round_is_refused_and_no_file_asks_for_one(closed, signed_in, settings):
    officer = signed_in("round_officer")
    other = (settings.keys / "2026-h1.key").read_bytes()
    assert officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(other), "h1.key")}).status_code == 422
    assert "请先选私钥文件" in officer.post(f"{AT}/close/key").text


def test_a_key_opens_an_empty_box_and_the_page_goes_on_by_itself(closed, signed_in, settings):
    officer = signed_in("round_officer")
    key = (settings.keys / "2026-h2.key").read_bytes()
    assert officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(key), "主办.key")}).status_code == 303

    page = officer.get(f"{AT}/close")
    assert "✓ 已打开" in page.text
    assert page.headers["Refresh"] == "5"
    assert step_store.last(closed).step == "compute"
    assert [e.actor for e in audit.list_events(audit.Wanted(action="round.unseal"))] == [officer.person]


def test_a_step_that_failed_says_why_and_offers_to_go_on(closed, signed_in, clock, settings):
    (settings.rounds / "2026-h2" / "snapshot").mkdir(parents=True)
    (settings.rounds / "2026-h2" / "snapshot" / "round.toml").write_text("")
    step = step_store.ask("2026-h2", step_store.COMPUTE, by="zhou", now=clock())
    step_store.end(step.number, outcome="failed", words="没有算出结果：第7行", now=clock())
    page = text(signed_in("round_officer").get(f"{AT}/close"))
    assert "计算没有做成 没有算出结果：第7行" in page
    assert "冻结数据没有动，重算不会改票" in page


# The unit's side


def test_a_unit_sees_its_own_figures_and_no_other_units(at_units, signed_in):
    water = text(signed_in("unit_head", "water").get("/desk/results/2026-h2"))
    assert "64.29" in water
    assert "78.3%" in water
    assert "81.37" not in water
    tax = text(signed_in("unit_editor", "tax").get("/desk/results/2026-h2"))
    assert "81.37" in tax
    assert "64.29" not in tax


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
    assert "请先选一项决定" in officer.post(f"{AT}/flags", data={**FLAG, "reason": "x"}).text
    assert "请写明理由" in officer.post(f"{AT}/flags", data={**FLAG, "decision": "doubtful"}).text
    officer.post(f"{AT}/flags", data={**FLAG, "decision": "doubtful", "reason": "一周来了一半"})
    assert officer.post(f"{AT}/flags", data={**FLAG, "act": "confirm"}).status_code == 409
    assert reviewer.post(f"{AT}/flags", data={**FLAG, "act": "confirm"}).status_code == 303
    assert drafts.reviews(at_units)["tax", "T1", "2026-11-02"].is_settled
    unknown = officer.post(f"{AT}/flags", data={**FLAG, "unit": "water", "decision": "stands", "reason": "x"})
    assert unknown.status_code == 409


# Publishing


def test_publishing_too_early_says_until_when_and_what_else_is_missing(at_units, signed_in, clock):
    file_one(at_units, clock)
    officer = signed_in("round_officer")
    page = text(officer.get(f"{AT}/publish"))
    assert "核对期到2026年12月8日为止" in page
    assert "还有1条异议没有裁定" in page
    assert "还有1处提请复核的情况没有处理完" in page
    assert officer.post(f"{AT}/publish").status_code == 409
    assert step_store.last(at_units) is None


def test_when_nothing_is_missing_publication_is_asked_for_once(at_units, signed_in, clock):
    drafts.review(
        at_units, tuple(FLAG.values()), decision="stands", reason="庙会", by="wu", now=clock(), today=clock.today
    )
    clock.later(days=8)
    officer = signed_in("round_officer")
    assert officer.post(f"{AT}/publish").status_code == 303
    assert step_store.last(at_units).step == "publish"
    again = officer.post(f"{AT}/publish")
    assert again.status_code == 409
    assert "正在公布" in again.text


def test_a_workbook_goes_out_under_a_lasting_name_and_is_written_down(computed, signed_in):
    answer = signed_in("auditor").get(f"{AT}/files/results.xlsx")
    assert answer.data.startswith(b"PK")
    assert 'filename="2026-h2-v1-results-20261130.xlsx"' in answer.headers["Content-Disposition"]
    [event] = audit.list_events(audit.Wanted(action="download"))
    assert (event.actor, event.subject) == ("auditor", "2026-h2-v1-results-20261130.xlsx")
    assert signed_in("auditor").get(f"{AT}/files/release.json").status_code == 404


# Everyday ratings


def test_a_months_course_leaves_gaps_where_too_few_rated(computed, signed_in, settings):
    rates = {"2026-08": 80.0, "2026-09": None, "2026-10": 90.0, "2026-11": 85.0}
    for month, pct in rates.items():
        folder = settings.rounds / f"everyday-{month}"
        shutil.copytree(settings.rounds / "2026-h2", folder)
        row = {"unit": "water", "favourable_pct": pct, "rated": 20, "unrated_pct": 40.0}
        odd = {"unit": "tax", "verdict": "liked_but_broken", "kept_pct": 55.5, "satisfied_pct": 95.0}
        month_model = {**model(), "everyday": [row], "disagreement": [odd]}
        month_model["round"] = {"code": f"everyday-{month}"}
        (folder / "release" / "release.json").write_text(json.dumps(month_model))
    page = signed_in("discipline_officer").get("/office/everyday?unit=water")
    assert re.findall(r'<polyline points="([^"]+)"', page.text) == ["397,24 590,31"]
    assert "人太少，不显示" in page.text
    assert "满意的多，承诺做到的少" in page.text
    assert signed_in("issuer").get("/office/everyday").status_code == 403


def test_before_the_first_month_the_page_says_when_there_will_be_one(open_round, signed_in):
    assert "还没有结算过的月份" in signed_in("auditor").get("/office/everyday?unit=nobody").text
