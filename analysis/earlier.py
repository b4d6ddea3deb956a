"""An earlier release read back: the same results, from its published files alone."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from . import manifest
from .columns import TABLES
from .disclosure import REST, Cell, Released
from .errors import BadInput
from .facts import Round, Unit, load_round
from .kept import ALL, KeptCount
from .method import Method, load_method
from .results import UnitResult, maps, scored
from .scores import GroupScore
from .versions import Version, read_version

RELEASE = "release"
EXACT = {"points": ("score_exact", "var_exact")} | {
    name: (f"{name}_exact", f"{name}_var_exact") for name in ("satisfied", "top2", "top3")
}
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Counted:
    """A round and the results of its units, in the order of their slugs."""

    method: Method
    facts: Round
    results: Sequence[UnitResult]

    def by_slug(self) -> dict[str, UnitResult]:
        """The results by unit."""
        return {result.unit.slug: result for result in self.results}


@dataclass(frozen=True)
class Earlier(Counted):
    """A round known from its release; `digest` names the release, `kept` are its units' commitments kept."""

    digest: str
    kept: Mapping[str, KeptCount]


@dataclass(frozen=True)
class Inputs:
    """Releases that a new one is compared with.

    previous: earlier rounds, in the order of closing; released: what was shown of this very round before; seen: the
    same versions as files, to say what differs.
    """

    previous: tuple[Earlier, ...] = ()
    released: tuple[Earlier, ...] = ()
    seen: tuple[Version, ...] = ()


def read_inputs(facts: Round, previous: Iterable[Path], released: Iterable[Path]) -> Inputs:
    """Read and check the releases that a round is compared with. Raises BadInput."""
    rounds = [(folder, read_release(folder)) for folder in previous]
    seen: set[str] = set()
    for folder, earlier in rounds:
        code, closed = earlier.facts.code, earlier.facts.closes_on
        if code == facts.code or code in seen or closed >= facts.closes_on:
            raise BadInput("previous_order", file=folder, field="--previous", value=code, other=closed)
        seen.add(code)
    versions = [(folder, read_release(folder)) for folder in released]
    for folder, version in versions:
        if version.facts.code != facts.code:
            raise BadInput(
                "released_other", file=folder, field="--released", value=version.facts.code, other=facts.code
            )
    order = sorted((e for _, e in rounds), key=lambda e: (e.facts.closes_on, e.facts.code))
    return Inputs(tuple(order), tuple(v for _, v in versions), tuple(read_version(folder) for folder, _ in versions))


def read_release(folder: Path) -> Earlier:
    """A release, its round's folder or its published page's folder. Raises BadInput."""
    folder = folder / RELEASE if (folder / RELEASE).is_dir() else folder
    if not (folder / manifest.NAME).is_file():
        raise BadInput("missing_release", file=folder)
    digest = str(manifest.verify(folder)["release_digest"])
    method = load_method(folder / "method.toml")
    facts = load_round(folder / "round.toml", method)
    counts, groups = _by_unit(folder, "counts.csv"), _by_unit(folder, "groups.csv")
    scores = _by_unit(folder, "scores.csv")
    results = []
    for unit in facts.units:
        row = next(iter(scores.get(unit.slug, [])), None)
        if row is None:
            raise BadInput("previous_differs", file=folder / "scores.csv", field=unit.slug)
        result = _result(unit, method, counts.get(unit.slug, []), groups.get(unit.slug, []), row)
        _refuse_difference(folder / "scores.csv", result, row)
        results.append(result)
    return Earlier(method, facts, results, digest, _kept(folder))


def _kept(folder: Path) -> dict[str, KeptCount]:
    """Unit -> the sum of its commitments, as published."""
    return {
        unit: KeptCount(int(row["kept"]), int(row["broken"]), int(row["unknown"]))
        for unit, rows in _by_unit(folder, "kept_rates.csv").items()
        for row in rows
        if row["commitment"] == ALL and row["status"] == "ok"
    }


def _by_unit(folder: Path, name: str) -> dict[str, Rows]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for column in TABLES[name]:
            if column.name not in (reader.fieldnames or []):
                raise BadInput("missing_column", file=folder / name, line=1, field=column.name, allowed="…")
        found: dict[str, Rows] = {}
        for row in reader:
            found.setdefault(row["unit"], []).append(row)
    return found


def _result(unit: Unit, method: Method, counts: Rows, groups: Rows, row: Mapping[str, str]) -> UnitResult:
    group_at = {g.code: i for i, g in enumerate(method.groups)}
    dimension_at = {d.code: i for i, d in enumerate(method.dimensions)}
    cells = {(r["group"], dimension_at[r["dimension"]]): _cell(r) for r in counts}
    released = Released(
        cells={(group_at[g], d): cell for (g, d), cell in cells.items() if g != REST},
        rest={d: cell for (g, d), cell in cells.items() if g == REST},
        ballots={group_at[r["group"]]: int(r["n"]) for r in groups},
        withheld=int(row["withheld"]) if row["withheld"] else None,
    )
    scores = {
        name: {group_at[r["group"]]: _group(r, name, unit, method, released) for r in groups if r["score_exact"]}
        for name in maps(method)
    }
    return scored(unit, released, scores, method, review=row["status"] == "under_review")


def _cell(row: Mapping[str, str]) -> Cell:
    return Cell(int(row["dont_know"]), int(row["blank"]), tuple(int(row[f"level_{level}"]) for level in range(1, 6)))


def _group(row: Mapping[str, str], name: str, unit: Unit, method: Method, released: Released) -> GroupScore:
    """The group's score; its influence is what the exact variance was made of."""
    mean, variance = (Fraction(row[column]) for column in EXACT[name])
    n, place = int(row["n"]), next(i for i, g in enumerate(method.groups) if g.code == row["group"])
    panel = unit.panel.get(row["group"])
    fraction = min(Fraction(n, panel), Fraction(1)) if panel else Fraction(0)
    influence = variance * (n - 1) / n / (1 - fraction) if fraction < 1 else Fraction(0)
    share = sum((method.dimensions[d].weight for g, d in released.cells if g == place), Fraction(0))
    return GroupScore(n, mean, influence, share, fraction)


def _refuse_difference(file: Path, result: UnitResult, row: Mapping[str, str]) -> None:
    """A release whose score does not follow from its own counts and groups is no basis for a comparison."""
    exact = str(result.score.mean) if result.score else ""
    if (exact, result.status) != (row["score_exact"], row["status"]):
        raise BadInput("previous_differs", file=file, field=result.unit.slug)


def comparable(one: Counted, other: Counted) -> bool:
    """Whether two rounds asked the same, of the same, and weighed it alike (method.md §4)."""
    return _basis(one) == _basis(other)


def _basis(counted: Counted) -> tuple[object, ...]:
    method = counted.method
    return (
        counted.facts.instrument,
        method.points,
        method.dimensions,
        method.groups,
        {c.code: method.group_weights(c.code) for c in method.classes},
        {c.code for c in method.channels if c.on},
        (method.min_n, method.min_weight, set(method.satisfied_levels)),
    )
