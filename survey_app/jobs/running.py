"""Who works: one process per portal, the one that holds the lock. The others stand by and take over when it ends."""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from survey_app.config import Settings
from survey_app.jobs import ledger, warming
from survey_app.jobs.asking import LOCK_FILE
from survey_app.jobs.ledger import CASES, PREPARE, PUBLISH, SEARCH
from survey_app.jobs.queue import STOP_S, QuietConsumer, queue
from survey_app.publishing.shelf import shelf
from survey_app.publishing.tables.journal import finish_interrupted

STAND_BY_S = 1.0
_log = logging.getLogger("pingyi.jobs")


class Runner:
    """The jobs of a portal in a thread of this process."""

    def __init__(self, settings: Settings) -> None:
        self._stopping, tried = threading.Event(), threading.Event()
        about = (settings, self._stopping, tried.set)
        self._thread = threading.Thread(target=work_until, args=about, name="jobs", daemon=True)
        self._thread.start()
        tried.wait()  # from here on `someone_works` is true, here or in another process

    def stop(self) -> None:
        """End after the job at hand, or leave it to the next start when it takes long."""
        self._stopping.set()
        self._thread.join(STOP_S + STAND_BY_S)


def start(settings: Settings) -> Runner:
    """Work in the background for as long as this process serves."""
    warming.start(settings)
    return Runner(settings)


def work_until(settings: Settings, stopping: threading.Event, tried: Callable[[], None] = lambda: None) -> None:
    """Work on the queue until told to stop; first of all finish what a kill interrupted.

    `tried` is called once it is known whether another process works.
    """
    with _alone(settings, stopping, tried) as ours:
        if not ours:
            return
        if killed := ledger.mark_interrupted(settings, datetime.now(UTC)):
            _log.warning("%s jobs were interrupted and are done again", killed)
        finish_interrupted(settings.pages)
        shelf(settings.pages)  # 2.4 s at 10,000 pages: now, and not while an approver waits
        jobs = queue(settings)
        jobs.ask(PUBLISH)
        jobs.ask(SEARCH)
        jobs.ask_offered()
        jobs.ask(CASES)
        jobs.ask(PREPARE)
        consumer = QuietConsumer(jobs)
        consumer.start()
        stopping.wait()
        consumer.stop(graceful=True)


@contextmanager
def _alone(settings: Settings, stopping: threading.Event, tried: Callable[[], None]) -> Iterator[bool]:
    """Whether we hold the lock; waits for it until told to stop."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / LOCK_FILE).open("a") as lock:
        while not stopping.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tried()
                stopping.wait(STAND_BY_S)
        tried()
        yield not stopping.is_set()
