"""What every serving process reads and counts once, so that not the first person who asks has to wait for it.

Measured at 1,361 pages and 50,000 cases: reading all pages takes 0.6 s, checking them 1.4 s, reading the cases closed
within a year 5 s. What changes later is read alone.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from survey_app.casework import figures
from survey_app.config import Settings
from survey_app.domain.errors import Refusal
from survey_app.publishing.findings import all_findings, late_findings
from survey_app.publishing.revisions import revising
from survey_app.store.database import close_thread

MONTH = timedelta(days=31)
_log = logging.getLogger("pingyi.jobs")


def start(settings: Settings) -> threading.Thread:
    """Read ahead in a thread of its own, while the portal already answers."""
    thread = threading.Thread(target=_read_and_leave, args=(settings,), name="reading ahead", daemon=True)
    thread.start()
    return thread


def read_ahead(settings: Settings, now: datetime | None = None) -> None:
    """All pages and what the checks say of them; cases closed this year and in the quarters that briefs offer."""
    today = _day(settings, now)
    check_ahead(settings, now)
    _try("cases", lambda: _cases(settings, today))


def check_ahead(settings: Settings, now: datetime | None = None) -> None:
    """What the checks say of the pages today. After every change: a page may break another, so all are looked at."""
    today = _day(settings, now)
    _try("pages", lambda: _pages(settings, today))


def _pages(settings: Settings, today: date) -> None:
    book = revising.book_of(settings)
    late_findings(settings.pages, book, today)
    all_findings(settings.pages, book, today)


def _day(settings: Settings, now: datetime | None) -> date:
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(settings.timezone)).date()


def _cases(settings: Settings, today: date) -> None:
    """Month by month, the newest first: who asks meanwhile finds what is read already."""
    until = today + timedelta(days=1)
    for _month in range(13):
        figures.handled_between(until - MONTH, until, settings)
        until -= MONTH


def _try(what: str, read: Callable[[], None]) -> None:
    """What cannot be read is told to whoever asks for it later; nothing else waits for it."""
    try:
        read()
    except Refusal as error:
        _log.warning("%s could not be read ahead: %s", what, error)
    except Exception:  # a courtesy: the same fault comes again, in words, to whoever asks; here it is logged
        _log.exception("%s could not be read ahead", what)


def _read_and_leave(settings: Settings) -> None:
    try:
        read_ahead(settings)
    finally:
        close_thread()
