"""Whoever reads a case stands in the log, once an hour; ledgers are files to download, without anybody's words."""

import io
from contextlib import contextmanager
from datetime import UTC, datetime

from survey_app.domain.cases import steps
from survey_app.jobs import preparing
from survey_app.office import caseledger
from survey_app.store import audit
from survey_app.store.database import StorageUnavailable
from survey_app.web import looking
from tests.cases import Desk


def looks():
    return [(event.actor, event.subject) for event in audit.list_events(audit.Wanted(action="case.seen"))]


def test_a_look_at_a_case_is_written_down_once_an_hour_and_says_no_word_of_it(
    open_round, keys, settings, clock, signed_in
):
    number = Desk(keys, settings, clock).receive().number
    reviewer, handler = signed_in("reviewer"), signed_in("case_handler")
    for _time in range(3):
        assert reviewer.get(f"/office/cases/{number}").status_code == 200
    handler.get(f"/desk/cases/{number}")
    assert sorted(looks()) == [("case-handler-tax", number), ("reviewer", number)]
    clock.later(minutes=29)
    reviewer.get(f"/office/cases/{number}")
    assert len(looks()) == 2
    clock.later(minutes=29)
    reviewer.get("/office/")
    clock.later(minutes=5)
    reviewer.get(f"/office/cases/{number}")
    assert len(looks()) == 3
    assert "跑了三趟" not in str([event.detail for event in audit.list_events(limit=100)])


def test_a_look_that_could_not_be_stored_shows_the_page_and_is_written_down_the_next_time(
    open_round, keys, settings, clock, signed_in, monkeypatch
):
    number = Desk(keys, settings, clock).receive().number
    reviewer = signed_in("reviewer")

    @contextmanager
    def full():
        raise StorageUnavailable
        yield

    with monkeypatch.context() as disk:
        disk.setattr(looking, "write", full)
        assert reviewer.get(f"/office/cases/{number}").status_code == 200
    assert looks() == []
    reviewer.get(f"/office/cases/{number}")
    assert looks() == [("reviewer", number)]


def test_a_look_at_an_account_is_written_down(open_round, signed_in):
    signed_in("inspector", username="guo")
    signed_in("administrator").get("/account/people/guo")
    [event] = audit.list_events(audit.Wanted(action="account.seen"))
    assert (event.actor, event.subject) == ("administrator", "guo")


def test_the_days_of_the_ledger_are_those_of_the_district(open_round, keys, settings, clock, signed_in):
    clock.at = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)  # half past one on New Year's Day
    received = Desk(keys, settings, clock).receive()
    text = io.BytesIO()
    caseledger._write_cases(settings, "cases-2026-20261103.csv", text, lambda _done, _total: None)
    [line] = text.getvalue().decode("utf-8-sig").splitlines()[1:]
    assert line.startswith(received.number)
    assert "2026-01-01" in line
    assert "2025-12-31" not in line


def test_the_figures_of_a_month_are_a_download_like_any_other(open_round, signed_in):
    answer = signed_in("reviewer").get("/office/cases/figures.csv?month=2026-10")
    assert answer.status_code == 200
    [event] = audit.list_events(audit.Wanted(action="download"))
    assert (event.actor, event.subject) == ("reviewer", "cases-2026-10.csv")


def test_the_ledger_of_cases_is_prepared_with_every_case_and_nobody_s_words(
    open_round, keys, settings, clock, signed_in
):
    desk = Desk(keys, settings, clock)
    first, second = desk.receive(contact="13800000000"), desk.receive(kind="question")
    desk.take(second.number, steps.ANSWERED)
    name = f"cases-2026-{clock.today:%Y%m%d}.csv"
    reviewer = signed_in("reviewer")
    assert name in reviewer.get("/office/downloads").text
    assert name not in signed_in("issuer").get("/office/downloads").text
    reviewer.post(f"/office/downloads/{name}")
    preparing.prepare_all(settings)
    answer = reviewer.get(f"/office/downloads/{name}/file")
    text = answer.text
    answer.close()
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [first.number, second.number]
    assert "13800000000" not in text
    assert "跑了三趟" not in text
