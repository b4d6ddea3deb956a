"""The jobs themselves: plain functions that do one piece of work and write down how it went."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey_app.config import KeysMissing, Settings
from survey_app.domain.errors import Finding, Refusal, fill
from survey_app.domain.rounds import CLOSED, PUBLISHED
from survey_app.domain.rounds import OPEN as OPEN_ROUND
from survey_app.files import alone_in
from survey_app.jobs import cases, everyday, handling, ledger, warming
from survey_app.jobs.ledger import CASES, FAILED, HELD, NIGHTLY, NOTHING_NEW, OK, PUBLISH, SEARCH, Run
from survey_app.jobs.steadyclock import SteadyClock
from survey_app.publishing import auditheads, boxheads
from survey_app.publishing.boxheads import BoxHead
from survey_app.publishing.building import releases
from survey_app.publishing.building.incremental import publish_changes
from survey_app.publishing.building.searching import refresh_search
from survey_app.publishing.building.site import NOTHING, FaultyPages, build_site
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.revising import Written
from survey_app.store import audit, ballots, boxweeks, rounds

QUIET_HOUR = time(3, 10)
_publishing = threading.Lock()
_log = logging.getLogger("pingyi.jobs")


@dataclass(frozen=True)
class Outcome:
    """How a job went."""

    outcome: str = OK
    pages: int = 0
    reason: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def publish(settings: Settings) -> Run:
    """Write what is approved into the pages and make it live. Safe to repeat after a kill at any point."""
    run = _noted(settings, PUBLISH, _publish)
    warming.check_ahead(settings)  # once the run is written down: nobody waits for it
    return run


def refresh(settings: Settings) -> Run:
    """Bring the search index up to the live site."""
    return _noted(settings, SEARCH, _refresh)


def build_nightly(settings: Settings) -> Run:
    """Everything anew and strictly, with whatever is approved."""
    run = _noted(settings, NIGHTLY, _nightly)
    warming.check_ahead(settings)
    return run


def tick_cases(settings: Settings, clock: SteadyClock, now: datetime) -> Run | None:
    """The clocks of cases. Only what went wrong is written down among the runs: it happens every hour."""
    try:
        cases.tick(settings, clock, now)
    except (Refusal, KeysMissing) as refusal:
        reason = str(refusal)
        return _noted(settings, CASES, lambda _settings: Outcome(FAILED, reason=reason))
    return None


def nightly_is_due(settings: Settings, now: datetime) -> bool:
    """Whether no full build was tried since the last quiet hour. A machine that is off at night catches up."""
    live, tried = releases.live(settings), ledger.state(settings).last(NIGHTLY)
    times = [live.record.full_at] if live else []
    times += [tried.started] if tried else []
    return bool(times) and max(map(datetime.fromisoformat, times)) < last_quiet_hour(settings, now)


def last_quiet_hour(settings: Settings, now: datetime) -> datetime:
    """The last time it was ten past three where the portal stands."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    today = datetime.combine(local.date(), QUIET_HOUR, local.tzinfo)
    return today if local >= today else today - timedelta(days=1)


def _noted(settings: Settings, kind: str, work: Callable[[Settings], Outcome]) -> Run:
    """Do it, and write down how it went. A refusal is an outcome; a fault of ours is too, and is raised."""
    run = ledger.begin(settings, kind, datetime.now(UTC))
    try:
        done = work(settings)
    except FaultyPages as faulty:
        done = Outcome(FAILED, reason=faulty.text(), held=by_page(faulty.findings))
    except Refusal as refusal:
        done = Outcome(FAILED, reason=refusal.text())
    except Exception as error:
        ledger.end(settings, _end(run, Outcome(FAILED, reason=f"{type(error).__name__}: {error}")))
        raise
    if done.outcome == FAILED:
        _log.warning("%s failed, the site stays as it was: %s", kind, done.reason)
    finished = _end(run, done)
    ledger.end(settings, finished)
    return finished


def _end(run: Run, done: Outcome) -> Run:
    now = datetime.now(UTC)
    seconds = round((now - datetime.fromisoformat(run.started)).total_seconds(), 2)
    return ledger.ended(run, now, seconds=seconds, **vars(done))


