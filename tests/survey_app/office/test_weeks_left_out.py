"""Weeks that two people found doubtful: left out where the method said so before the round opened, else only noted."""

import csv
import tomllib
from pathlib import Path

import pytest

from analysis import release as release_of
from survey_app import jobs
from survey_app.domain.objections import DOUBTFUL, PANEL, UPHELD, Correction
from survey_app.exports import analysis
from survey_app.exports.releases import Released
from survey_app.office import rounds as office
from survey_app.office import rulings, standing, steps
from survey_app.store import drafts, objections
from survey_app.store import rounds as store
from survey_app.store.objections import Filing
from tests.analysing import in_this_process
from tests.factories import METHOD, cast, make_codes, make_round

DECLARED = METHOD + '\n[[flag]]\ncode = "upheld"\nzh = "复核认定的可疑周"\nexcluded = true\nby_review = true\n'
ROUND = "2026-h2"
FLAG = ("tax", "T1", "2026-11-02")  # the Monday of the week in which the tests' clock stands
NOTHING = dict.fromkeys(("observed", "of", "effect"))
SAID = "办税服务厅：一周内的票特别集中，经两人复核认定存疑，2026年11月2日起的一周的票不计入：一个下午来了十二张"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(jobs, "publish_soon", lambda *_: None)
    monkeypatch.setattr(office, "build_site", lambda *_: None)
    monkeypatch.setattr(release_of, "documents", lambda *_: {})
    monkeypatch.setattr(analysis, "_ran", in_this_process)


def computed(settings, keys, clock, method):
    """Twelve citizens rate the tax hall well in one week, twelve badly in the next, and twelve the water works."""
    make_round(settings, ROUND, clock=clock, method=method)
    codes = make_codes(keys, clock, count=24)
    for number, code in enumerate(codes):
        if number == 12:
            clock.later(days=7)
        level = 5 if number < 12 else 3
        cast(keys, clock, code, answers={"attitude": level, "efficiency": level, "overall": level})
        if number >= 12:
            cast(keys, clock, code, unit="water", answers={"attitude": 4, "efficiency": 4, "overall": 4})
    clock.later(days=28)
    office.close_round(ROUND, key_copy=settings.keys / f"{ROUND}.key", reason=None, settings=settings, now=clock())
    office.compute_round(ROUND, settings)
    return store.get_round(ROUND)


@pytest.fixture
def declared(store, settings, keys, clock):
    return computed(settings, keys, clock, DECLARED)


def doubt(round_, clock, flag=FLAG, second="wu"):
    """One finds it doubtful, a second person confirms it."""
    how = {"now": clock(), "today": clock.today}
    drafts.review(round_, flag, decision=DOUBTFUL, reason="一个下午来了十二张", by="zhou", **how)
    if second:
        drafts.confirm(round_, flag, agree=True, by=second, **how)


def scores(folder):
    with (folder / "release" / "scores.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit"]: (row["n"], row["score"]) for row in csv.DictReader(file)}


def facts(folder):
    return tomllib.loads((folder / "snapshot" / "round.toml").read_text("utf-8"))


def test_the_week_is_left_out_of_the_next_version_and_the_first_stays_as_it_was(declared, settings, clock):
    doubt(declared, clock)
    folder = office.amend_round(ROUND, settings)
    # Level 5 is 100 points, level 3 is 60: of 12 and 12 ballots 80 are the mean, of the second week's alone 60.
    assert scores(settings.rounds / ROUND)["tax"] == ("24", "80.00")
    assert scores(folder)["tax"] == ("12", "60.00")
    assert scores(folder)["water"] == scores(settings.rounds / ROUND)["water"]
    assert facts(folder)["upheld"] == [{"unit": "tax", "test": "T1", "on": "2026-11-02"}]
    assert [one["text"] for one in facts(folder)["amendment"]] == [SAID]
    assert (folder / "snapshot" / "ballots.csv").read_bytes() == (
        settings.rounds / ROUND / "snapshot" / "ballots.csv"
    ).read_bytes()


def test_what_an_earlier_version_says_with_the_day_in_digits_is_not_left_out_twice(declared, clock):
    doubt(declared, clock)
    [ruled] = rulings.amendments(declared)
    said = {"on": ruled.on.isoformat(), "text": SAID.replace("2026年11月2日", "2026-11-02")}
    held, other = (Released(Path(), "a" * 64, 2, {"round": {"amendments": one}}) for one in ([said], []))
    assert rulings.waiting(declared, held) == []
    assert rulings.waiting(declared, other) == [ruled]


def test_one_person_alone_leaves_nothing_out(declared, settings, clock):
    doubt(declared, clock, second="")
    assert office.amend_round(ROUND, settings) is None


def test_a_doubt_about_anything_but_weeks_is_only_noted(declared, settings, clock):
    doubt(declared, clock, flag=("tax", "T6", ""))
    assert office.amend_round(ROUND, settings) is None


def test_what_the_method_did_not_say_beforehand_is_only_noted(store, settings, keys, clock):
    round_ = computed(settings, keys, clock, METHOD)
    doubt(round_, clock)
    assert office.amend_round(ROUND, settings) is None
    page = rulings.write_page(round_, settings, clock.today).read_text("utf-8")
    assert "没有因为复核去掉一张" in page
    assert "存疑，随结果注明" in page


def test_the_public_page_says_that_the_week_is_left_out(declared, settings, clock):
    doubt(declared, clock)
    page = rulings.write_page(declared, settings, clock.today).read_text("utf-8")
    assert "存疑，这几周的票不计入" in page
    assert "没有因为复核去掉一张" not in page


def test_a_later_correction_by_hand_keeps_what_was_ruled(declared, settings, clock):
    doubt(declared, clock)
    filing = Filing("water", "应评人数不对", "m1", "li", found_in="a" * 64)
    filed = objections.file_objection(declared, filing, now=clock(), today=clock.today)
    panel = Correction(PANEL, {"group": "enterprise", "people": 30})
    objections.propose(
        declared, filed.number, decision=UPHELD, reason="名册多列了十人", correction=panel, by="zhou", now=clock()
    )
    objections.confirm(declared, filed.number, by="wu", now=clock(), today=clock.today)
    office.amend_round(ROUND, settings)
    folder = office.correct_round(ROUND, "单位名称写错一个字", settings, clock())
    found = facts(folder)
    assert found["upheld"] == [{"unit": "tax", "test": "T1", "on": "2026-11-02"}]
    assert {unit["slug"]: unit.get("panel") for unit in found["unit"]}["water"] == {"enterprise": 30}
    said = [one["text"] for one in found["amendment"]]
    assert len(said) == len(set(said)) == 3
    assert scores(folder)["tax"] == ("12", "60.00")


def test_a_second_person_at_the_page_sets_the_counting_going(declared, clock, signed_in, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "ask_soon", lambda _settings, kind: asked.append(kind))
    monkeypatch.setattr(
        standing, "_flags", lambda *_: (standing.FlagRow(FLAG, NOTHING, drafts.reviews(declared).get(FLAG)),)
    )
    at, flag = f"/office/rounds/{ROUND}/flags", {"unit": "tax", "test": "T1", "detail": "2026-11-02"}
    officer, reviewer = signed_in("round_officer"), signed_in("reviewer")
    assert "存疑，这几周的票不计入" in officer.get(at).text
    officer.post(at, data={**flag, "decision": "doubtful", "reason": "一个下午来了十二张"})
    assert not asked
    assert reviewer.post(at, data={**flag, "act": "confirm"}).status_code == 303
    assert asked == [steps.KIND]
