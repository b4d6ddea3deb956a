"""Rows that compare units with their class and rounds with one another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import hypot, sqrt
from typing import Any

from .compare import agresti_caffo, change, cochran_armitage, newcombe
from .earlier import Counted, Earlier, comparable
from .intervals import z_of
from .method import Method
from .ranks import (
    FUNNEL_Z,
    Place,
    Standing,
    benjamini_hochberg,
    funnel_limits,
    funnel_sigma,
    places,
)
from .results import UnitResult
from .rows import Row, percent, pooled
from .scores import UnitScore, stratified

MIN_FUNNEL, MIN_TREND = 3, 3


def alpha_of(method: Method) -> float:
    """The chance of error that tests allow: 1 - confidence."""
    return float(1 - method.confidence)


def standing(score: UnitScore) -> Standing:
    """What comparing needs of a score."""
    return Standing(score.mean, sqrt(score.variance))


def by_class(results: Sequence[UnitResult], method: Method) -> dict[str, list[UnitResult]]:
    """The scored units of every class."""
    return {c.code: [r for r in results if r.unit.class_code == c.code and r.score] for c in method.classes}


def class_places(scores: Mapping[str, UnitScore], counted: Counted) -> dict[str, Place]:
    """The place of every scored unit in its class, by slug; `scores` by slug too. Raises BadInput."""
    found: dict[str, Place] = {}
    for code in (c.code for c in counted.method.classes):
        slugs = [r.unit.slug for r in counted.results if r.unit.class_code == code and r.unit.slug in scores]
        standings = [standing(scores[slug]) for slug in slugs]
        found |= dict(zip(slugs, places(standings, alpha_of(counted.method)), strict=True))
    return found


def funnel_rows(counted: Counted) -> list[Row]:
    """Limits by chance alone for every scored unit of a class of at least MIN_FUNNEL."""
    scale = float(min(counted.method.points.values())), float(max(counted.method.points.values()))
    rows: list[Row] = []
    for code, units in by_class(counted.results, counted.method).items():
        if len(units) >= MIN_FUNNEL:
            rows += _funnel(code, units, scale)
    return rows


def _funnel(code: str, units: Sequence[UnitResult], scale: tuple[float, float]) -> Iterator[Row]:
    scores = [u.score for u in units if u.score]
    target = float(sum((s.mean for s in scores), Fraction(0)) / len(scores))
    sigma = funnel_sigma([standing(s) for s in scores], [u.released.n for u in units])
    if not sigma:
        return
    for unit, score in zip(units, scores, strict=True):
        row: Row = {"class": code, "unit": unit.unit.slug, "n": unit.released.n, "score": score.mean}
        row |= {"target": target, "sigma": sigma}
        for name, z in FUNNEL_Z.items():
            low, high = funnel_limits(target, sigma, unit.released.n, z, scale)
            row |= {f"low{name}": low, f"high{name}": high}
            if not low <= float(score.mean) <= high:
                row["outside"] = name
        yield row


def change_rows(now: Counted, previous: Sequence[Earlier]) -> list[Row]:
    """Every unit against every earlier round of the same instrument."""
    rows = []
    for before in _same_instrument(now, previous):
        known, same = before.by_slug(), comparable(now, before)
        found = [_change(unit, known.get(unit.unit.slug), before, same, now.method) for unit in now.results]
        _settle(found, alpha_of(now.method), "no_difference")
        rows += found
    return sorted(rows, key=lambda row: row["unit"])


def _same_instrument(now: Counted, previous: Sequence[Earlier]) -> list[Earlier]:
    return [e for e in previous if e.facts.instrument == now.facts.instrument]


def _change(unit: UnitResult, old: UnitResult | None, before: Earlier, same: bool, method: Method) -> Row:
    row: Row = {"unit": unit.unit.slug, "round_before": before.facts.code}
    if unit.score:
        row["score_now"] = unit.score.mean
    if old and old.score:
        row["score_before"] = old.score.mean
    if old is None:
        return row | {"verdict": "new"}
    if not same:
        return row | {"verdict": "incomparable"}
    if not (unit.score and old.score and unit.satisfied and old.satisfied):
        return row | {"verdict": "not_scored"}
    return row | _tested(old.score, unit.score, z_of(method.confidence)) | _rates(old.satisfied, unit.satisfied)


def _tested(before: UnitScore, now: UnitScore, z: float) -> Row:
    one, two = standing(before), standing(now)
    found = change(float(one.mean), one.se, float(two.mean), two.se)
    exact, reach = two.mean - one.mean, z * hypot(one.se, two.se)
    # Two rounds without any error differ iff their exact scores do.
    p = found.p if found.z is not None else float(exact == 0)
    return {"change": exact, "low": float(exact) - reach, "high": float(exact) + reach, "z": found.z, "p": p}


def _rates(before: UnitScore, now: UnitScore) -> Row:
    bounds = [score.interval or (float(score.mean),) * 2 for score in (before, now)]
    low, high = newcombe(float(before.mean), bounds[0], float(now.mean), bounds[1])
    found: Row = {}
    if before.n_eff and now.n_eff:
        found["satisfied_p"] = agresti_caffo(float(before.mean), before.n_eff, float(now.mean), now.n_eff).p
    return found | {
        "satisfied_before": 100 * before.mean,
        "satisfied_now": 100 * now.mean,
        "satisfied_change": 100 * (now.mean - before.mean),
        "satisfied_low": 100 * low,
        "satisfied_high": 100 * high,
    }


def _settle(rows: Sequence[Row], alpha: float, neither: str, sign: str = "change") -> None:
    """Adjust the p values of all tested rows together and say up, down or neither."""
    tested = [row for row in rows if "p" in row]
    for row, p in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        moved = "up" if row[sign] > 0 else "down"
        row |= {"p_adjusted": p, "verdict": moved if p <= alpha and row[sign] else neither}


def series_rows(now: Counted, previous: Sequence[Earlier]) -> list[Row]:
    """Every round's score of every unit of this round."""
    rounds: list[Counted] = [*_same_instrument(now, previous), now]
    known = [(counted, counted.by_slug(), comparable(now, counted)) for counted in rounds]
    return [
        _point(counted, units[unit.unit.slug], same)
        for unit in now.results
        for counted, units, same in known
        if unit.unit.slug in units
    ]


