"""Charts of the work side as geometry: from rows to places, drawn by templates/staff/charts.html as SVG. No script.

Every place is a per cent of the drawing, computed exactly and rounded once: the letters keep the size of the page, so
nothing shrinks on a phone, in elderly mode or on paper. What a chart shows stands in a table or in words beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Number = int | float | Fraction
MOST_ROWS, WORST = 30, 10  # of bars on a page; how many are drawn where there are more
LEFT, RIGHT, TOP, BOTTOM = 15, 95, 12, 82  # where the points of a trend lie: letters stand around them
FROM, TO, FILLED = 7, 100, Fraction(4, 5)  # where columns stand, and how much of its place a group takes
FEW, MANY, SAID = 4, 12, 6  # labels under the axis on a phone and at a desk; points that all have their figure


@dataclass(frozen=True)
class Part:
    """A piece of a bar: what it is, and where, in per cent. `number` counts pieces that lie beside one another."""

    kind: str
    x: str
    width: str
    middle: str = ""
    number: int = 0


@dataclass(frozen=True)
class Bar:
    """The row it was made of, and its pieces, those behind first."""

    row: Any
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Point:
    """A figure of a trend. `text` is the figure as its table has it; None is a gap.

    `mark` is the shape: above, below, open or empty. `joined=False`: not to be compared with the one before.
    """

    label: str
    value: Number | None
    text: str = ""
    low: Number | None = None
    high: Number | None = None
    mark: str = ""
    joined: bool = True


@dataclass(frozen=True)
class Axis:
    """What lies at the foot and at the head, and where lines are ruled."""

    low: Number
    high: Number
    ticks: tuple[int, ...]


@dataclass(frozen=True)
class Dot:
    """A point where it lies; `said`: with its figure beside it."""

    point: Point
    x: str
    y: str
    low: str = ""
    high: str = ""
    said: bool = False


@dataclass(frozen=True)
class Line:
    """One figure over time: its name, its dots, and strokes (x1, y1, x2, y2) between neighbours; no gap is crossed."""

    name: str
    number: int
    dots: tuple[Dot, ...]
    strokes: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Label:
    """Words under the axis; `wide`: only where there is room."""

    text: str
    x: str
    wide: bool


@dataclass(frozen=True)
class Trend:
    """One to three lines over the same days; `breaks` are places where nothing may be compared across."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, str], ...]
    labels: tuple[Label, ...]
    breaks: tuple[str, ...]
    cut: bool


@dataclass(frozen=True)
class Column:
    """A count as a column: of which line it is, and where it stands; `middle` is the middle of its foot."""

    number: int
    point: Point
    x: str
    y: str
    width: str
    height: str
    middle: str


@dataclass(frozen=True)
class Columns:
    """Counts of one to three kinds beside one another, a group a label; equal counts do not hide one another."""

    names: tuple[str, ...]
    groups: tuple[tuple[Column, ...], ...]
    ticks: tuple[tuple[int, str], ...]
    labels: tuple[Label, ...]


PER_CENT = Axis(0, 100, (0, 50, 100))


def overlaid(row: Any, figures: Sequence[tuple[str, Number]], whole: Number) -> Bar:
    """Pieces that all begin at the edge, such as used of issued of planned; what is zero is not drawn."""
    parts = (Part(kind, "0", share(figure, whole)) for kind, figure in figures if figure and whole)
    return Bar(row, tuple(parts))


def stacked(row: Any, figures: Sequence[tuple[str, Number]], whole: Number, ground: str = "") -> Bar:
    """Pieces one after the other; a piece of zero has no width and still counts: numbers stay in their order.

    `ground`: what lies behind them over the whole width.
    """
    parts, at = [Part(ground, "0", "100")] if ground else [], Fraction(0)
    for number, (kind, figure) in enumerate(figures, 1):
        if exact(figure) and whole:
            middle = share(at + exact(figure) / 2, whole)
            parts.append(Part(kind, share(at, whole), share(figure, whole), middle, number))
        at += exact(figure)
    return Bar(row, tuple(parts))


