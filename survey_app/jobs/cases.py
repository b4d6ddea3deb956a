"""Cases and orders by the clock: every hour what is due, every night what is old."""

import logging
from datetime import datetime

from survey_app.casework import attachments, ticking
from survey_app.config import KeysMissing, Settings, load_keys
from survey_app.domain.cases.state import day_of
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.inspections import KEPT_YEARS
from survey_app.jobs import orders
from survey_app.jobs.steadyclock import SteadyClock, running
from survey_app.store import inspections, sealed_files

_log = logging.getLogger("pingyi.jobs")


class ClockJumped(Refusal):
    code, status = "clock-jumped", 409
    message = N_("机器的时钟被调过，办件的超期提醒先停一天，免得错报。请核对时间；时间对了，第二天自动恢复。")


def tick(settings: Settings, clock: SteadyClock, now: datetime) -> ticking.Ticked:
    """Everything that is due by itself. Raises ClockJumped, YearUnknown (after the cases that could be counted)."""
    if not clock.trusts(now, running()):
        raise ClockJumped
    orders.tick(settings, now)
    ticked = ticking.tick(settings, load_keys(settings.keys), now)
    if ticked.steps:
        _log.info("cases: %s", dict(ticked.steps))
    if ticked.missing:
        raise ticked.missing
    return ticked


def nightly(settings: Settings, now: datetime) -> list[str]:
    """Deadlines counted anew, old things deleted; what stood in the way, in Chinese."""
    try:
        ticking.recount(settings, load_keys(settings.keys), now)
        ticking.forget(settings, now)
        inspections.forget_notes(years=KEPT_YEARS, today=day_of(now), now=now)
        attachments.sweep(settings, sealed_files.known, now)
    except (Refusal, KeysMissing) as refusal:
        _log.warning("cases were not brought up to date, trying again tomorrow: %s", refusal)
        return [str(refusal)]
    return []
