"""Rows of rules.csv: every rule for every unit, exact on released counts. A rule prompts a review, no more."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from .comparison import by_class
from .disclosure import Cell
from .earlier import Counted, Earlier, comparable
from .intervals import wilson, z_of
from .method import Method
from .ranks import BELOW, Place
from .results import UnitResult
from .rows import Row
from .rulefile import LAST, Rule

FIRES, NO = "fires", "no"


def rule_rows(now: Counted, previous: Sequence[Earlier], places: Mapping[str, Place]) -> list[Row]:
    """Rules in the method's order within each unit; one row for each round that a rule looks at."""
    judge: Callable[[Rule], list[Row]]
    rows: list[Row] = []
    for rule in now.method.rules:
        judge = (lambda r: _last(r, now, places)) if rule.kind == LAST else (lambda r: _share(r, now, previous))
        rows += judge(rule)
    return sorted(rows, key=lambda row: row["unit"])


def _share(rule: Rule, now: Counted, previous: Sequence[Earlier]) -> list[Row]:
    rounds = _rounds(rule, now, previous)
    rows = []
    for result in now.results:
        found = [_judge(rule, counted, result.unit.slug, same) for counted, same in rounds]
        found[-1]["verdict"] = _together(rule, [row["verdict"] for row in found], rounds)
        rows += found
    return rows


def _rounds(rule: Rule, now: Counted, previous: Sequence[Earlier]) -> list[tuple[Counted, bool]]:
    """The run of rounds that a rule looks at, this one last; and whether they are comparable with it.

    Consecutive closed rounds of the same instrument, back until `years` years are covered or one is missing; rounds of
    one and the same year do not make two, so that two half-years count as one.
    """
    run: list[Counted] = [now]
    for earlier in reversed([e for e in previous if e.facts.instrument == now.facts.instrument]):
        if _covered(run) >= rule.years or _year(run[-1]) - _year(earlier) > 1:
            break
        run.append(earlier)
    return [(counted, comparable(now, counted)) for counted in reversed(run)]


def _year(counted: Counted) -> int:
    return counted.facts.closes_on.year


def _covered(run: Sequence[Counted]) -> int:
    """How many years a run without gaps covers, this round's first."""
    return _year(run[0]) - _year(run[-1]) + 1


def _judge(rule: Rule, counted: Counted, slug: str, same: bool) -> Row:
    """One round by itself."""
    row: Row = {
        "unit": slug,
        "rule": rule.id,
        "round": counted.facts.code,
        "op": rule.op,
        "threshold": rule.value,
        "years": rule.years,
    }
    if not same:
        return row | {"verdict": "incomparable"}
    result = counted.by_slug().get(slug)
    cells = _cells(rule, result, counted.method) if result else []
    count, over = _sum(cells, rule.left), _sum(cells, rule.over)
    return row | {"count": count, "over": over} | _verdict(rule, count, over, counted.method)


def _verdict(rule: Rule, count: int, over: int, method: Method) -> Row:
    if over == 0:
        return {"verdict": "no_valid"}
    share = Fraction(count, over)
    row: Row = {"share_exact": share, "share_pct": 100 * share}
    if share <= 1:
        row["low"], row["high"] = (100 * bound for bound in wilson(float(share), over, z_of(method.confidence)))
    if over < rule.min_n:
        return row | {"verdict": "insufficient_n"}
    return row | {"verdict": FIRES if rule.fires(count, over) else NO}


def _cells(rule: Rule, result: UnitResult, method: Method) -> list[Cell]:
    return [
        cell
        for (g, d), cell in result.released.cells.items()
        if method.dimensions[d].code == rule.dimension and rule.group in ("", method.groups[g].code)
    ]


def _sum(cells: Sequence[Cell], columns: Sequence[str]) -> int:
    return sum(_counted(cell, column) for cell in cells for column in columns)


def _counted(cell: Cell, column: str) -> int:
    return cell.levels[int(column[-1]) - 1] if column.startswith("level_") else int(getattr(cell, column))


def _together(rule: Rule, verdicts: Sequence[str], rounds: Sequence[tuple[Counted, bool]]) -> str:
    """What the whole run says: it fires only where every round of it does and no year is missing."""
    if verdicts[-1] != FIRES:
        return verdicts[-1]
    whole = _covered([counted for counted, _ in reversed(rounds)]) >= rule.years
    return next((verdict for verdict in verdicts if verdict != FIRES), FIRES if whole else "missing_year")


def _last(rule: Rule, now: Counted, places: Mapping[str, Place]) -> list[Row]:
    """The bottom of each class: only a unit that may be last and is below the average of the others."""
    rows: list[Row] = []
    for units in by_class(now.results, now.method).values():
        slugs = [u.unit.slug for u in units if u.released.n >= rule.min_n]
        found = [s for s in slugs if places[s].rank_high == len(units) and places[s].tier == BELOW]
        other = "class_small" if len(units) < rule.min_units else NO if found else "no_last"
        for unit in units:
            slug = unit.unit.slug
            verdict = FIRES if slug in found and other != "class_small" else other
            rows.append(
                {"unit": slug, "rule": rule.id, "round": now.facts.code, "years": rule.years, "verdict": verdict}
            )
    return rows
