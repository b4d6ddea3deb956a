"""Upkeep while the portal runs: leave no order on the disk that could join a code to a ballot.

The write-ahead log never grows older than a minute; every midnight the file is written anew in the order of its keys,
and the numbers by network are forgotten with their salt.
"""

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from survey_app.config import Settings
from survey_app.domain.errors import Refusal
from survey_app.store.database import checkpoint, rewrite
from survey_app.web.daymemory import day_memory

EVERY_S = 60
_log = logging.getLogger("pingyi.upkeep")


def start(settings: Settings) -> threading.Event:
    """Begin upkeep in a thread of its own; set the event to end it."""
    stopping = threading.Event()
    threading.Thread(target=_keep, args=(settings, stopping), name="upkeep", daemon=True).start()
    return stopping


def _keep(settings: Settings, stopping: threading.Event) -> None:
    day = _today(settings)
    with _one_process(settings, stopping):
        while not stopping.wait(EVERY_S):
            day = turn(settings, day)


def turn(settings: Settings, rewritten_on: date) -> date:
    """One minute's work; returns the day the file was last rewritten on. What fails is said and tried again."""
    today = _today(settings)
    day_memory(settings).roll(today)
    try:
        if not checkpoint():
            _log.warning("the write-ahead log could not be emptied: a reader holds it; trying again in a minute")
        if today != rewritten_on:
            rewrite()
            return today
    except Refusal as error:
        _log.warning("upkeep did not succeed, trying again in a minute: %s", error)
    return rewritten_on


@contextmanager
def _one_process(settings: Settings, stopping: threading.Event) -> Iterator[None]:
    """Several workers may serve one portal; the one that holds the lock keeps it up, the others stand by."""
    with (settings.var / "upkeep.lock").open("w") as lock:
        while not stopping.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stopping.wait(EVERY_S)
        yield


def _today(settings: Settings) -> date:
    return datetime.now(ZoneInfo(settings.timezone)).date()
