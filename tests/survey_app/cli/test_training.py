"""The training district: every state is there and marked; only what it made can be deleted."""

import dataclasses
import json
import shutil

import pytest
from click.testing import CliRunner

from survey_app.cli import main, portal
from survey_app.cli.sample import simulate, training, year_cases, year_months, year_orders, year_pages, year_rounds
from survey_app.config import make_keys
from survey_app.domain.orders import steps
from survey_app.office.standing import standing_of
from survey_app.publishing.findings import late_findings
from survey_app.publishing.pages import new_page
from survey_app.publishing.revisions import revising
from survey_app.store import (
    assessments,
    ballots,
    batches,
    boxweeks,
    cases,
    inspections,
    orders,
    rounds,
    visits,
    yearend,
)
from survey_app.store.case_lists import OPEN, Wanted, count_cases, list_cases
from tests.accounts import make_account
from tests.factories import make_round
from tests.survey_app.unit.pages import PROCEDURE


def claimed(settings):
    """As `pingyi demo` begins: the mark in the folder of keys first."""
    shutil.rmtree(settings.keys)
    training.claim_keys(settings)
    make_keys(settings.keys)
    training.claim(settings)


def test_a_portal_with_nothing_in_it_may_become_a_training_district(settings, store):
    training.claim(settings)
    training.claim(settings)
    assert json.loads((settings.var / training.MARK).read_text())["made_by"] == "pingyi demo"


def test_a_portal_with_real_accounts_never_does(settings, store, clock):
    make_account(clock, "zhang", "administrator")
    with pytest.raises(training.RealData):
        training.claim(settings)
    with pytest.raises(training.NotTraining):
        training.reset(settings)
    assert settings.database.exists()


def test_a_round_that_was_made_by_hand_counts_as_real(settings, open_round):
    with pytest.raises(training.RealData):
        training.claim(settings)


def test_keys_that_served_another_portal_are_neither_used_nor_deleted(settings, store, monkeypatch):
    """Somebody points a training folder at the keys of the real portal."""
    before = sorted(file.read_bytes() for file in settings.keys.iterdir())
    with pytest.raises(training.KeysOfAnother):
        training.claim_keys(settings)
    training.claim(settings)
    monkeypatch.setattr(portal, "load", lambda: settings)
    answer = CliRunner().invoke(main, ["demo", "--reset", "--yes"])
    assert (answer.exit_code, "别的门户的密钥" in answer.output) == (1, True)
    assert sorted(file.read_bytes() for file in settings.keys.iterdir()) == before
    assert settings.database.exists()


def test_pages_that_lie_elsewhere_are_not_filled_with_the_year(settings, tmp_path):
    apart = dataclasses.replace(settings, pages=tmp_path / "pages", keys=tmp_path / "fresh")
    with pytest.raises(training.RealData):
        training.claim_keys(apart)
    assert not apart.keys.exists()


def test_reset_deletes_everything_and_leaves_an_empty_place(settings, store):
    claimed(settings)
    (settings.var / "rounds").mkdir()
    training.reset(settings)
    assert not settings.keys.exists()
    assert list(settings.var.iterdir()) == []


def test_reset_asks_first_and_a_no_leaves_all(settings, store, monkeypatch):
    claimed(settings)
    monkeypatch.setattr(portal, "load", lambda: settings)
    answer = CliRunner().invoke(portal.demo, ["--reset"], input="n\n")
    assert answer.exit_code == 1
    assert settings.keys.exists()


@pytest.fixture
def district(settings, store, monkeypatch):
    """Two units of the window class, one of them the late one."""
    for slug in (year_cases.LATE_UNIT, year_orders.OTHER_UNIT, "huzheng"):
        data = {"kind": "unit", "title": f"{slug}中心", "class": "window", "duties": ["办事"]}
        file = settings.pages / "units" / slug / "index.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new_page(f"units/{slug}/index.md", data).text("内容"), "utf-8")
    return settings


def test_cases_of_the_year_are_in_every_state_and_one_unit_is_late(district, keys, clock):
    year_cases.live(district, keys, clock.today)
    states = {case.state for case in list_cases(Wanted(), limit=100).cases}
    assert {"closed", "assigned", "contacted", "received", "answered"} <= states
    late = list_cases(Wanted(open=OPEN, overdue_on=clock.today, unit=year_cases.LATE_UNIT)).cases
    assert len(late) == 3
    assert all(cases.state(case.number).raised for case in late)


