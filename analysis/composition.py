"""Rows of composition.csv: who answered, by group and channel, against plan. Nothing more is known of anybody."""

from fractions import Fraction

from .counts import Counts, Tally
from .earlier import Counted
from .facts import Unit
from .rows import Row, percent

ALL = "~all"
FAR = 20  # percentage points from plan at which a warning is printed


def composition_rows(tally: Tally, counted: Counted) -> list[Row]:
    """The units in order, then all of them together; groups with a released cell only."""
    codes = [group.code for group in counted.method.groups]
    rows: list[Row] = []
    everybody: dict[int, tuple[Counts, int | None]] = {}
    for i, result in enumerate(counted.results):
        parts = {g: (tally.channels[i, g], _planned(result.unit, codes[g])) for g in result.released.ballots}
        rows += _rows(result.unit.slug, parts, counted)
        for g, (channels, planned) in parts.items():
            everybody[g] = _plus(everybody.get(g), channels, planned)
    return rows + _rows(ALL, dict(sorted(everybody.items())), counted)


def _plus(sums: tuple[Counts, int | None] | None, channels: Counts, planned: int | None) -> tuple[Counts, int | None]:
    if sums is None:
        return channels, planned
    return sums[0] + channels, None if planned is None or sums[1] is None else sums[1] + planned


def _planned(unit: Unit, group: str) -> int | None:
    """Codes issued, else the panel, else the population."""
    known = [sizes[group] for sizes in (unit.codes_issued, unit.panel, unit.population) if sizes.get(group)]
    return known[0] if known else None


def _rows(slug: str, parts: dict[int, tuple[Counts, int | None]], counted: Counted) -> list[Row]:
    n = sum(int(channels.sum()) for channels, _ in parts.values())
    plans = [planned for _, planned in parts.values()]
    whole = None if None in plans else sum(p or 0 for p in plans)
    rows: list[Row] = []
    for g, (channels, planned) in parts.items():
        place: Row = {"unit": slug, "group": counted.method.groups[g].code}
        rows.append(place | {"channel": ALL} | _group(int(channels.sum()), n, planned, whole))
        for c, channel in enumerate(counted.method.channels):
            if channels[c]:
                rows.append(place | {"channel": channel.code, "n": int(channels[c])})
    return rows


def _group(n: int, whole: int, planned: int | None, plan: int | None) -> Row:
    share = percent(n, whole)
    row: Row = {"n": n, "share_pct": share, "planned": planned, "status": "no_plan"}
    if planned:
        row["response_pct"] = percent(n, planned) if n <= planned else None
    if planned and plan and share is not None:
        expected = Fraction(100 * planned, plan)
        row["planned_pct"] = expected
        row["status"] = "over" if share - expected >= FAR else "under" if expected - share >= FAR else "ok"
    return row
