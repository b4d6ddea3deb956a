"""A year's sheet: a row a unit with every component beside the sum, as data that can be kept, compared and written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from survey_app.config import Settings
from survey_app.domain import yearend
from survey_app.domain.errors import N_, fill
from survey_app.domain.yearend import COMPONENTS, Part, Plan
from survey_app.publishing.book import Book
from survey_app.publishing.words import CLASSES
from survey_app.supervision import components

NO_DATA = N_("没有数据")
Say = Callable[[str], str]
Rows = Mapping[str, Any]


@dataclass(frozen=True)
class Changed:
    """A figure that two versions of a sheet do not agree on; `component` is empty for the sum."""

    unit: str
    component: str
    before: str
    after: str


def rows(year: int, plan: Plan, book: Book, settings: Settings, say: Say) -> dict[str, Any]:
    """unit -> class, values (exact, as text), where they come from, sum and share. Raises YearUnknown."""
    parts = components.parts_of(year, plan, book, settings, say)
    classes = {page.unit: str(page.data["class"]) for page in book.live_units}
    return {
        unit: _row(plan, code, _of_unit(parts, unit, say))
        for unit, code in classes.items()
        if plan.takes_part(unit, code)
    }


def who(plan: Plan, title: Callable[[str], str], say: Say) -> str:
    """Which units take part, in words."""
    if plan.way == yearend.EVERYBODY:
        return say(yearend.WAYS[yearend.EVERYBODY])
    of_class = plan.way == yearend.CLASSES
    return "、".join(say(CLASSES[one]) if of_class else title(one) for one in plan.chosen)


def _of_unit(parts: Mapping[str, components.Values], unit: str, say: Say) -> dict[str, Part]:
    return {name: parts[name].get(unit, Part(None, say(NO_DATA))) for name in COMPONENTS}


def _row(plan: Plan, class_code: str, parts: Mapping[str, Part]) -> dict[str, Any]:
    found = yearend.summed(plan, parts)
    return {
        "class": class_code,
        "values": {name: None if part.value is None else str(part.value) for name, part in parts.items()},
        "told": {name: part.told for name, part in parts.items()},
        "total": None if found.total is None else str(found.total),
        "share": str(found.share),
        "missing": list(found.missing),
    }


def shown(exact: str | None) -> str:
    """An exact figure with two decimals."""
    return yearend.shown(None if exact is None else Fraction(exact))


def by_class(rows_: Rows, title: Callable[[str], str]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Class and its units by name: sums of different classes are not compared, and none is ranked."""
    found = []
    for code, words in CLASSES.items():
        units = [(unit, row) for unit, row in rows_.items() if row["class"] == code]
        if units:
            found.append((words, sorted(units, key=lambda pair: title(pair[0]).encode("gb18030"))))
    return found


def working(plan: Plan, row: Mapping[str, Any], say: Say) -> Iterator[str]:
    """The sum in words, one line a component that enters it, then the sum."""
    terms = []
    for name, weight in plan.weights.items():
        if weight and row["values"][name] is not None:
            terms.append(f"{shown(row['values'][name])}×{yearend.shown(100 * weight)}%")
    share = Fraction(row["share"])
    if row["total"] is None:
        yield say(N_("缺的项目按办法不合计。"))
        yield _bounds(plan, row, say)
        return
    line = " + ".join(terms)
    yield (
        f"{line} = {shown(row['total'])}"
        if share == 1
        else f"({line}) ÷ {yearend.shown(100 * share)}% = {shown(row['total'])}"
    )
    if share != 1:
        yield fill(N_("有数据的项目占权重的%(share)s%%。"), {"share": yearend.shown(100 * share)}, say)
        yield _bounds(plan, row, say)


def _bounds(plan: Plan, row: Mapping[str, Any], say: Say) -> str:
    low, high = yearend.bounds(plan, values_of(row))
    told = {"low": yearend.shown(low), "high": yearend.shown(high)}
    return fill(N_("缺的全按0分算是%(low)s，全按100分算是%(high)s。"), told, say)


def values_of(row: Mapping[str, Any]) -> dict[str, Fraction | None]:
    """The exact values of a row's components."""
    return {name: None if text is None else Fraction(text) for name, text in row["values"].items()}


def differences(before: Rows, after: Rows) -> list[Changed]:
    """Every figure that is another now, as two decimals show it or exactly."""
    found = []
    for unit in sorted({*before, *after}):
        one, other = before.get(unit), after.get(unit)
        for name in ("", *COMPONENTS):
            was, now = _figure(one, name), _figure(other, name)
            if was != now:
                found.append(Changed(unit, name, shown(was), shown(now)))
    return found


def _figure(row: Mapping[str, Any] | None, name: str) -> str | None:
    if row is None:
        return None
    found: str | None = row["values"].get(name) if name else row["total"]
    return found
