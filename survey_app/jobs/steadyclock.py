"""Whether the machine's clock can be believed: nobody is reported late because a clock was set wrong.

Compared with the time since the machine started, which nobody can set. After a jump nothing is done by itself until the
clock is back where it was, or has run for a day without another jump: then it was put right, not wrong.
"""

import time
from datetime import datetime

JUMP_S, WAIT_S = 600, 86_400
SETTLE_S = 900  # a clock that was wrong at the start can be put right before anything final is done by it


class SteadyClock:
    """Of one process; what it sees first it takes for right."""

    def __init__(self) -> None:
        self._offset: float | None = None
        self._doubt: tuple[float, float] | None = None  # the offset after a jump, and when it was first seen
        self._since: float | None = None  # when it was first asked

    def settled(self, now: datetime, running_s: float) -> bool:
        """Whether it may end something for good: trusted, and watched for a quarter of an hour."""
        self._since = running_s if self._since is None else self._since
        return self.trusts(now, running_s) and running_s - self._since >= SETTLE_S

    def trusts(self, now: datetime, running_s: float) -> bool:
        """`running_s`: seconds since the machine started (see `running`)."""
        offset = now.timestamp() - running_s
        if self._offset is None or abs(offset - self._offset) <= JUMP_S:
            self._offset, self._doubt = offset, None
            return True
        if self._doubt is None or abs(offset - self._doubt[0]) > JUMP_S:
            self._doubt = (offset, running_s)
        if running_s - self._doubt[1] < WAIT_S:
            return False
        self._offset, self._doubt = offset, None
        return True


def running() -> float:
    """Seconds since the machine started, with those it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
