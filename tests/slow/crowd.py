"""People who all come at once: each process of the crowd opens the database itself and does one thing in step.

Run in processes of their own (spawned), so that nothing but the file is shared between them.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from survey_app.config import Keys, Settings, load_keys
from survey_app.domain.errors import Refusal
from survey_app.store.database import database, open_database
from tests.factories import Clock, cast

LONGEST_S = 240


@dataclass(frozen=True)
class Load:
    """What one process did in its seconds: ballots stored, refusals met, its longest wait for an answer."""

    stored: int
    refused: tuple[str, ...]
    longest_ms: float


def together(work: Any, settings: Settings, parts: Sequence[Sequence[Any]]) -> list[Any]:
    """Run `work(keys, clock, barrier, *part)` in one process a part, all at the same moment; what each returned."""
    context = get_context("spawn")
    barrier, answers = context.Barrier(len(parts)), context.SimpleQueue()
    place = (str(settings.database), str(settings.keys))
    crowd = [
        context.Process(target=_one, args=(work, *place, barrier, answers, number, part))
        for number, part in enumerate(parts)
    ]
    for process in crowd:
        process.start()
    found = dict(answers.get() for _ in crowd)
    for process in crowd:
        process.join(LONGEST_S)
        assert process.exitcode == 0
    return [found[number] for number in range(len(parts))]


def race(keys: Keys, clock: Clock, barrier: Barrier, tries: Sequence[tuple[str, str]]) -> list[str]:
    """Cast each (code, form nonce) at the same moment as all the others; each answer, a refusal as its code."""
    answers = []
    for code, nonce in tries:
        barrier.wait(LONGEST_S)
        answers.append(_answer(keys, clock, code, nonce))
    return answers


def saturate(keys: Keys, clock: Clock, barrier: Barrier, codes: Sequence[str], seconds: float) -> Load:
    """Cast one ballot after the other without a pause, for so many seconds."""
    stored, refused, longest, fresh = 0, [], 0.0, iter(codes)
    barrier.wait(LONGEST_S)
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        answer = _answer(keys, clock, next(fresh), "")
        longest = max(longest, time.perf_counter() - began)
        stored += not answer.startswith("-")
        refused += [answer] if answer.startswith("-") else []
    return Load(stored, tuple(refused), longest * 1000)


def _answer(keys: Keys, clock: Clock, code: str, nonce: str) -> str:
    try:
        return cast(keys, clock, code, nonce=nonce)
    except Refusal as refusal:
        return f"-{refusal.code}"


def _one(work, path, folder, barrier, answers, number, part) -> None:  # type: ignore[no-untyped-def]
    open_database(Path(path))
    clock = Clock(datetime(2026, 11, 3, 4, tzinfo=UTC))
    answers.put((number, work(load_keys(Path(folder)), clock, barrier, *part)))
    database.close()
