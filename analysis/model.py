"""release.json: all that is published, as one object."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .columns import TABLES, Column, rounded
from .counts import Tally
from .disclosure import masked
from .earlier import Inputs
from .facts import Round
from .method import LEVELS, Method
from .results import SCORED, UnitResult
from .rows import Row


def _numbers(columns: Sequence[Column], rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{c.name: c.number(row.get(c.name)) for c in columns} for row in rows]


def model_of(
    method: Method,
    facts: Round,
    tally: Tally,
    results: Sequence[UnitResult],
    tables: Mapping[str, list[Row]],
    inputs: Inputs,
) -> dict[str, Any]:
    """release.json: all that is published, as one object."""
    return {
        "format": 1,
        "round": _round(facts),
        "inputs": inputs_of(inputs),
        "method": _method(method),
        "totals": {
            "units": len(results),
            "scored": sum(r.status in SCORED for r in results),
            "ballots": sum(r.released.n + (r.released.withheld or 0) for r in results),
            "withheld": sum(r.released.withheld or 0 for r in results),
            "channels": _channels(method, tally, results),
        },
        "classes": [_class(c.code, c.zh, results) for c in method.classes],
        "units": [_unit(r, tally, i, method) for i, r in enumerate(results)],
        **{name.removesuffix(".csv"): _numbers(columns, tables.get(name, [])) for name, columns in TABLES.items()},
    }


def inputs_of(inputs: Inputs) -> dict[str, list[dict[str, str]]]:
    """What a release was compared with, by digest."""
    found = {"previous": inputs.previous, "released": inputs.released}
    return {
        key: [{"round": e.facts.code, "release_digest": e.digest} for e in earlier] for key, earlier in found.items()
    }


def _channels(method: Method, tally: Tally, results: Sequence[UnitResult]) -> dict[str, int]:
    """Ballots by counted channel; as in the other totals, without those whose number is not shown."""
    totals = sum(
        tally.channels[i, list(r.released.ballots) if r.released.withheld is None else slice(None)].sum(axis=0)
        for i, r in enumerate(results)
    )
    return {c.code: int(totals[i]) for i, c in enumerate(method.channels) if c.on}


def _round(facts: Round) -> dict[str, Any]:
    return {
        "code": facts.code,
        "name": facts.name,
        "instrument": facts.instrument,
        "opens_on": facts.opens_on.isoformat(),
        "closes_on": facts.closes_on.isoformat(),
        "amendments": [{"on": on.isoformat(), "text": text} for on, text in facts.amendments],
    }


def _method(method: Method) -> dict[str, Any]:
    return {
        "sha256": method.sha256,
        "min_n": method.min_n,
        "min_weight": str(method.min_weight),
        "confidence": str(method.confidence),
        "satisfied_levels": list(method.satisfied_levels),
        "scale": {str(level): str(method.points[level]) for level in LEVELS},
        "dimensions": [{"code": d.code, "zh": d.zh, "weight": str(d.weight)} for d in method.dimensions],
        "groups": [{"code": g.code, "zh": g.zh, "weight": str(g.weight), "insider": g.insider} for g in method.groups],
        "classes": [
            {"code": c.code, "zh": c.zh, "weights": {k: str(w) for k, w in method.group_weights(c.code).items()}}
            for c in method.classes
        ],
        "channels": [{"code": c.code, "zh": c.zh, "counted": c.on} for c in method.channels],
        "flags": [{"code": f.code, "zh": f.zh, "excluded": f.on} for f in method.flags],
        "rules": [{"id": r.id, "zh": r.zh, "basis": r.basis, "kind": r.kind} for r in method.rules],
    }


def _class(code: str, zh: str, results: Sequence[UnitResult]) -> dict[str, Any]:
    """A class: how many units, how many scored, the plain mean of their scores."""
    members = [r for r in results if r.unit.class_code == code]
    scores = [r.score.mean for r in members if r.score]
    mean = sum(scores, Fraction(0)) / len(scores) if scores else None
    return {
        "code": code,
        "zh": zh,
        "units": len(members),
        "scored": len(scores),
        "unscored": len(members) - len(scores),
        "mean": None if mean is None else float(rounded(mean, 2)),
        "mean_exact": None if mean is None else str(mean),
    }


def _unit(result: UnitResult, tally: Tally, index: int, method: Method) -> dict[str, Any]:
    """A unit's facts beside its row in scores; ballots that never count are shown as numbers only."""
    bounds = result.bounds
    return {
        "slug": result.unit.slug,
        "zh": result.unit.zh,
        "class": result.unit.class_code,
        "parent": result.unit.parent or None,
        "codes_issued": dict(result.unit.codes_issued),
        "population": dict(result.unit.population),
        "panel": dict(result.unit.panel),
        "bounds": None if bounds is None else [float(rounded(b, 2)) for b in bounds],
        "not_counted": {
            "channels": {c.code: int(tally.uncounted[index, i]) for i, c in enumerate(method.channels) if not c.on},
            "flags": {
                f.code: masked(int(tally.excluded[index, i]), method.min_n) for i, f in enumerate(method.flags) if f.on
            },
            # Bad ratings alone left out would show here (method.md §5).
            "answers": {str(level): int(tally.excluded_answers[index, level]) for level in (*LEVELS, 0)},
        },
    }
