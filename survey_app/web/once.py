"""What one process has written down within a span of time, so that nobody floods the log with the same."""

from datetime import datetime


class Once:
    """`hour`: what was noted is remembered within the hour, else within the minute; nothing older is."""

    def __init__(self, *, hour: bool = False) -> None:
        self._hour = hour
        self._span: datetime | None = None
        self._known: set[tuple[str, ...]] = set()

    def is_new(self, *one: str, at: datetime) -> bool:
        """Whether it has not been noted within this span; from now on it is."""
        span = at.replace(minute=0 if self._hour else at.minute, second=0, microsecond=0)
        if span != self._span:
            self._span, self._known = span, set()
        new = one not in self._known
        self._known.add(one)
        return new

    def forget(self, *one: str) -> None:
        """It could not be written down: the next time it is new again."""
        self._known.discard(one)
