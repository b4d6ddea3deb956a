"""A month is settled: by the night or by hand, whole, once, and again from wherever it broke off."""

from datetime import UTC, date, datetime

import pytest

from survey_app.config import load_keys, make_keys
from survey_app.domain.everyday import MonthNotOver
from survey_app.jobs import everyday, work
from survey_app.store import audit
from survey_app.store import everyday as store
from tests.everyday import rate, visit_codes

OVER = datetime(2026, 12, 14, 4, tzinfo=UTC)
# Of twelve with a code eleven could judge, nine saw the promise kept: 9/11 = 81.8 %.


pytestmark = pytest.mark.usefixtures("analysis_at_hand")


@pytest.fixture
def keys(portal):
    """Twelve rated in November with a code; one in December."""
    make_keys(portal.keys)
    keys = load_keys(portal.keys)
    for number, code in enumerate(visit_codes(keys, unit="dengji", count=20)[:12]):
        kept = {"chuzheng": "kept" if number < 9 else "broken" if number < 11 else "unknown"}
        rate(keys, unit="dengji", procedure="", code=code, nonce=f"{number}", level=5, kept=kept, words=f"话{number}")
    rate(keys, unit="dengji", procedure="", nonce="december", today=date(2026, 12, 8), words="十二月的话")
    return keys


def test_a_month_that_is_over_is_frozen_counted_and_on_the_pages(portal, keys):
    folder = everyday.close_month("2026-11", portal, OVER)

    assert folder == portal.rounds / "everyday-2026-11"
    assert (folder / "snapshot" / "ballots.csv").read_text().count("dengji,service_user,web") == 12
    assert (portal.pages / "results/everyday-2026-11/scores.csv").read_text().count("dengji,") == 1
    assert "81.8%" in (portal.pages / "commitments/kept.md").read_text()
    unit = (portal.pages / "units/dengji/index.md").read_text()
    assert "<b>81.8%</b>" in unit
    assert "11人里9人说做到，2026年11月" in unit
    assert (folder / "words.csv").read_text().count("\n") == 14  # a header, twelve, and one that knows no month


def test_its_rows_leave_the_database_and_the_next_month_s_stay(portal, keys):
    everyday.close_month("2026-11", portal, OVER)

    events = [
        (e.actor, e.action, e.subject, e.detail) for e in audit.list_events(audit.Wanted(action="everyday.freeze"))
    ]
    assert events == [("night", "everyday.freeze", "2026-11", {"ratings": 12})]
    assert store.months_with_ratings() == ["2026-12"]
    assert list(store.kept_of("2026-11", keys)) == []
    assert store.words_by_unit(keys) == {}


def test_a_month_that_still_runs_is_refused_and_nothing_is_written(portal, keys):
    with pytest.raises(MonthNotOver):
        everyday.close_month("2026-12", portal, OVER)
    with pytest.raises(MonthNotOver):
        everyday.close_month("2026-11", portal, datetime(2026, 12, 13, 15, 59, tzinfo=UTC))

    assert not portal.rounds.exists()


def test_a_month_without_ratings_is_said_to_have_none(portal, keys):
    with pytest.raises(everyday.NothingRated, match="2026-10"):
        everyday.close_month("2026-10", portal, OVER)


@pytest.mark.parametrize("step", ["compute", "publish"])
def test_where_it_broke_off_the_next_night_goes_on_and_counts_the_same(portal, keys, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(everyday.analysis, step, lambda *_args, **_how: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            everyday.close_due(portal, OVER)
    frozen = (portal.rounds / "everyday-2026-11/snapshot/ballots.csv").read_bytes()

    assert everyday.close_due(portal, OVER) == ["2026-11"]
    assert (portal.rounds / "everyday-2026-11/snapshot/ballots.csv").read_bytes() == frozen
    assert "81.8%" in (portal.pages / "commitments/kept.md").read_text()
    assert everyday.close_due(portal, OVER) == []


def test_killed_between_the_folder_and_the_database_no_rating_is_lost_or_doubled(portal, keys, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(store, "delete_month", lambda *_args, **_how: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            everyday.close_due(portal, OVER)
    assert store.count_ratings("2026-11") == 12

    everyday.close_due(portal, OVER)
    assert store.count_ratings("2026-11") == 0
    assert store.words_by_unit(keys) == {}
    assert (portal.rounds / "everyday-2026-11/snapshot/ballots.csv").read_text().count("dengji") == 12


def test_another_key_stops_it_before_anything_is_written(portal, keys):
    (portal.keys / "everyday.key").write_text("00" * 32 + "\n")
    with pytest.raises(everyday.Refusal, match=r"everyday\.key"):
        everyday.close_due(portal, OVER)

    assert store.count_ratings("2026-11") == 12


def test_the_night_settles_what_is_over_and_builds_the_site_with_it(portal, keys, monkeypatch):
    monkeypatch.setattr(everyday, "local_day", lambda _settings, _now: OVER.date())
    run = work.build_nightly(portal)
    site = portal.live_site.resolve()

    assert run.outcome == "ok"
    assert "81.8%" in (site / "commitments/kept/index.html").read_text()
    assert "2026年11月好差评" in (site / "results/index.html").read_text()
    assert "81.8" in (site / "data/kept.csv").read_text("utf-8-sig")


def test_a_month_that_cannot_be_settled_is_said_and_the_site_is_built(portal, keys, monkeypatch):
    monkeypatch.setattr(everyday, "local_day", lambda _settings, _now: OVER.date())
    (portal.keys / "everyday.key").write_text("00" * 32 + "\n")
    run = work.build_nightly(portal)

    assert run.outcome == "ok"
    assert any("everyday.key" in remark for remark in run.remarks)


def test_what_is_older_than_the_form_promises_is_deleted_and_results_stay(portal, keys):
    everyday.close_month("2026-11", portal, OVER)
    folder = portal.rounds / "everyday-2026-11"

    everyday.forget_old(portal, datetime(2028, 12, 3, 4, tzinfo=UTC))
    assert folder.exists()
    everyday.forget_old(portal, datetime(2028, 12, 4, 4, tzinfo=UTC))
    assert not folder.exists()
    assert (portal.pages / "results/everyday-2026-11/scores.csv").exists()
