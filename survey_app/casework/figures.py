"""Figures of a month for the office: by unit, by kind, by both; and the same as rows of a CSV file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from survey_app.casework.rules import FILE, clocks_of
from survey_app.config import Settings
from survey_app.domain.cases import figures
from survey_app.domain.cases.figures import NO_UNIT, OTHERS, Figures, Handled
from survey_app.domain.cases.kinds import KIND_WORDS
from survey_app.domain.errors import N_
from survey_app.domain.scale import LEVELS
from survey_app.domain.workdays import add_months
from survey_app.store.case_histories import Closed, closed_between, histories

Stamp = tuple[int, ...]
COLUMNS = (
    N_("月份"),
    N_("单位"),
    N_("类别"),
    N_("办结"),
    N_("按时"),
    N_("按时率（百分数）"),
    N_("办理工作日（中位数）"),
    N_("重办"),
    N_("满意"),
    N_("不满意"),
    N_("没有回音"),
)


@dataclass(frozen=True)
class Line:
    """One line of a table; empty `unit` or `kind`: all of them."""

    unit: str
    kind: str
    figures: Figures


def handled_in(month: str, settings: Settings) -> list[Handled]:
    """Every case closed in a month (2026-11) of the district. Raises YearUnknown."""
    first = date.fromisoformat(f"{month}-01")
    return handled_between(first, add_months(first, 1), settings)


def handled_between(first: date, until: date, settings: Settings) -> list[Handled]:
    """The same from `first` to the day before `until`. Raises YearUnknown."""
    closed, known = closed_between(first, until), _known(settings.database, _stamp(settings))
    unread = [one for one in closed if one not in known]
    if unread:
        clocks = clocks_of(settings)
        known.update((one, figures.handled(one.kind, events, clocks)) for one, events in histories(unread))
    return [known[one] for one in closed]


@lru_cache(maxsize=2)
def _known(_database: Path, _stamp: Stamp) -> dict[Closed, Handled]:
    """What was read: a closed case changes with its version alone. 20,000 of them, a year's, take 5 s to read."""
    return {}


def _stamp(settings: Settings) -> Stamp:
    files = (settings.holidays, settings.pages / FILE)
    return tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)


def lines(cases: list[Handled]) -> list[Line]:
    """All together, by kind, by unit, and by unit and kind."""
    if not cases:
        return []
    return [
        Line("", "", figures.figures(cases)),
        *_lines(cases, lambda case: ("", case.kind)),
        *_lines(cases, lambda case: (case.unit, "")),
        *_lines(cases, lambda case: (case.unit, case.kind)),
    ]


def _lines(cases: list[Handled], name: Callable[[Handled], tuple[str, str]]) -> Iterator[Line]:
    groups = figures.by(lambda case: "/".join(name(case)), cases)
    for key, members in groups.items():
        unit, _slash, kind = key.partition("/")
        yield Line(unit, kind, figures.figures(members))


def as_cells(month: str, line: Line, title: Callable[[str], str], say: Callable[[str], str]) -> list[str]:
    """A line as cells under COLUMNS, in words."""
    found = line.figures
    unit = (
        say(N_("主管办公室直接办")) if line.unit == NO_UNIT else title(line.unit) if line.unit else say(N_("全部单位"))
    )
    kind = say(KIND_WORDS[line.kind]) if line.kind else say(N_("全部类别"))
    counts = (found.reopened, found.satisfied, found.unsatisfied, found.silent)
    rates = (decimal(found.on_time_pct), decimal(found.days) if found.days is not None else "")
    return [month, unit, kind, str(found.closed), str(found.on_time), *rates, *map(str, counts)]


def decimal(value: Fraction) -> str:
    """One decimal, a half rounded up: 66.7, 3.5, 4.0."""
    tenths = (value * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"


def public_rows(
    cases: list[Handled], min_n: int, title: Callable[[str], str]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows by unit and by kind for the public page, none of them of fewer than `min_n` cases (see figures.pooled)."""
    by_unit = figures.pooled(figures.by(lambda case: case.unit, cases), min_n)
    by_kind = figures.pooled(figures.by(lambda case: case.kind, cases), min_n)
    return _public(by_unit, title), _public(by_kind, lambda kind: KIND_WORDS[kind])


def public_exclusions(cases: list[Handled]) -> list[dict[str, object]]:
    """How many ratings were ruled out, by level, for the whole district: no unit, no date, no person."""
    return [{"level": LEVELS[level], "ruled_out": count} for level, count in figures.ruled_out(cases).items()]


def _public(groups: dict[str, list[Handled]], title: Callable[[str], str]) -> list[dict[str, object]]:
    named = {OTHERS: "其余合计", NO_UNIT: "主管办公室直接办"}
    return [
        {
            "name": named.get(code) or title(code),
            **({} if code in named else {"code": code}),
            **_public_figures(figures.figures(cases)),
        }
        for code, cases in groups.items()
    ]


def _public_figures(found: Figures) -> dict[str, object]:
    days = {"days": decimal(found.days)} if found.days is not None else {}
    counts = {key: getattr(found, key) for key in ("reopened", "satisfied", "unsatisfied", "silent")}
    return {
        "closed": found.closed,
        "on_time": found.on_time,
        "on_time_pct": decimal(found.on_time_pct),
        **days,
        **counts,
    }
