"""What a view asks of the jobs: make it live soon, and tell me when it is."""

import fcntl
import time
from contextvars import ContextVar

from survey_app.config import Settings
from survey_app.jobs import ledger
from survey_app.jobs.ledger import FAILED, NIGHTLY, PREPARE, PUBLISH, Run
from survey_app.jobs.queue import queue

PUBLISHED, WAITING = "published", "waiting"
LOCK_FILE = "jobs.lock"
LOOK_EVERY_S = 0.05
_asked: ContextVar[int | None] = ContextVar("asked", default=None)


def publish_soon(settings: Settings) -> int:
    """Ask that what is approved goes live; call it after the approval is stored. Many requests become one build.

    Returns the number of the last job begun before: any publication after it holds the approval.
    """
    before = ledger.state(settings).begun
    queue(settings).ask(PUBLISH)
    _asked.set(before)
    return before


def ask_soon(settings: Settings, kind: str) -> None:
    """Ask for a job that a room above has offered; call it after what it is to find is stored."""
    queue(settings).ask(kind)


def prepare_soon(settings: Settings) -> None:
    """Ask that the files that are wanted be made."""
    queue(settings).ask(PREPARE)


def wait_published(settings: Settings, timeout_s: float, path: str = "", after: int | None = None) -> str:
    """Wait for the publication asked for last in this thread: "published", "waiting", or why it failed, in Chinese.

    With `path` a page held back counts only if it is that page. "waiting" at once when nobody works on the queue.
    """
    number = after if after is not None else _asked.get()
    number = ledger.state(settings).begun if number is None else number
    until = time.monotonic() + timeout_s
    while True:
        if run := ledger.state(settings).first_after(number, (PUBLISH, NIGHTLY)):
            return _answer(run, path)
        if time.monotonic() >= until or not someone_works(settings):
            return WAITING
        time.sleep(LOOK_EVERY_S)


def someone_works(settings: Settings) -> bool:
    """Whether a process holds the jobs' lock."""
    with (settings.var / LOCK_FILE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _answer(run: Run, path: str) -> str:
    if run.outcome == FAILED:
        return run.reason
    if path:
        return run.held.get(path, PUBLISHED)
    return run.reason or PUBLISHED
