"""What was built, when, and how it went: var/builds.json, written by whoever holds the jobs' lock, read by all."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.files import write_atomically

KEPT_RUNS = 100
PUBLISH, SEARCH, NIGHTLY, CASES, PREPARE = "publish", "search", "nightly", "cases", "prepare"
OK, NOTHING_NEW, HELD, FAILED, INTERRUPTED = "ok", "nothing", "held", "failed", "interrupted"
_lock = threading.Lock()


@dataclass(frozen=True)
class Run:
    """One job. Times are UTC in ISO format; `ended` is empty while it runs.

    `held` names the pages that failed their checks and stay as the public knows them, and what is wrong, in Chinese.
    """

    number: int
    kind: str
    started: str
    ended: str = ""
    pages: int = 0
    seconds: float = 0.0
    outcome: str = ""
    reason: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether someone has to look at it."""
        return self.outcome in (FAILED, HELD)


@dataclass(frozen=True)
class State:
    """All runs that are still known, oldest first."""

    runs: list[Run]

    @property
    def begun(self) -> int:
        """Number of the last run that began; 0 before the first."""
        return self.runs[-1].number if self.runs else 0

    def last(self, kind: str) -> Run | None:
        """The last run of this kind that ended."""
        return next((run for run in reversed(self.runs) if run.kind == kind and run.ended), None)

    def first_after(self, number: int, kinds: tuple[str, ...]) -> Run | None:
        """The first run of these kinds that began after this one and ended by itself."""
        ended = (run for run in self.runs if run.ended and run.outcome != INTERRUPTED)
        return next((run for run in ended if run.number > number and run.kind in kinds), None)


def state(settings: Settings) -> State:
    """The last builds and failures, for the office's page."""
    try:
        rows = json.loads(_file(settings).read_bytes())
    except (FileNotFoundError, ValueError):
        rows = []
    return State([Run(**row) for row in rows])


def begin(settings: Settings, kind: str, now: datetime) -> Run:
    """Note that a job begins."""
    with _lock:
        runs = state(settings).runs
        run = Run(runs[-1].number + 1 if runs else 1, kind, _instant(now))
        _write(settings, [*runs, run])
    return run


def end(settings: Settings, run: Run) -> None:
    """Note how it went; `run` holds its end."""
    with _lock:
        _write(settings, [run if other.number == run.number else other for other in state(settings).runs])


def mark_interrupted(settings: Settings, now: datetime) -> int:
    """At start: whatever has not ended was killed. Returns how many."""
    with _lock:
        runs = state(settings).runs
        open_ = [run for run in runs if not run.ended]
        if open_:
            _write(settings, [ended(run, now, outcome=INTERRUPTED) if run in open_ else run for run in runs])
    return len(open_)


def ended(run: Run, now: datetime, **found: Any) -> Run:
    """The run as it is at its end."""
    return replace(run, ended=_instant(now), **found)


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds")


def _file(settings: Settings) -> Path:
    return settings.var / "builds.json"


def _write(settings: Settings, runs: list[Run]) -> None:
    kept = [asdict(run) for run in runs[-KEPT_RUNS:]]
    write_atomically(_file(settings), json.dumps(kept, ensure_ascii=False, indent=1).encode())
