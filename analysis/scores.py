"""Scores and their variance, exact (method.md §1.2–1.4).

Every number is a fraction made of integers, so two readers of the same counts can never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from .counts import Tally
from .disclosure import Released
from .intervals import Stratum, smooth, wilson, z_of
from .method import Method
from .read import BLANK

Points = Mapping[int, Fraction]
ZERO = Fraction(0)


@dataclass(frozen=True)
class GroupScore:
    """One respondent group of one unit.

    n: its ballots; mean: points; influence: sum of squared influences; share: weight of its released
    dimensions, 0..1; fraction: n over the panel size, 0 without a panel.
    """

    n: int
    mean: Fraction
    influence: Fraction
    share: Fraction
    fraction: Fraction

    @property
    def variance(self) -> Fraction:
        """Taylor-linearised variance with finite population correction, points squared."""
        return Fraction(self.n, self.n - 1) * self.influence * (1 - self.fraction)


@dataclass(frozen=True)
class UnitScore:
    """A weighted score in points, or a share in 0..1.

    interval: None where there is no sampling error; variance: smoothed, for every claim of a difference;
    n_eff: the effective sample size, None where there is no sampling error; strata: what they are made of.
    """

    mean: Fraction
    interval: tuple[float, float] | None
    variance: float
    n_eff: float | None
    strata: tuple[Stratum, ...]


class PairSums:
    """Whole sums over the ballots of one unit x group that answered two dimensions both.

    `points` are whole numbers, levels 1 to 5, so that all sums are.
    """

    def __init__(self, tally: Tally, unit: int, group: int, released: Released, points: Sequence[int]) -> None:
        self.tables = tally.pairs[unit, group]
        self.places = tally.pair_index
        self.cells = {d: cell for (g, d), cell in released.cells.items() if g == group}
        self.points = points

    def of(self, c: int, d: int) -> tuple[int, int, int, int]:
        """(sum y_c y_d, sum y_c, sum y_d, number) over ballots that answered both c and d."""
        if c == d:
            levels = self.cells[c].levels
            total = self._weigh(levels)
            return self._weigh([n * y for n, y in zip(levels, self.points, strict=True)]), total, total, sum(levels)
        table = self.tables[self.places[c, d]][1:BLANK, 1:BLANK].tolist()
        rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
        products = self._weigh([self._weigh(row) for row in table])
        return products, self._weigh(rows), self._weigh(columns), sum(rows)

    def _weigh(self, counts: Sequence[int]) -> int:
        return sum(count * points for count, points in zip(counts, self.points, strict=True))

    def bracket(self, c: int, d: int) -> Fraction:
        """The bracket of method.md §1.4 over N_c N_d, with whole numbers up to the last division."""
        products, sum_c, sum_d, both = self.of(c, d)
        n_c, n_d = self.cells[c].answered, self.cells[d].answered
        total_c, total_d = self._weigh(self.cells[c].levels), self._weigh(self.cells[d].levels)
        whole = n_c * n_d * products - n_c * total_d * sum_c - n_d * total_c * sum_d + total_c * total_d * both
        return Fraction(whole, (n_c * n_d) ** 2)


def group_score(
    tally: Tally, unit: int, group: int, released: Released, method: Method, points: Points, panel: int | None
) -> GroupScore | None:
    """Score of one group over its released dimensions that carry weight; None if there is none."""
    weights = {d: method.dimensions[d].weight for g, d in released.cells if g == group and method.dimensions[d].weight}
    if not weights:
        return None
    share = sum(weights.values(), ZERO)
    weights = {d: weight / share for d, weight in weights.items()}
    means = {d: released.cells[group, d].mean(dict(points)) for d in weights}
    n = released.ballots[group]
    return GroupScore(
        n=n,
        mean=sum((weights[d] * means[d] for d in weights), ZERO),
        influence=_influence(tally, unit, group, released, points, weights),
        share=share,
        # Flagged ballots under review may stand above the panel's own.
        fraction=min(Fraction(n, panel), Fraction(1)) if panel else ZERO,
    )


def _influence(
    tally: Tally, unit: int, group: int, released: Released, points: Points, weights: Mapping[int, Fraction]
) -> Fraction:
    """Sum of squared influences from pair sums (method.md §1.4)."""
    scale = lcm(*(value.denominator for value in points.values()))
    sums = PairSums(tally, unit, group, released, [int(points[level] * scale) for level in sorted(points)])
    order = sorted(weights)
    terms = (
        (1 if c == d else 2) * weights[c] * weights[d] * sums.bracket(c, d)
        for place, c in enumerate(order)
        for d in order[place:]
    )
    return sum(terms, ZERO) / scale**2


def counted_weight(groups: Mapping[int, GroupScore], weights: Mapping[int, Fraction]) -> Fraction:
    """Share of the whole weight that released cells carry, 0..1."""
    return sum((weights[g] * group.share for g, group in groups.items()), ZERO)


def unit_score(
    groups: Mapping[int, GroupScore], weights: Mapping[int, Fraction], points: Points, z: float
) -> UnitScore | None:
    """Score over the counted groups, weights renormalised; None if no counted group carries weight."""
    whole = sum((weights[g] for g in groups), ZERO)
    if not whole:
        return None
    low, high = min(points.values()), max(points.values())
    strata = tuple(_stratum(group, weights[g] / whole, low, high) for g, group in groups.items() if weights[g])
    return stratified(strata, low, high, z)


def stratified(strata: tuple[Stratum, ...], low: Fraction, high: Fraction, z: float) -> UnitScore:
    """The score of strata whose weights sum to 1, on a scale from `low` to `high` points."""
    span = high - low
    share = sum((s.weight * s.mean for s in strata), ZERO)
    smoothed = smooth(strata)
    if smoothed is None:
        return UnitScore(low + span * share, None, 0.0, None, strata)
    interval = _rescaled(wilson(float(share), smoothed.n_eff, z), low, high)
    return UnitScore(low + span * share, interval, smoothed.variance * float(span) ** 2, smoothed.n_eff, strata)


def _stratum(group: GroupScore, weight: Fraction, low: Fraction, high: Fraction) -> Stratum:
    span = high - low
    return Stratum(weight, group.n, (group.mean - low) / span, group.n * group.influence / span**2, group.fraction)


def _rescaled(interval: tuple[float, float], low: Fraction, high: Fraction) -> tuple[float, float]:
    span = float(high - low)
    return float(low) + span * interval[0], float(low) + span * interval[1]


def bounds(
    groups: Mapping[int, GroupScore], weights: Mapping[int, Fraction], points: Points
) -> tuple[Fraction, Fraction]:
    """Lowest and highest score possible if what is missing had been all worst or all best (method.md §0.4)."""
    known = sum((weights[g] * group.share * group.mean for g, group in groups.items()), ZERO)
    missing = 1 - counted_weight(groups, weights)
    return known + missing * min(points.values()), known + missing * max(points.values())


def rate(
    groups: Mapping[int, GroupScore],
    weights: Mapping[int, Fraction],
    released: Released,
    method: Method,
    points: Points,
) -> UnitScore | None:
    """A 0/1 score; its interval is Wilson's own where one dimension of one group without a panel carries it."""
    counted = {g: group for g, group in groups.items() if weights[g]}
    z = z_of(method.confidence)
    score = unit_score(counted, weights, points, z)
    cells = [c for (g, d), c in released.cells.items() if g in counted and method.dimensions[d].weight]
    if score is None or len(cells) != 1 or any(group.fraction for group in counted.values()):
        return score
    return replace(score, interval=wilson(float(score.mean), cells[0].answered, z))
