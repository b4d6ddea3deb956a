"""Commitments kept: kept.csv counted by unit and commitment. Its rows join no ballot."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .ballotfile import check_utf8
from .columns import KEPT
from .errors import BadInput
from .facts import Round
from .read import Snapshot, day_of
from .tomlfile import is_slug

NAME = "kept.csv"
ANSWERS = ("kept", "broken", "unknown")
ALL = "~all"


@dataclass(frozen=True)
class KeptCount:
    """Answers about one commitment, or the sum of those that may be shown."""

    kept: int
    broken: int
    unknown: int

    @property
    def judged(self) -> int:
        """Answers that could tell."""
        return self.kept + self.broken

    def __add__(self, other: "KeptCount") -> "KeptCount":
        return KeptCount(self.kept + other.kept, self.broken + other.broken, self.unknown + other.unknown)


Commitments = Mapping[tuple[str, str, str], KeptCount]


def count_kept(snapshot: Snapshot) -> Commitments:
    """(unit, procedure, commitment) -> answers, sorted; empty without a kept.csv. Raises BadInput."""
    path = snapshot.folder / NAME
    if not path.is_file():
        return {}
    counts: Counter[tuple[str, str, str, str]] = Counter(_rows(path, snapshot.round))
    places = sorted({place[:3] for place in counts})
    return {place: KeptCount(*(counts[(*place, answer)] for answer in ANSWERS)) for place in places}


def _rows(path: Path, facts: Round) -> Iterator[tuple[str, str, str, str]]:
    names = [column.name for column in KEPT]
    header = check_utf8(path)
    for name in names:
        if name not in header:
            raise BadInput("missing_column", file=path, line=1, field=name, allowed=", ".join(names))
    for name in header:
        if name not in names:
            raise BadInput("extra_column", file=path, line=1, field=name, allowed=", ".join(names))
    units = {unit.slug for unit in facts.units}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if None in row or None in row.values():
                raise BadInput("row_width", file=path, line=reader.line_num, value="?", expected=len(names))
            _check(row, units, path, reader.line_num)
            yield row["unit"], row["procedure"], row["commitment"], row["kept"]


def _check(row: Mapping[str, str], units: set[str], path: Path, line: int) -> None:
    if row["unit"] not in units:
        raise BadInput("unknown_unit", file=path, line=line, field="unit", value=repr(row["unit"]))
    for name in ("procedure", "commitment"):
        # A service without a page of its own has no procedure; what was promised always has a name.
        if not is_slug(row[name]) and (row[name] or name == "commitment"):
            raise BadInput("bad_slug", file=path, line=line, field=name, value=repr(row[name]))
    if row["kept"] not in ANSWERS:
        raise BadInput(
            "bad_choice", file=path, line=line, field="kept", value=repr(row["kept"]), allowed=", ".join(ANSWERS)
        )
    if day_of(row["period"]) is None:
        raise BadInput("bad_date", file=path, line=line, field="period", value=repr(row["period"]))


def shown_sums(commitments: Commitments, min_n: int) -> dict[str, KeptCount]:
    """Unit -> the sum over its commitments with at least min_n answers that could tell."""
    sums: dict[str, KeptCount] = {}
    for (unit, _, _), count in commitments.items():
        if count.judged >= min_n:
            sums[unit] = sums.get(unit, KeptCount(0, 0, 0)) + count
    return sums
