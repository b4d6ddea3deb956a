"""Everyday ratings: three rates, commitments kept, and where the two disagree. Never mixed with a round's scores."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .comparison import alpha_of, standing
from .counts import Tally
from .earlier import Counted, Earlier
from .evidence import rated_dimension
from .intervals import Stratum, wilson, z_of
from .kept import ALL, Commitments, KeptCount, shown_sums
from .ranks import ABOVE, BELOW, Standing, tiers
from .read import BLANK
from .results import UnitResult
from .rows import Row, percent, pooled
from .scores import stratified

OWN_INITIATIVE = "web"  # with a voting code, without being asked at the window
FEWEST_UNITS = 3
ZERO, ONE = Fraction(0), Fraction(1)


def everyday_rows(tally: Tally, counted: Counted) -> list[Row]:
    """The three rates of every unit; no row in a campaign."""
    if counted.facts.instrument != "everyday":
        return []
    return [_rates(tally, i, result, counted) for i, result in enumerate(counted.results)]


def _rates(tally: Tally, index: int, result: UnitResult, counted: Counted) -> Row:
    dimension = rated_dimension(counted.method)
    cells = [cell for (_, d), cell in result.released.cells.items() if d == dimension]
    satisfied, answered = pooled(cells, counted.method.satisfied_levels)
    codes, released = sum(result.unit.codes_issued.values()), result.released
    row: Row = {"unit": result.unit.slug, "codes_issued": codes or None}
    row["rated"] = None if released.withheld is None else released.n + released.withheld
    row["favourable_pct"] = percent(satisfied, answered)
    row["active_favourable_pct"] = _active(tally, index, result, counted, answered)
    row["unrated_pct"] = None if result.unrated is None else 100 * result.unrated
    return row | {"status": _status(row, answered)}


def _status(row: Row, answered: int) -> str:
    if row["rated"] == 0:
        return "no_ballots"
    if not answered:
        return "insufficient_n"
    return "ok" if row["codes_issued"] else "no_codes"


def _active(tally: Tally, index: int, result: UnitResult, counted: Counted, answered: int) -> Fraction | None:
    """The favourable rate of ratings by own initiative, where they and the others are enough to be told apart."""
    channels, min_n = [c.code for c in counted.method.channels], counted.method.min_n
    left_out = bool(tally.excluded_ballots[index])
    if left_out or OWN_INITIATIVE not in channels:
        return None
    dimension = rated_dimension(counted.method)
    groups = [g for g, d in result.released.cells if d == dimension]
    levels = tally.evidence.rated[index, groups, channels.index(OWN_INITIATIVE), 1:BLANK].sum(axis=0)
    active = int(levels.sum())
    if active < min_n or 0 < answered - active < min_n:
        return None
    return percent(int(sum(levels[level - 1] for level in counted.method.satisfied_levels)), active)


def kept_rows(commitments: Commitments, counted: Counted) -> list[Row]:
    """Every commitment, and after a unit's own the sum of those that may be shown."""
    min_n, z = counted.method.min_n, z_of(counted.method.confidence)
    sums, rows = shown_sums(commitments, min_n), list[Row]()
    for unit in sorted({place[0] for place in commitments}):
        own = {place: count for place, count in commitments.items() if place[0] == unit}
        rows += [_kept_row(place, count, min_n, z) for place, count in own.items()]
        if unit in sums:
            rows.append(_kept_row((unit, ALL, ALL), sums[unit], min_n, z))
    return rows


def _kept_row(place: tuple[str, str, str], count: KeptCount, min_n: int, z: float) -> Row:
    row: Row = dict(zip(("unit", "procedure", "commitment"), place, strict=True))
    if count.judged < min_n:
        return row | {"status": "insufficient_n"}
    low, high = wilson(count.kept / count.judged, count.judged, z)
    row |= {"judged": count.judged, "kept": count.kept, "broken": count.broken, "unknown": count.unknown}
    return row | {"kept_pct": percent(count.kept, count.judged), "low": 100 * low, "high": 100 * high, "status": "ok"}


def disagreement_rows(commitments: Commitments, counted: Counted, previous: Iterable[Earlier]) -> list[Row]:
    """Units whose commitments and ratings both can be compared with others: do the two point the same way?

    In a round, the commitments come from the releases of everyday ratings among `previous`.
    """
    kept = shown_sums(commitments, counted.method.min_n)
    for earlier in previous:
        if earlier.facts.instrument == "everyday" != counted.facts.instrument:
            for unit, count in earlier.kept.items():
                kept[unit] = kept.get(unit, KeptCount(0, 0, 0)) + count
    units = [r for r in counted.results if r.satisfied and r.unit.slug in kept]
    if len(units) < FEWEST_UNITS:
        return []
    alpha, z = alpha_of(counted.method), z_of(counted.method.confidence)
    kept_tiers = tiers([_kept_standing(kept[u.unit.slug], z) for u in units], alpha)
    rated_tiers = tiers([standing(u.satisfied) for u in units if u.satisfied], alpha)
    return [_row(u, kept[u.unit.slug], one, two) for u, one, two in zip(units, kept_tiers, rated_tiers, strict=True)]


def _kept_standing(count: KeptCount, z: float) -> Standing:
    share = Fraction(count.kept, count.judged)
    return standing(stratified((Stratum(ONE, count.judged, share, share * (1 - share), ZERO),), ZERO, ONE, z))


VERDICTS: Mapping[tuple[str, str], str] = {(ABOVE, BELOW): "kept_but_disliked", (BELOW, ABOVE): "liked_but_broken"}


def _row(unit: UnitResult, kept: KeptCount, kept_tier: str, rated_tier: str) -> Row:
    return {
        "unit": unit.unit.slug,
        "kept_pct": percent(kept.kept, kept.judged),
        "judged": kept.judged,
        "kept_tier": kept_tier,
        "satisfied_pct": 100 * unit.satisfied.mean if unit.satisfied else None,
        "satisfied_tier": rated_tier,
        "verdict": VERDICTS.get((kept_tier, rated_tier), "agree"),
    }