def test_a_second_run_adds_no_case(district, keys, clock):
    year_cases.live(district, keys, clock.today)
    before = count_cases(Wanted())
    year_cases.live(district, keys, clock.today)
    assert count_cases(Wanted()) == before


def test_orders_assessments_findings_and_a_plan_are_there_once(district, clock):
    for _time in range(2):
        year_orders.live(district, clock.today)
    found = orders.listed()
    assert {one.state for one in found} == {steps.CLOSED, steps.ISSUED, steps.REPLIED, steps.DRAFT}
    assert sum(one.overdue for one in found) == 2
    assert all("演练" in one.title for one in found)
    assert len(assessments.settled_in(clock.today.year - 1)) == 2
    assert len(inspections.findings()) == 3
    assert len(yearend.plans(clock.today.year)) == 1


def test_the_late_unit_has_late_pages(district, clock):
    path = f"units/{year_pages.LATE_UNIT}/procedures/wanshui.md"
    file = district.pages / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new_page(path, {**PROCEDURE, "review_by": "2027-01-06"}).text("内容"), "utf-8")
    year_pages.live(district, clock.today)
    found = late_findings(district.pages, revising.book_of(district), clock.today)
    assert [page.path for page, _finding in found] == [path]


def spoken(_text):
    """Nobody listens to the progress."""


def test_the_running_round_has_ballots_up_to_today_and_a_second_run_adds_none(
    settings, store, keys, clock, monkeypatch
):
    monkeypatch.setattr(simulate, "SILENT", {})
    make_round(settings, "2026-h2", clock=clock)
    mine, learner = (
        dataclasses.replace(rounds.get_round("2026-h2"), name="下半年（演练示例）"),
        rounds.get_round("2026-h2"),
    )
    stage = year_rounds.Stage(settings, keys, clock.today, spoken, 0.4)
    monkeypatch.setattr(rounds, "open_rounds", lambda today: [learner])
    year_rounds._running(stage)
    assert ballots.count_ballots("2026-h2") == 0  # a round that somebody opened to learn is left alone
    monkeypatch.setattr(rounds, "open_rounds", lambda today: [mine])
    for _time in range(2):
        year_rounds._running(stage)
        weeks = [week for week, _count in boxweeks.count_by_week("2026-h2")]
        counted = sum(count for _week, count in boxweeks.count_by_week("2026-h2"))
        assert counted == ballots.count_ballots("2026-h2") > 0
        assert max(weeks) <= clock.today
    assert len(batches.ledger("2026-h2")) == len({(one.unit_slug, one.group) for one in batches.ledger("2026-h2")})


def test_a_month_that_was_broken_off_goes_on_with_the_units_that_are_missing(settings, store, keys, clock, monkeypatch):
    """Killed after the first of two units of a month that is over: it is finished and published, nothing twice."""
    rated, closed = [], []
    services = [("tax", "a"), ("water", "b")]
    monkeypatch.setattr(year_months, "_services", lambda _settings: iter(services[: 1 if not rated else 2]))
    monkeypatch.setattr(year_months, "_rate_once", lambda unit, *_: rated.append(unit))
    monkeypatch.setattr(year_months, "close_month", lambda month, *_, by: closed.append(month))
    for _time in range(2):
        year_months.live(settings, keys, clock.today, spoken, scale=1.0, months=2)
    first = [batch.unit for batch in visits.ledger("2026-09")]
    assert sorted(first) == ["tax", "water"]
    assert closed == ["2026-09", "2026-09"]  # asked for until its page is there


@pytest.mark.slow
def test_the_stuffed_unit_is_found_and_named_by_the_review_page_and_no_other(district, keys, clock):
    """A whole round is collected, closed and computed: the tests see the two days of ballots that are all alike."""
    stage = year_rounds.Stage(district, keys, clock.today, spoken, 1.0)
    opened, closed = stage.before(45), stage.before(4)
    round_ = year_rounds._collected("2026-zx", "演练（模拟数据）", opened, closed, stage, stuffed=True)
    found = [row.flag for row in standing_of(round_, district).flags]
    too_many_in_a_week, all_alike = "T1", "T6"
    assert {(unit, test) for unit, test, _detail in found} == {
        (year_rounds.STUFFED_UNIT, too_many_in_a_week),
        (year_rounds.STUFFED_UNIT, all_alike),
    }
