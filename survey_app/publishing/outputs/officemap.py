"""Where the offices are: a drawn map without tiles, and the same places as a list."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from survey_app.publishing.book import Book
from survey_app.publishing.outputs.flow import width_of
from survey_app.publishing.pages import Page

WIDE, HIGH = 400, 380  # the viewBox; coordinates in the pages are per cent of it
NEAR = 2.5  # per cent: offices closer together than this stand in one place
MARK = 11  # radius of a place's number
SIGN = 12  # width and height of a sign of a name
Frame = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Place:
    """One number on the map and the offices that stand there."""

    number: int
    x: float
    y: float
    units: list[Page] = field(default_factory=list)


@dataclass(frozen=True)
class OfficeMap:
    """The drawing, the places on it in the order of their numbers, and the units that have none."""

    svg: str
    places: list[Place]
    elsewhere: list[Page]


def office_map(book: Book) -> OfficeMap:
    """Everything the page 机构分布图 shows."""
    units = book.live_units
    places = _places([unit for unit in units if unit.data.get("map")])
    elsewhere = [unit for unit in units if not unit.data.get("map")]
    return OfficeMap(_drawing(book.home.get("map", {}), places), places, elsewhere)


def _places(units: Sequence[Page]) -> list[Place]:
    """From north to south, then from west to east."""
    found: list[Place] = []
    for unit in sorted(units, key=lambda unit: (unit.data["map"]["y"], unit.data["map"]["x"], unit.path)):
        at = unit.data["map"]
        here = next((place for place in found if _near(place, at)), None)
        if here is None:
            here = Place(len(found) + 1, at["x"], at["y"])
            found.append(here)
        here.units.append(unit)
    return found


def _near(place: Place, at: dict[str, Any]) -> bool:
    return bool(abs(place.x - at["x"]) <= NEAR and abs(place.y - at["y"]) <= NEAR)


def _drawing(drawn: dict[str, Any], places: Sequence[Place]) -> str:
    roads, landmarks = drawn.get("roads", []), drawn.get("landmarks", [])
    taken = [_around(*_at(place.x, place.y), 2 * MARK, 2 * MARK) for place in places]
    taken += [_around(*_at(mark["x"], mark["y"]), 10, 10) for mark in landmarks]
    names = [*(_beside(mark, taken) for mark in landmarks), *(_along(road, taken) for road in roads)]
    parts = [_road(road, kind) for kind in ("edge", "road") for road in roads]
    parts += [*map(_landmark, landmarks), *names, *map(_mark, places)]
    return (
        f'<svg class="p-map" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="map-title map-desc" '
        f'viewBox="0 0 {WIDE} {HIGH}"><title id="map-title">机构分布图</title>'
        f'<desc id="map-desc">图上有{len(places)}处办公地点，编号与旁边的列表一致；上北下南。</desc>'
        f'<rect class="ground" width="{WIDE}" height="{HIGH}"/>{"".join(parts)}</svg>'
    )


def _at(x: float, y: float) -> tuple[float, float]:
    return x * WIDE / 100, y * HIGH / 100


def _around(x: float, y: float, width: float, height: float) -> Frame:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _overlap(one: Frame, other: Frame) -> float:
    """How much two frames cover each other; what hangs over the edge of the map counts, too."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(frame: Frame) -> float:
    return max(0.0, -frame[0], -frame[1], frame[2] - WIDE, frame[3] - HIGH) * 100


def _freest(choices: Sequence[Frame], taken: list[Frame]) -> Frame:
    """The first of the places that covers least of what is drawn already; it is taken from now on."""
    best = min(choices, key=lambda one: round(sum(_overlap(one, other) for other in taken) + _outside(one), 3))
    taken.append(best)
    return best


def _road(road: dict[str, Any], kind: str) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in (_at(*point) for point in road["points"]))
    return f'<polyline class="{kind}" points="{points}"/>'


def _along(road: dict[str, Any], taken: list[Frame]) -> str:
    """A road's name somewhere on it; its signs stand below each other where it runs north."""
    name, choices = road["name"], []
    for start, end in pairwise(_at(*point) for point in road["points"]):
        wide, high = width_of(name) * SIGN, SIGN
        if abs(end[0] - start[0]) < abs(end[1] - start[1]):
            wide, high = SIGN, len(name) * SIGN
        for share in (0.5, 0.3, 0.7, 0.15, 0.85):
            x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            choices.append(_around(x, y, wide, high))
    left, top, right, bottom = _freest(choices, taken)
    x = (left + right) / 2
    if bottom - top <= SIGN + 0.1:
        return f'<text class="way" x="{x:g}" y="{bottom - 2:g}">{html.escape(name, quote=False)}</text>'
    signs = "".join(
        f'<tspan x="{x:g}" y="{top + SIGN * (at + 1) - 2:g}">{html.escape(sign, quote=False)}</tspan>'
        for at, sign in enumerate(name)
    )
    return f'<text class="way">{signs}</text>'


def _landmark(mark: dict[str, Any]) -> str:
    x, y = _at(mark["x"], mark["y"])
    return f'<path class="mark" d="M{x:g} {y - 5:g}l5 5l-5 5l-5 -5z"/>'


def _beside(mark: dict[str, Any], taken: list[Frame]) -> str:
    """A landmark's name below, above or beside its sign, wherever there is room."""
    x, y = _at(mark["x"], mark["y"])
    wide = width_of(mark["name"]) * SIGN
    choices = [(x, y + 14), (x, y - 14), (x + wide / 2 + 8, y), (x - wide / 2 - 8, y)]
    left, _top, right, bottom = _freest([_around(*at, wide, SIGN) for at in choices], taken)
    name = html.escape(mark["name"], quote=False)
    return f'<text class="name" x="{(left + right) / 2:g}" y="{bottom - 2:g}">{name}</text>'


def _mark(place: Place) -> str:
    x, y = _at(place.x, place.y)
    return (
        f'<circle class="place" cx="{x:g}" cy="{y:g}" r="{MARK}"/>'
        f'<text class="number" x="{x:g}" y="{y + 4.5:g}">{place.number}</text>'
    )
