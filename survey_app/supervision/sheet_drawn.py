"""A year's sums drawn: each component as far as its weight reaches, and all of them one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from survey_app.domain.yearend import COMPONENTS, Plan
from survey_app.domain.yearend import shown as decimals
from survey_app.supervision import sheet
from survey_app.web import charts
from survey_app.web.charts import MOST_ROWS, Bar, Part


@dataclass(frozen=True)
class Piece:
    """What a component adds: value × weight of at most its weight, in points; `points` is None without data."""

    component: str
    weight: Fraction
    points: Fraction | None

    @property
    def words(self) -> str:
        """The points with two decimals."""
        return decimals(self.points)

    @property
    def most(self) -> str:
        """The most it can add."""
        return decimals(self.weight)


def pieces(plan: Plan, row: Mapping[str, Any]) -> list[Piece]:
    """The components that have a weight, in their order."""
    values = sheet.values_of(row)
    found = [(name, 100 * weight, values[name]) for name in COMPONENTS if (weight := plan.weights[name])]
    return [Piece(name, most, None if value is None else most * value / 100) for name, most, value in found]


def parts(plan: Plan, row: Mapping[str, Any]) -> list[Bar]:
    """A bar a component of one unit: the whole width is the heaviest weight."""
    found = pieces(plan, row)
    heaviest = max((one.weight for one in found), default=Fraction(0))
    return [
        charts.overlaid(one, (("planned", one.weight), ("used", one.points or Fraction(0))), heaviest) for one in found
    ]


def sums(plan: Plan, units: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Bar]:
    """A bar a unit of a class, from 0 to 100, each component behind the one before; none where there are too many."""
    return [] if len(units) > MOST_ROWS else [_sum(plan, unit, row) for unit, row in units]


def _sum(plan: Plan, unit: str, row: Mapping[str, Any]) -> Bar:
    figures = [("odd", one.points or Fraction(0)) for one in pieces(plan, row)]
    bar = charts.stacked((unit, row), figures, 100, ground="planned")
    return replace(bar, parts=tuple(_told_apart(bar.parts)))


def _told_apart(parts: Sequence[Part]) -> Iterator[Part]:
    """Every second piece that is drawn is light; which component it is says its number."""
    for at, part in enumerate(parts):
        yield replace(part, kind="even") if part.number and at % 2 == 0 else part


def numbered(plan: Plan) -> list[tuple[int, str]]:
    """The numbers that stand in the bars, and their components' words."""
    names = [name for name in COMPONENTS if plan.weights[name]]
    return [(number, COMPONENTS[name]) for number, name in enumerate(names, 1)]
