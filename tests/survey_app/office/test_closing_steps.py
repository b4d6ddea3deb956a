"""A round shuts itself, is opened with a key that touches no disk, counted, objected to, put right, published."""

import tomllib
from datetime import UTC, datetime

import pytest

from analysis import release as release_of
from survey_app import jobs
from survey_app.domain import ballot_box
from survey_app.domain import objections as rules
from survey_app.domain.objections import PANEL, REJECTED, UPHELD, Correction
from survey_app.domain.workdays import Calendar
from survey_app.exports import analysis
from survey_app.exports.analysis import AnalysisRefused
from survey_app.jobs.steadyclock import SteadyClock
from survey_app.office import drafting, standing, steps
from survey_app.office import rounds as office
from survey_app.store import ballots, drafts, objections
from survey_app.store import rounds as store
from survey_app.store import steps as step_store
from survey_app.store.objections import Filing
from tests.analysing import in_this_process
from tests.factories import cast, make_codes

OVER = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)  # 8:01 in the morning of 1 December in China


@pytest.fixture
def voted(open_round, keys, clock):
    """Twelve citizens rate the tax hall and twelve the water works; nobody rates the third unit."""
    for unit in ("tax", "water"):
        for number, code in enumerate(make_codes(keys, clock, count=12)):
            answers = {"attitude": 5 - number % 3, "efficiency": 4, "overall": 5}
            cast(keys, clock, code, unit=unit, answers=answers)
    return open_round


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What was asked of the jobs, which do not run here."""
    found = []
    monkeypatch.setattr(jobs, "ask_soon", lambda _settings, kind: found.append(kind))
    monkeypatch.setattr(jobs, "publish_soon", lambda _settings: found.append("publish"))
    return found


@pytest.fixture
def quick(monkeypatch):
    """Analysis in this process, without charts and documents; the site is built in the journey."""
    monkeypatch.setattr(office, "build_site", lambda *_how: None)
    monkeypatch.setattr(release_of, "documents", lambda *_how: {})
    monkeypatch.setattr(analysis, "_ran", in_this_process)


def key_of(settings, code="2026-h2"):
    content = (settings.keys / f"{code}.key").read_bytes()
    public = store.require_public_key(store.get_round(code))
    return ballot_box.key_of(content, file="主办.key", round_code=code, public_key=public)


def unsealed(settings, clock):
    round_ = store.get_round("2026-h2")
    steps.unseal(round_, key_of(settings), by="zhou", settings=settings, now=clock(), wait_s=60)


def drafted(settings, clock):
    """Shut, unsealed and computed, the last after the process was killed at it."""
    clock.at = OVER
    steps.advance(settings, clock())
    unsealed(settings, clock)
    round_ = store.get_round("2026-h2")
    step_store.begin(step_store.last(round_).number, clock())
    steps.advance(settings, clock())
    return round_


def shown(settings, clock):
    """Shut, and a draft sent to the units for five working days: from Tuesday 1 December to Tuesday 8 December.

    Its figures are of no account here, so nothing is computed.
    """
    clock.at = OVER
    office.shut_round("2026-h2", reason=None, settings=settings, now=steps.local(settings, clock()))
    round_ = store.get_round("2026-h2")
    until = rules.last_day(clock.today, 5, Calendar())
    how = {"until_on": until, "by": "zhou", "now": clock(), "today": clock.today}
    return round_, drafts.show(round_, digest="a" * 64, version=1, **how)


def object_to(round_, clock, unit="water", words="应评人数不对", mark="m1", files=()):
    filing = Filing(unit, words, mark, "water-head", files)
    return objections.file_objection(round_, filing, now=clock(), today=clock.today)


def rule(round_, filed, clock, decision=UPHELD, correction=None):
    correction = correction or Correction(PANEL, {"group": "enterprise", "people": 30})
    objections.propose(
        round_, filed.number, decision=decision, reason="名册多列了十人", correction=correction, by="zhou", now=clock()
    )
    return objections.confirm(round_, filed.number, by="wu", now=clock(), today=clock.today)


# Shutting


def test_a_round_stays_open_on_its_last_evening_and_shuts_itself_after_midnight_in_china(voted, settings):
    steps.advance(settings, datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    assert store.get_round("2026-h2").status == "open"
    steps.advance(settings, datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    assert store.get_round("2026-h2").status == "closed"
    assert "status: closed" in (settings.pages / "results" / "2026-h2" / "index.md").read_text("utf-8")
    assert store.get_round("2026-h2").amendments == ()


def test_after_a_long_downtime_it_shuts_once_and_says_so_once(voted, settings, asked):
    for hour in (1, 1, 2):
        steps.advance(settings, datetime(2027, 1, 5, hour, tzinfo=UTC))
    last = step_store.last(store.get_round("2026-h2"))
    assert (last.step, last.asked_by, last.outcome) == ("shut", "portal", "ok")
    assert last.asked_at == datetime(2027, 1, 5, 1)  # as stored
    assert asked == ["publish"]


def test_a_clock_set_back_opens_no_box_again(voted, settings):
    steps.advance(settings, OVER)
    steps.advance(settings, datetime(2026, 11, 3, tzinfo=UTC))
    assert store.get_round("2026-h2").status == "closed"


def test_shutting_by_hand_before_the_last_day_needs_a_reason_that_is_published(voted, settings, clock):
    at = steps.local(settings, clock())
    with pytest.raises(office.EarlyCloseNeedsReason):
        steps.shut(voted, reason="", by="zhou", settings=settings, now=at)
    steps.shut(voted, reason="停电搬迁", by="zhou", settings=settings, now=at)
    assert store.get_round("2026-h2").amendments == ({"on": "2026-11-03", "text": "停电搬迁"},)
    with pytest.raises(office.rounds.IllegalMove):
        steps.shut(voted, reason="停电搬迁", by="zhou", settings=settings, now=at)


# Opening the box


def test_a_box_left_by_a_process_that_died_asks_for_the_key_again(voted, settings, clock):
    clock.at = OVER
    steps.advance(settings, clock())
    left = step_store.ask("2026-h2", step_store.UNSEAL, by="zhou", now=clock())
    step_store.begin(left.number, clock())

    steps.advance(settings, clock())
    last = step_store.last(store.get_round("2026-h2"))
    assert (last.outcome, last.said) == ("failed", steps.BROKEN_OFF)

    step_store.ask("2026-h2", step_store.UNSEAL, by="zhou", now=clock())  # nothing stands in the way of it


def test_a_process_that_died_before_it_began_to_open_the_box_blocks_nobody(voted, settings, clock):
    clock.at = OVER
    steps.advance(settings, clock())
    step_store.ask("2026-h2", step_store.UNSEAL, by="zhou", now=clock())
    steps.advance(settings, clock())
    assert step_store.last(store.get_round("2026-h2")).ended_at is None  # it may be about to begin
    clock.later(minutes=2)
    steps.advance(settings, clock())
    assert step_store.last(store.get_round("2026-h2")).said == steps.BROKEN_OFF


def test_a_computation_that_is_refused_says_why_and_can_be_asked_for_again(voted, settings, clock, monkeypatch):
    round_, _ = shown(settings, clock)
    said = iter([AnalysisRefused(reason="第7行：等级只能是1到5"), ValueError("坏了")])

    def compute(*_how):
        raise next(said)

    monkeypatch.setattr(office, "compute_round", compute)
    steps.ask(round_, step_store.COMPUTE, by="zhou", settings=settings, now=clock())
    steps.advance(settings, clock())
    last = step_store.last(round_)
    assert (last.outcome, last.said) == ("failed", "没有算出结果：第7行：等级只能是1到5")

    steps.ask(round_, step_store.COMPUTE, by="zhou", settings=settings, now=clock())
    with pytest.raises(ValueError, match="坏了"):
        steps.advance(settings, clock())
    assert "ValueError: 坏了" in step_store.last(round_).said


def test_two_steps_of_one_round_never_run_beside_each_other(voted, settings, clock):
    clock.at = OVER
    steps.advance(settings, clock())
    step_store.ask("2026-h2", step_store.COMPUTE, by="zhou", now=clock())
    with pytest.raises(step_store.StepRunning, match="计算"):
        step_store.ask("2026-h2", step_store.PUBLISH, by="zhou", now=clock())


# Objections


def test_units_may_object_through_the_fifth_working_day_and_not_after(voted, settings, clock):
    round_, draft = shown(settings, clock)
    assert (draft.shown_on.isoformat(), draft.until_on.isoformat()) == ("2026-12-01", "2026-12-08")
    clock.later(days=7)
    object_to(round_, clock)
    clock.later(days=1)
    with pytest.raises(rules.NotOpenToObjections):
        object_to(round_, clock, mark="m2")
    assert len(objections.of_round(round_)) == 1


def test_a_form_sent_twice_is_one_objection_with_its_files(voted, settings, clock):
    round_, _ = shown(settings, clock)
    first = object_to(round_, clock, files=[("名册.csv", "甲,乙".encode())])
    again = object_to(round_, clock, files=[("名册.csv", "甲,乙".encode())])
    assert first == again
    assert objections.content_of(round_, first.files[0].number) == ("名册.csv", "甲,乙".encode())


def test_no_one_rules_alone_and_a_ruling_is_not_changed(voted, settings, clock):
    round_, _ = shown(settings, clock)
    filed = object_to(round_, clock)
    objections.propose(
        round_, filed.number, decision=REJECTED, reason="名册无误", correction=Correction(), by="zhou", now=clock()
    )
    with pytest.raises(rules.SameHand):
        objections.confirm(round_, filed.number, by="zhou", now=clock(), today=clock.today)
    ruled = objections.confirm(round_, filed.number, by="wu", now=clock(), today=clock.today)
    assert (ruled.state, ruled.decision, ruled.ruled_by) == ("ruled", "rejected", "wu")
    with pytest.raises(rules.AlreadyDone):
        objections.confirm(round_, filed.number, by="li", now=clock(), today=clock.today)


# Publishing


def test_an_upheld_objection_changes_one_fact_makes_version_two_and_is_published_with_its_ruling(
    voted, settings, clock, quick
):
    secret = bytes(key_of(settings))
    round_, folder = drafted(settings, clock), settings.rounds / "2026-h2"
    assert ballots.is_unsealed("2026-h2")
    assert len((folder / "snapshot" / "ballots.csv").read_text().splitlines()) == 1 + 24
    files = [f.read_bytes() for f in settings.var.rglob("*") if f.is_file()]
    assert [1 for content in files if secret in content or secret.hex().encode() in content] == []
    first = drafting.show(round_, by="zhou", settings=settings, now=clock(), today=clock.today)
    before = {file.name: file.read_bytes() for file in (folder / "snapshot").iterdir()}
    filed = object_to(round_, clock, words="应评人数<b>不对")
    assert missing(round_, settings, clock) == [standing.PeriodRuns, standing.ObjectionsWait]
    with pytest.raises(standing.PeriodRuns, match="2026年12月8日"):
        office.publish_round("2026-h2", settings, clock(), print)
    rule(round_, filed, clock)
    assert missing(round_, settings, clock) == [standing.CorrectionsWait, standing.PeriodRuns]

    ask_for(step_store.COMPUTE, round_, settings, clock)

    found = standing.standing_of(round_, settings)
    assert (found.release.version, found.release.model["replaces"]) == (2, first.digest)
    assert {file.name: file.read_bytes() for file in (folder / "snapshot").iterdir()} == before
    assert (folder / "v2" / "snapshot" / "ballots.csv").read_bytes() == before["ballots.csv"]
    facts = tomllib.loads((folder / "v2" / "snapshot" / "round.toml").read_text("utf-8"))
    assert [unit.get("panel") for unit in facts["unit"] if unit["slug"] == "water"] == [{"enterprise": 30}]
    assert [one["text"] for one in found.release.model["round"]["amendments"]] == [
        "供水服务厅的异议（第1号）成立：名册多列了十人"
    ]
    assert missing(round_, settings, clock) == [standing.NotShown]
    drafting.show(round_, by="zhou", settings=settings, now=clock(), today=clock.today)
    clock.later(days=8)
    ask_for(step_store.PUBLISH, round_, settings, clock)

    assert step_store.last(round_).said == steps.DONE["publish"]
    assert store.get_round("2026-h2").status == "published"
    page = (settings.pages / "about" / "objections" / "2026-h2.md").read_text("utf-8")
    for words in ("应评人数&lt;b&gt;不对", "<b>成立</b>", "名册多列了十人", "2026年12月1日"):
        assert words in page
    assert not [person for person in ("zhou", "wu", "water-head") if person in page]
    public = settings.pages / "results" / "2026-h2"
    assert 'href="../../about/objections/2026-h2/"' in (public / "index.md").read_text("utf-8")
    assert "round.toml" in (public / "differences.csv").read_text()


def missing(round_, settings, clock):
    return [type(one) for one in standing.missing(standing.standing_of(round_, settings), clock.today)]


def ask_for(step, round_, settings, clock):
    steps.ask(round_, step, by="zhou", settings=settings, now=clock())
    steps.advance(settings, clock())
    assert step_store.last(round_).outcome == "ok", step_store.last(round_).said


def test_the_machine_s_own_clock_shuts_no_box_before_it_can_be_believed(open_round, settings, monkeypatch):
    """Threat: a clock that was wrong when the server started would end a round for good."""
    monkeypatch.setattr(steps, "_clock", SteadyClock())
    monkeypatch.setattr(steps, "local", lambda _settings, _now: OVER)
    steps.advance(settings)
    assert store.get_round("2026-h2").status == "open"
    steps.advance(settings, OVER)
    assert store.get_round("2026-h2").status == "closed"
