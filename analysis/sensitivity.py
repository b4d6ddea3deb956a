"""The same round counted in other legitimate ways: when method, not service, decides, this shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from .comparison import class_places
from .counts import Tally
from .earlier import Counted
from .intervals import z_of
from .method import LEVELS, PRESET_POINTS, TOP2, TOP3, Method, UnitClass, Weighted, share_points
from .ranks import Place
from .read import Batch, Snapshot
from .results import UnitResult, unit_result, weights_of
from .rows import Row
from .scores import GroupScore, UnitScore, group_score, unit_score

LINEAR_POINTS = {level: Fraction(25 * (level - 1)) for level in LEVELS}
DOUBTS = ("with_flag:", "without_flag:", "without_weeks")
OK, WITHHELD, UNSCORED = "ok", "withheld", "unscored"
Count = Callable[[Snapshot], Tally]


@dataclass(frozen=True)
class Weeks:
    """Leaves out the ballots of some weeks of some units; weeks: unit index -> weeks."""

    weeks: Mapping[int, frozenset[int]]

    def __call__(self, batch: Batch) -> Batch:
        """The other ballots."""
        out = np.zeros(len(batch.unit), dtype=bool)
        for unit, weeks in self.weeks.items():
            out |= (batch.unit == unit) & np.isin(batch.week, sorted(weeks))
        return _only(batch, ~out)


@dataclass(frozen=True)
class Flag:
    """Counts the ballots of one flag the other way: excluded ones come in, the others go out."""

    flag: int
    excluded: bool

    def __call__(self, batch: Batch) -> Batch:
        """The ballots with this flag taken off, or without those that carry it."""
        hit = batch.flagged[self.flag]
        if not self.excluded:
            return _only(batch, ~hit)
        none = np.zeros_like(hit)
        return replace(batch, flagged=tuple(none if i == self.flag else f for i, f in enumerate(batch.flagged)))


def _only(batch: Batch, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Batch:
    return Batch(
        unit=batch.unit[kept],
        group=batch.group[kept],
        channel=batch.channel[kept],
        week=batch.week[kept],
        flagged=tuple(flag[kept] for flag in batch.flagged),
        answers=tuple(column[kept] for column in batch.answers),
    )


def other_methods(method: Method) -> dict[str, Method]:
    """The method with other points or other weights; those that are its own are left out."""
    preset = {level: Fraction(points) for level, points in PRESET_POINTS.items()}
    scales = {"linear": LINEAR_POINTS, "preset": preset, "top3": share_points(TOP3), "top2": share_points(TOP2)}
    found = {f"scale_{name}": replace(method, points=points) for name, points in scales.items()}
    found["equal_dimensions"] = replace(method, dimensions=_equal(method.dimensions))
    found["equal_groups"] = replace(
        method, groups=_equal(method.groups), classes=tuple(_equal_class(c) for c in method.classes)
    )
    return {name: other for name, other in found.items() if other != method}


def _equal(items: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """The same weight for all that carry any."""
    share = Fraction(1, sum(bool(item.weight) for item in items))
    return tuple(replace(item, weight=share if item.weight else item.weight) for item in items)


def _equal_class(unit_class: UnitClass) -> UnitClass:
    if unit_class.weights is None:
        return unit_class
    share = Fraction(1, sum(bool(weight) for weight in unit_class.weights.values()))
    return replace(unit_class, weights={g: share if weight else weight for g, weight in unit_class.weights.items()})


def sensitivity_rows(
    snapshot: Snapshot,
    tally: Tally,
    counted: Counted,
    places: Mapping[str, Place],
    weeks: Mapping[str, set[int]],
    counting: Count,
) -> list[Row]:
    """Every scored unit under every other way of counting, in the order of the units."""
    rows: list[Row] = []
    for name, method in other_methods(counted.method).items():
        rows += _recounted(name, tally, counted, method, places)
    for name, sieve in _sieves(snapshot, weeks).items():
        rows += _sifted(name, counting(replace(snapshot, sieve=sieve)), counted, places)
    return sorted(rows, key=lambda row: row["unit"])


def _recounted(name: str, tally: Tally, counted: Counted, method: Method, places: Mapping[str, Place]) -> list[Row]:
    """The same ballots by another method."""
    scores = {}
    for i, result in enumerate(counted.results):
        score = _score(tally, i, result, method) if result.score else None
        if score:
            scores[result.unit.slug] = score
    found = class_places(scores, replace(counted, method=method))
    return [
        _row(slug, name, scores[slug], found[slug], places[slug]) | {"ballots_changed": 0} for slug in sorted(scores)
    ]


def _score(tally: Tally, index: int, result: UnitResult, method: Method) -> UnitScore | None:
    groups: dict[int, GroupScore] = {}
    for g in result.groups:
        panel = result.unit.panel.get(method.groups[g].code)
        group = group_score(tally, index, g, result.released, method, method.points, panel)
        if group:
            groups[g] = group
    return unit_score(groups, weights_of(method, result.unit), method.points, z_of(method.confidence))


def _row(slug: str, name: str, score: UnitScore, place: Place, main: Place) -> Row:
    row: Row = {"unit": slug, "scenario": name, "score": score.mean, "score_exact": score.mean, "status": OK}
    row |= {"tier": place.tier, "rank_low": place.rank_low, "rank_high": place.rank_high}
    if place.tier and main.tier:
        row["tier_changed"] = "no" if place.tier == main.tier else "yes"
    return row


def _sieves(snapshot: Snapshot, weeks: Mapping[str, set[int]]) -> dict[str, Flag | Weeks]:
    """Other sets of ballots that are worth counting: every flag, and the suspicious weeks if there are any."""
    flags = enumerate(snapshot.method.flags)
    found: dict[str, Flag | Weeks] = {
        f"{'with' if flag.on else 'without'}_flag:{flag.code}": Flag(i, flag.on) for i, flag in flags
    }
    places = {unit.slug: i for i, unit in enumerate(snapshot.round.units)}
    if weeks:
        found["without_weeks"] = Weeks({places[slug]: frozenset(found) for slug, found in weeks.items()})
    return found


def _sifted(name: str, tally: Tally, counted: Counted, places: Mapping[str, Place]) -> list[Row]:
    """Other ballots by the same method; a unit that loses or gains fewer than min_n answers in a cell shows nothing."""
    method = counted.method
    others = [unit_result(tally, i, method, counted.facts) for i in range(len(counted.results))]
    changed = {
        result.unit.slug: (result, other)
        for result, other in zip(counted.results, others, strict=True)
        if result.score and result.released != other.released
    }
    fine = {slug: other.score for slug, (result, other) in changed.items() if _far_apart(result, other, method.min_n)}
    # The others of the class stand as they are: only what may be shown can move a tier.
    main = {r.unit.slug: r.score for r in counted.results if r.score}
    scores = {slug: fine.get(slug, score) for slug, score in main.items()}
    found = class_places({slug: score for slug, score in scores.items() if score}, counted)
    rows: list[Row] = []
    for slug, (result, other) in changed.items():
        row: Row = {"unit": slug, "scenario": name, "status": WITHHELD}
        score = fine.get(slug)
        if score:
            row = _row(slug, name, score, found[slug], places[slug])
            row["ballots_changed"] = abs(result.released.n - other.released.n)
        elif slug in fine:
            row["status"] = UNSCORED
        rows.append(row)
    return rows


def _far_apart(one: UnitResult, other: UnitResult, min_n: int) -> bool:
    """Whether no cell differs by 1..min_n-1 ballots, and none is shown on one side only (method.md §6)."""
    cells = one.released.cells
    if cells.keys() != other.released.cells.keys() or one.released.withheld != other.released.withheld:
        return False
    return all(
        moved == 0 or moved >= min_n for key, cell in cells.items() for moved in cell.moved(other.released.cells[key])
    )


def under_review(rows: Sequence[Row]) -> set[str]:
    """Units whose tier hangs on suspicious ballots, left out or not: it is published as review (method.md §5)."""
    return {row["unit"] for row in rows if row.get("tier_changed") == "yes" and row["scenario"].startswith(DOUBTS)}
