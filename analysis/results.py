"""From counts to results: one UnitResult per unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .counts import Tally
from .disclosure import Released, release_unit
from .errors import BadInput
from .facts import Round, Unit
from .intervals import z_of
from .method import TOP2, TOP3, Method, share_points
from .scores import GroupScore, UnitScore, bounds, counted_weight, group_score, rate, unit_score

SCORED = ("ok", "renormalised", "census")


@dataclass(frozen=True)
class Measure:
    """One map of the levels to points: the groups' scores by index in the method, and the unit's."""

    groups: Mapping[int, GroupScore]
    score: UnitScore | None


@dataclass(frozen=True)
class UnitResult:
    """All that is computed for one unit; `measures` has the keys points, satisfied, top2, top3."""

    unit: Unit
    released: Released
    measures: Mapping[str, Measure]
    counted_weight: Fraction
    bounds: tuple[Fraction, Fraction] | None
    unrated: Fraction | None
    status: str

    @property
    def groups(self) -> Mapping[int, GroupScore]:
        """The groups' scores in points."""
        return self.measures["points"].groups

    @property
    def satisfied_groups(self) -> Mapping[int, GroupScore]:
        """The groups' satisfied shares."""
        return self.measures["satisfied"].groups

    @property
    def score(self) -> UnitScore | None:
        """The score in points; None where there is none."""
        return self.measures["points"].score

    @property
    def satisfied(self) -> UnitScore | None:
        """The satisfied share; None where there is no score."""
        return self.measures["satisfied"].score


def maps(method: Method) -> dict[str, Mapping[int, Fraction]]:
    """The maps from level to points that every unit is scored by."""
    shares = {"satisfied": method.satisfied_levels, "top2": TOP2, "top3": TOP3}
    return {"points": method.points, **{name: share_points(levels) for name, levels in shares.items()}}


def unit_result(tally: Tally, index: int, method: Method, facts: Round) -> UnitResult:
    """Score one unit. Raises BadInput if a panel is smaller than its ballots."""
    unit = facts.units[index]
    released = release_unit(tally, index, method, unit)
    _check_panels(tally, index, released, method, unit)
    review = bool(tally.under_review[index, list(released.ballots)].any())
    groups = {name: _groups(tally, index, released, method, unit, points) for name, points in maps(method).items()}
    result = scored(unit, released, groups, method, review=review)
    return replace(result, unrated=_unrated(tally, index, method, unit, released))


def scored(
    unit: Unit, released: Released, groups: Mapping[str, Mapping[int, GroupScore]], method: Method, *, review: bool
) -> UnitResult:
    """The unit's scores from its groups' by map; `review`: ballots in doubt forbid a score."""
    weights = weights_of(method, unit)
    share = counted_weight(groups["points"], weights)
    fit = share > 0 and share >= method.min_weight and not review
    z = z_of(method.confidence)
    score = unit_score(groups["points"], weights, method.points, z) if fit else None
    found = {
        name: Measure(groups[name], rate(groups[name], weights, released, method, points) if fit else None)
        for name, points in maps(method).items()
        if name != "points"
    }
    return UnitResult(
        unit=unit,
        released=released,
        measures={"points": Measure(groups["points"], score), **found},
        counted_weight=share,
        bounds=bounds(groups["points"], weights, method.points) if share and not review else None,
        unrated=None,
        status=_status(released, share, score, review),
    )


def weights_of(method: Method, unit: Unit) -> dict[int, Fraction]:
    """The group weights of a unit's class, by index in the method."""
    by_code = method.group_weights(unit.class_code)
    return {i: by_code[group.code] for i, group in enumerate(method.groups)}


def _groups(
    tally: Tally, index: int, released: Released, method: Method, unit: Unit, points: Mapping[int, Fraction]
) -> dict[int, GroupScore]:
    panels = {g: unit.panel.get(method.groups[g].code) for g in released.ballots}
    scores = {g: group_score(tally, index, g, released, method, points, panels[g]) for g in panels}
    return {g: score for g, score in scores.items() if score is not None}


def _check_panels(tally: Tally, index: int, released: Released, method: Method, unit: Unit) -> None:
    for g, n in released.ballots.items():
        panel = unit.panel.get(method.groups[g].code)
        if panel is not None and n - tally.under_review[index, g] > panel:
            field = f"unit.panel.{method.groups[g].code} ({unit.slug})"
            raise BadInput("panel_small", file="round.toml", field=field, value=panel, other=n)


def _unrated(tally: Tally, index: int, method: Method, unit: Unit, released: Released) -> Fraction | None:
    """1 - ballots in counted channels / codes; None unless every group that carries weight was issued codes.

    All ballots of the unit enter, flagged ones too: beside n and withheld the rate then tells of no group alone.
    """
    codes = sum(unit.codes_issued.values())
    ballots = int(tally.ballots[index].sum() + tally.excluded_ballots[index])
    weights = method.group_weights(unit.class_code)
    complete = all(unit.codes_issued.get(code) for code, weight in weights.items() if weight)
    if not complete or released.withheld is None or ballots > codes:
        return None
    return 1 - Fraction(ballots, codes)


def _status(released: Released, share: Fraction, score: UnitScore | None, review: bool) -> str:
    if not released.n:
        return "no_ballots" if released.withheld == 0 else "insufficient_n"
    if review:
        return "under_review"
    if score is None:
        return "insufficient_weight"
    if share < 1:
        return "renormalised"
    return "ok" if score.interval else "census"