def _point(counted: Counted, unit: UnitResult, same: bool) -> Row:
    row: Row = {
        "unit": unit.unit.slug,
        "round": counted.facts.code,
        "closes_on": counted.facts.closes_on.isoformat(),
        "n": unit.released.n,
        "comparable": "yes" if same else "no",
    }
    if unit.score and unit.satisfied:
        low, high = unit.score.interval or (None, None)
        row |= {"score": unit.score.mean, "low": low, "high": high, "satisfied_pct": 100 * unit.satisfied.mean}
    return row


def trend_rows(now: Counted, previous: Sequence[Earlier]) -> list[Row]:
    """Units scored in at least MIN_TREND comparable rounds: Cochran-Armitage on the satisfied share."""
    rounds: list[Counted] = [e for e in previous if comparable(now, e)]
    known = [(counted.facts.code, counted.by_slug()) for counted in [*rounds, now]]
    rows = []
    for unit in now.results:
        found = [(code, units[unit.unit.slug].satisfied) for code, units in known if unit.unit.slug in units]
        points = [(code, share) for code, share in found if share and share.n_eff]
        if len(points) >= MIN_TREND and unit.satisfied and unit.satisfied.n_eff:
            rows.append({"unit": unit.unit.slug} | _trend(points))
    _settle(rows, alpha_of(now.method), "no_trend", "z")
    return rows


def _trend(points: Sequence[tuple[str, UnitScore]]) -> dict[str, Any]:
    sizes = [share.n_eff or 0.0 for _, share in points]
    hits = [size * float(share.mean) for size, (_, share) in zip(sizes, points, strict=True)]
    found = cochran_armitage(hits, sizes)
    return {
        "rounds": len(points),
        "first_round": points[0][0],
        "satisfied_first": 100 * points[0][1].mean,
        "satisfied_last": 100 * points[-1][1].mean,
        "z": found.z or 0.0,
        "p": found.p,
    }


def rollup_rows(counted: Counted) -> list[Row]:
    """Every parent with all units below it, at any depth; sums of what is released."""
    below: dict[str, list[UnitResult]] = {}
    parents = {r.unit.slug: r.unit.parent for r in counted.results}
    for result in counted.results:
        for parent in _above(result.unit.slug, parents):
            below.setdefault(parent, []).append(result)
    return [_rollup(parent, units, counted.method) for parent, units in sorted(below.items())]


def _above(slug: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Parent, its parent, and so on; a circle ends where it closes."""
    seen = {slug}
    while (slug := parents.get(slug, "")) and slug not in seen:
        seen.add(slug)
        yield slug


def _rollup(parent: str, units: Sequence[UnitResult], method: Method) -> Row:
    members = [(u.released.n, u.score) for u in units if u.score]
    n = sum(ballots for ballots, _ in members)
    cells = [cell for u in units for cell in u.released.cells.values()]
    satisfied, answered = pooled(cells, method.satisfied_levels)
    row: Row = {"parent": parent, "units": len(units), "scored": len(members), "n": n, "answered": answered}
    row["satisfied_pooled_pct"] = percent(satisfied, answered)
    if members:
        score = _joined([(Fraction(ballots, n), score) for ballots, score in members], method)
        low, high = score.interval or (None, None)
        row |= {"score": score.mean, "score_exact": score.mean, "low": low, "high": high}
    return row


def _joined(members: Sequence[tuple[Fraction, UnitScore]], method: Method) -> UnitScore:
    """A weighted mean of scores: the strata of all, each with its unit's weight."""
    strata = tuple(replace(s, weight=weight * s.weight) for weight, score in members for s in score.strata)
    points = method.points.values()
    return stratified(strata, min(points), max(points), z_of(method.confidence))
