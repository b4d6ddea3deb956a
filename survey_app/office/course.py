"""A unit's course over the months: points of a small picture, gaps where too few rated."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.exports.releases import Row

WIDTH, HEIGHT, EDGE = 600, 160, 10


@dataclass(frozen=True)
class Point:
    """A month's favourable rate in per cent and where it lies in the picture; None where it is not shown."""

    month: str
    row: Row | None
    pct: float | None
    x: int
    y: int


@dataclass(frozen=True)
class Course:
    """All months, and the lines between neighbours that are both shown: a gap is never drawn over."""

    points: tuple[Point, ...]
    lines: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


def course_of(months: Sequence[tuple[str, Row | None]]) -> Course:
    """From (month, its row of everyday ratings or None), oldest first."""
    step = (WIDTH - 2 * EDGE) / max(1, len(months) - 1)
    points = tuple(_point(month, row, round(EDGE + number * step)) for number, (month, row) in enumerate(months))
    return Course(points, tuple(_lines(points)))


def _point(month: str, row: Row | None, x: int) -> Point:
    pct = row["favourable_pct"] if row else None
    y = HEIGHT - EDGE - round((pct or 0) * (HEIGHT - 2 * EDGE) / 100)
    return Point(month, row, pct, x, y)


def _lines(points: tuple[Point, ...]) -> list[str]:
    """Runs of shown points, each as the `points` of a polyline."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.pct is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [" ".join(f"{point.x},{point.y}" for point in run) for run in runs if len(run) > 1]
