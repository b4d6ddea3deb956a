"""The queue: huey over one small SQLite file. A job carries no arguments; it finds out itself what there is to do.

So a queue that a kill emptied loses nothing: whoever starts next asks for every kind of job once.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from survey_app.casework import attachments
from survey_app.config import Settings
from survey_app.jobs import preparing, work
from survey_app.jobs.ledger import CASES, HELD, NIGHTLY, OK, PREPARE, PUBLISH, SEARCH
from survey_app.jobs.steadyclock import SteadyClock
from survey_app.publishing.tables import uploads
from survey_app.store import sealed_files

POLL_S = 0.1
STOP_S = 10.0  # how long the end of the process waits for the job at hand
WORKERS = 2  # the index is made beside a publication, so that no approval waits for it
URGENT, SOON = 20, 10
_queues: dict[Path, "Queue"] = {}
_offered: dict[str, Callable[[Settings], None]] = {}
_lock = threading.Lock()


def offer(kind: str, job: Callable[[Settings], None]) -> None:
    """A room above adds a kind of job: done when asked for, at every start, and looked at every minute."""
    _offered[kind] = job


class Queue:
    """The jobs of one portal."""

    def __init__(self, settings: Settings) -> None:
        settings.var.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.huey = SqliteHuey("pingyi", filename=str(settings.var / "jobs.sqlite3"), results=False, utc=True)
        self._tasks = {
            PUBLISH: self.huey.task(priority=URGENT, name=PUBLISH)(self._publish),
            SEARCH: self.huey.task(priority=SOON, name=SEARCH)(self._search),
            CASES: self.huey.task(priority=SOON, name=CASES)(self._cases),
            PREPARE: self.huey.task(priority=SOON, name=PREPARE)(self._prepare),
        }
        self._clock = SteadyClock()
        self.huey.periodic_task(self._night, name=NIGHTLY)(self._nightly)  # huey asks every minute
        self.huey.periodic_task(crontab(minute="20"), name="sweep")(self.sweep)
        self._tasks |= {kind: self._offered_task(kind, job) for kind, job in _offered.items()}
        self.huey.periodic_task(crontab(minute="5"), name="clocks")(self._cases)

    def ask(self, kind: str) -> None:
        """Have this job done, unless one that has not begun is waiting: it will find the same to do."""
        if all(waiting.name != kind for waiting in self.huey.pending()):
            self._tasks[kind]()

    def ask_offered(self) -> None:
        """Ask once for everything that rooms above have offered."""
        for kind in _offered:
            self.ask(kind)

    def _offered_task(self, kind: str, job: Callable[[Settings], None]) -> Callable[[], object]:
        self.huey.periodic_task(crontab(), name=f"{kind} every minute")(lambda: job(self.settings))
        made: Callable[[], object] = self.huey.task(priority=URGENT, name=kind)(lambda: job(self.settings))
        return made

    def _publish(self) -> None:
        if work.publish(self.settings).outcome in (OK, HELD):
            self.ask(SEARCH)

    def _search(self) -> None:
        work.refresh(self.settings)

    def _prepare(self) -> None:
        preparing.prepare_all(self.settings)

    def _nightly(self) -> None:
        if self._night():  # it may have been put into the queue twice
            work.build_nightly(self.settings)
            self.ask(SEARCH)

    def _cases(self) -> None:
        work.tick_cases(self.settings, self._clock, datetime.now(UTC))

    def sweep(self) -> None:
        """Remove what forms that broke off have left on the disk."""
        uploads.sweep(self.settings, datetime.now(UTC))
        attachments.sweep(self.settings, sealed_files.known, datetime.now(UTC))

    def _night(self, _now: object = None) -> bool:
        return work.nightly_is_due(self.settings, datetime.now(UTC))


def queue(settings: Settings) -> Queue:
    """The one queue of this process for this portal."""
    with _lock:
        if settings.var not in _queues:
            _queues[settings.var] = Queue(settings)
        return _queues[settings.var]


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer inside a process that has its own way to stop: it leaves the signals alone."""

    def __init__(self, jobs: Queue) -> None:
        polls = {"initial_delay": POLL_S, "max_delay": POLL_S, "backoff": 1.0}
        super().__init__(jobs.huey, workers=WORKERS, shutdown_timeout=STOP_S, **polls)

    def _set_signal_handlers(self) -> None:
        return