def _publish(settings: Settings) -> Outcome:
    with _publishing:
        written = revising.write_approved(settings, datetime.now(UTC))
        return _made_live(settings, written)


def _nightly(settings: Settings) -> Outcome:
    """What is approved is left to `publish`, which finds it live or makes it so."""
    with _publishing:
        remarks = [*_everyday(settings), *_handling(settings), *_heads(settings), *_weeks()]
        remarks += cases.nightly(settings, datetime.now(UTC))
        report = build_site(settings)
    return Outcome(OK, report.pages, remarks=[*remarks, *report.remarks])


def _everyday(settings: Settings) -> list[str]:
    """Settle the months that are over; one that cannot be does not keep the site from being built, and is said."""
    try:
        everyday.forget_old(settings, datetime.now(UTC))
        everyday.close_due(settings, datetime.now(UTC))
    except (Refusal, KeysMissing) as refusal:
        _log.warning("a month of everyday ratings was not settled, trying again tomorrow: %s", refusal)
        return [str(refusal)]
    return []


def _heads(settings: Settings) -> list[str]:
    """Publish the week's head of the audit log and of the boxes; a file nobody can read any more is said and left."""
    try:
        day = datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date()
        with alone_in(settings.pages):
            auditheads.publish_head(settings.pages, day, audit.head())
            boxheads.publish_boxes(settings.pages, list(_boxes(day)))
    except Refusal as refusal:
        _log.warning("the heads of the audit log and the boxes were not published: %s", refusal)
        return [str(refusal)]
    return []


def _boxes(day: date) -> Iterator[BoxHead]:
    """Boxes that take ballots, or took them."""
    for one in rounds.list_rounds():
        if one.status in (OPEN_ROUND, CLOSED, PUBLISHED):
            state = boxheads.OPEN if one.status == OPEN_ROUND else boxheads.SHUT
            yield BoxHead(day, one.code, state, *ballots.box_head(one.code))


def _weeks() -> list[str]:
    """Numbers of ballots by week that are not those of the boxes: said to whoever reads how the night went."""
    told = [fill(boxweeks.DIFFER, vars(one)) for one in boxweeks.differing()]
    for one in told:
        _log.error("a box was changed without the portal: %s", one)
    return told


def _handling(settings: Settings) -> list[str]:
    """Pages of how cases were handled; what cannot be counted yet is said and tried again."""
    try:
        handling.publish_due(settings, datetime.now(UTC))
    except Refusal as refusal:
        _log.warning("figures of handling were not published, trying again tomorrow: %s", refusal)
        return [refusal.text()]
    return []


def _made_live(settings: Settings, written: list[Written]) -> Outcome:
    """Build, and tell every revision what became of it. Raises what `publish_changes` raises."""
    try:
        report = publish_changes(settings)
    except (Refusal, OSError) as error:
        reason = error.text() if isinstance(error, Refusal) else str(error)
        revising.mark_failed({number for one in written for number in one.ids}, reason, datetime.now(UTC))
        raise
    held = {path: words(findings) for path, findings in report.held.items()}
    _tell(written, held)
    outcome = HELD if held else NOTHING_NEW if report.kind == NOTHING else OK
    return Outcome(outcome, report.pages, "；".join(held.values()), held, report.remarks)


def _tell(written: list[Written], held: Mapping[str, str]) -> None:
    failed = {number: held[one.path] for one in written if one.path in held for number in one.ids}
    for number, reason in failed.items():
        revising.mark_failed({number}, reason, datetime.now(UTC))
    live = {number for one in written for number in one.ids} - failed.keys()
    if live:
        revising.mark_published(live, datetime.now(UTC))


def words(findings: list[Finding]) -> str:
    """Which page, which field, and how to mend it."""
    return "；".join(f"{finding.path}“{finding.field}”：{finding.text()}" for finding in findings)


def by_page(findings: list[Finding]) -> dict[str, str]:
    """The same for each page."""
    paths = dict.fromkeys(finding.path for finding in findings)
    return {path: words([finding for finding in findings if finding.path == path]) for path in paths}


def _refresh(settings: Settings) -> Outcome:
    report = refresh_search(settings)
    if report is None or report.kind == NOTHING:
        return Outcome(NOTHING_NEW, report.pages if report else 0)
    return Outcome(OK, report.pages)