def levels(counts: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """(level, count, width in whole per cents, at least 1) of the five levels, best first; 不了解 is left out."""
    given = [(level, counts[level]) for level in sorted(counts, reverse=True) if level and counts[level]]
    whole = sum(count for _level, count in given)
    return [(level, count, max(1, (200 * count + whole) // (2 * whole))) for level, count in given]


def worst(rows: Sequence[Any], key: Callable[[Any], Any]) -> list[Any]:
    """All rows in their order; of more than MOST_ROWS the WORST by `key`, the smallest first."""
    return list(rows) if len(rows) <= MOST_ROWS else sorted(rows, key=key)[:WORST]


def trend(lines: Mapping[str, Sequence[Point]], axis: Axis) -> Trend | None:
    """Lines by name, oldest point first, all over the same labels; None where no line has two figures."""
    if max((sum(point.value is not None for point in points) for points in lines.values()), default=0) < 2:
        return None
    first = next(iter(lines.values()))
    return Trend(
        tuple(_line(name, number, points, axis) for number, (name, points) in enumerate(lines.items(), 1)),
        tuple((tick, _height(tick, axis)) for tick in axis.ticks),
        tuple(_labels([point.label for point in first], _place)),
        tuple(_between(number, len(first)) for number, point in enumerate(first) if number and not point.joined),
        axis.low > 0,
    )


def columns(lines: Mapping[str, Sequence[Point]]) -> Columns | None:
    """Counts by name, all over the same labels; None where every count is zero."""
    if not any(point.value for points in lines.values() for point in points):
        return None
    axis, grouped = counting(lines.values()), list(zip(*lines.values(), strict=True))
    return Columns(
        tuple(lines),
        tuple(tuple(_group(at, len(grouped), points, axis)) for at, points in enumerate(grouped)),
        tuple((tick, _height(tick, axis)) for tick in axis.ticks),
        tuple(_labels([points[0].label for points in grouped], _slot_middle)),
    )


def counting(lines: Iterable[Sequence[Point]]) -> Axis:
    """An axis for counts: from zero to the next of 2, 4, 10, 20, 40, 100 …, so that its middle is a whole number."""
    most = max((point.value for points in lines for point in points if point.value is not None), default=0)
    top, steps = 2, (2, Fraction(5, 2), 2)
    for turn in range(30):
        if top >= most:
            break
        top = int(top * steps[turn % 3])
    return Axis(0, top, (0, top // 2, top))


def scoring(points: Iterable[Point]) -> Axis:
    """An axis for scores: from 60, or from 0 where a score or its interval goes below (look.md, 6)."""
    drawn = [(point.low, point.value) for point in points if point.value is not None]
    least = min((low if low is not None else value for low, value in drawn), default=0)
    return Axis(0, 100, (0, 20, 40, 60, 80, 100)) if least < 60 else Axis(60, 100, (60, 70, 80, 90, 100))


def exact(figure: Number) -> Fraction:
    """A float as the decimal that is read, not as the machine holds it."""
    return Fraction(str(figure)) if isinstance(figure, float) else Fraction(figure)


def share(figure: Number, whole: Number) -> str:
    """100 · figure ÷ whole with at most two decimals, a half rounded up: 5 of 12 is 41.67."""
    return _written(100 * exact(figure) / exact(whole))


def _written(value: Fraction) -> str:
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")


def _line(name: str, number: int, points: Sequence[Point], axis: Axis) -> Line:
    shown = {at for at, point in enumerate(points) if point.value is not None}
    said = shown if len(points) <= SAID else {min(shown, default=0), max(shown, default=0)}
    dots = {at: _dot(points[at], _place(at, len(points)), axis, at in said) for at in sorted(shown)}
    joined = [(dots[at - 1], dots[at]) for at in sorted(shown) if at - 1 in shown and points[at].joined]
    return Line(name, number, tuple(dots.values()), tuple((one.x, one.y, two.x, two.y) for one, two in joined))


def _dot(point: Point, x: str, axis: Axis, said: bool) -> Dot:
    low, high = ("" if value is None else _height(value, axis) for value in (point.low, point.high))
    return Dot(point, x, _height(point.value or 0, axis), low, high, said)


def _height(value: Number, axis: Axis) -> str:
    return _written(BOTTOM - _up(value, axis))


def _up(value: Number, axis: Axis) -> Fraction:
    """How far above the foot, in per cent of the drawing."""
    return (exact(value) - exact(axis.low)) / (exact(axis.high) - exact(axis.low)) * (BOTTOM - TOP)


def _place(at: int, count: int) -> str:
    return _written(Fraction(LEFT) + Fraction(at * (RIGHT - LEFT), max(1, count - 1)))


def _between(at: int, count: int) -> str:
    return _written(Fraction(LEFT) + Fraction((2 * at - 1) * (RIGHT - LEFT), 2 * max(1, count - 1)))


def _group(at: int, count: int, points: Sequence[Point], axis: Axis) -> Iterable[Column]:
    """The columns of one label, side by side in the middle of its place; a zero has no column."""
    slot = Fraction(TO - FROM, count)
    width, begin = slot * FILLED / len(points), FROM + slot * at + slot * (1 - FILLED) / 2
    for number, point in enumerate(points, 1):
        if point.value:
            x, top = begin + width * (number - 1), _up(point.value, axis)
            places = (x, BOTTOM - top, width, top, x + width / 2)
            yield Column(number, point, *(_written(place) for place in places))


def _slot_middle(at: int, count: int) -> str:
    return _written(FROM + Fraction((2 * at + 1) * (TO - FROM), 2 * count))


def _labels(texts: Sequence[str], place: Callable[[int, int], str]) -> Iterable[Label]:
    """Labels at even steps back from the last: at most MANY, and at most FEW of them where there is little room."""
    last = len(texts) - 1
    step = max(1, -(-last // (MANY - 1)))
    rare = step * max(1, -(-last // (step * (FEW - 1))))
    for at in range(len(texts)):
        if (last - at) % step == 0:
            yield Label(texts[at], place(at, len(texts)), (last - at) % rare != 0)
