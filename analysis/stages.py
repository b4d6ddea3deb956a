"""Where the time of a command goes: stages named in the code, watched only by whoever asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from .messages import say


class Listener(Protocol):
    """Somebody who is told which stage begins."""

    def __call__(self, name: str) -> object:
        """A stage of this name begins."""


@dataclass
class Watch:
    """The stages gone through, in order: name -> (seconds on the wall, CPU seconds of this process)."""

    tell: Listener
    spent: dict[str, tuple[float, float]] = field(default_factory=dict)


WATCH: ContextVar[Watch | None] = ContextVar("WATCH", default=None)


@contextmanager
def stage(zh: str, en: str) -> Iterator[None]:
    """Name a part of the work; costs nothing unless somebody watches."""
    watch = WATCH.get()
    if watch is None:
        yield
        return
    name = say(zh, en)
    watch.tell(name)
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    before = watch.spent.get(name, (0.0, 0.0))
    watch.spent[name] = before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu


@contextmanager
def watching(tell: Listener) -> Iterator[Watch]:
    """Watch the stages of what is done inside."""
    watch = Watch(tell)
    token = WATCH.set(watch)
    try:
        yield watch
    finally:
        WATCH.reset(token)
