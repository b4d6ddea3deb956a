"""A frozen folder read and checked: method, round, and ballots as a stream of small integers.

Ballots never become Python objects row by row: pyarrow gives dictionary codes, and only the few distinct
values of a column are looked at. Memory stays flat, whatever the number of rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from . import manifest
from .ballotfile import physical_line, tables
from .errors import BadInput
from .facts import Round, load_round, week_count
from .method import Method, load_method

BLANK = 6  # code of an answer that was not given; 0 is 不了解, 1..5 are levels
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """A frozen folder whose small files are checked; ballots, in one file or in parts, are read by `batches`."""

    folder: Path
    method: Method
    round: Round
    ballots: tuple[Path, ...]
    sieve: "Sieve | None" = None


class Sieve(Protocol):
    """Lets some of the ballots through, or changes their flags: the same round counted another way."""

    def __call__(self, batch: "Batch") -> "Batch":
        """The ballots to count in place of these."""


@dataclass(frozen=True)
class Batch:
    """Some ballots as integers: indices into units, groups and channels, answers 0..5 or BLANK.

    `week` counts from the week in which the round opens, 0; `flagged[i]` holds the ballots that carry the i-th flag
    of the method.
    """

    unit: Codes
    group: Codes
    channel: Codes
    week: Codes
    flagged: tuple[npt.NDArray[np.bool_], ...]
    answers: tuple[npt.NDArray[np.uint8], ...]


def snapshot_folder(folder: Path) -> Path:
    """The snapshot folder meant by FOLDER: itself, or the snapshot/ in it. Raises BadInput."""
    for candidate in (folder / "snapshot", folder):
        if candidate.is_dir() and (candidate.name == "snapshot" or (candidate / "method.toml").is_file()):
            return candidate
    raise BadInput("missing_folder", file=folder)


def open_snapshot(folder: Path, ballots: tuple[Path, ...] = ()) -> Snapshot:
    """Check all but the ballots of a frozen folder; `ballots` names their files where they come in parts.

    Raises BadInput.
    """
    folder = snapshot_folder(folder)
    if (folder / manifest.NAME).exists():
        manifest.verify(folder)
    method = load_method(folder / "method.toml")
    facts = load_round(folder / "round.toml", method)
    return Snapshot(folder, method, facts, ballots or (_ballot_file(folder),))


def _ballot_file(folder: Path) -> Path:
    found = [p for p in (folder / "ballots.csv", folder / "ballots.parquet") if p.is_file()]
    if not found:
        raise BadInput("missing_file", file=folder / "ballots.csv")
    if len(found) == 2:
        raise BadInput("two_ballot_files", file=folder)
    return found[0]


def batches(snapshot: Snapshot) -> Iterator[Batch]:
    """Every ballot of the snapshot, in batches. Raises BadInput, also when there is no ballot at all."""
    nothing = True
    for path in snapshot.ballots:
        for batch in file_batches(snapshot, path):
            nothing = False
            yield batch
    if nothing:
        raise BadInput("empty_round", file=snapshot.ballots[0])


def file_batches(snapshot: Snapshot, path: Path) -> Iterator[Batch]:
    """The ballots of one file, in batches. Raises BadInput."""
    coder = Coder(snapshot, path)
    first = 0
    for table in tables(path, coder.columns):
        if table.num_rows:
            batch = coder.batch(table, first)
            yield snapshot.sieve(batch) if snapshot.sieve else batch
        first += table.num_rows


class Coder:
    """Turns columns of text or small integers into codes, and refuses what has no code."""

    def __init__(self, snapshot: Snapshot, path: Path) -> None:
        self.path = path
        self.dimensions = [d.code for d in snapshot.method.dimensions]
        self.columns = ["unit", "group", "channel", "period", *self.dimensions]
        self.units = {u.slug: i for i, u in enumerate(snapshot.round.units)}
        self.groups = {g.code: i for i, g in enumerate(snapshot.method.groups)}
        self.channels = {c.code: i for i, c in enumerate(snapshot.method.channels)}
        self.flags = snapshot.method.flags
        self.upheld = _upheld_weeks(snapshot.round)
        opens_on = snapshot.round.opens_on
        self.days = (opens_on.toordinal() - opens_on.weekday(), snapshot.round.closes_on.toordinal())
        self.levels = {"": BLANK} | {str(level): level for level in range(6)}

    def batch(self, table: Any, first: int) -> Batch:
        """One record batch as codes; `first` is the number of rows before it."""
        answers = tuple(self._answers(table, name, first) for name in self.dimensions)
        self._refuse_empty_rows(answers, first)
        unit, week = self._text(table, "unit", self.units.get, "unknown_unit", first), self._weeks(table, first)
        return Batch(
            unit=unit,
            group=self._text(table, "group", self.groups.get, "unknown_group", first),
            channel=self._text(table, "channel", self.channels.get, "unknown_channel", first),
            week=week,
            flagged=self._flagged(table, unit, week, first),
            answers=answers,
        )

    def _text(self, table: Any, name: str, code_of: Callable[[str], int | None], code: str, first: int) -> Codes:
        values, indices = _distinct(table.column(name))
        known = [code_of(value) for value in values]
        codes = np.array([-1 if k is None else k for k in known], dtype=np.int64)
        if len(values) == 1 and codes[0] >= 0:
            return np.full(len(indices), codes[0])
        rows = codes[indices]
        self._refuse_unknown(rows, values, indices, name, code, first)
        return rows

    def _weeks(self, table: Any, first: int) -> Codes:
        """The week of every ballot; a day outside the round's weeks is refused."""
        days = self._text(table, "period", day_of, "bad_date", first)
        outside = (days < self.days[0]) | (days > self.days[1])
        if outside.any():
            row = int(outside.argmax())
            day, (low, high) = dt.date.fromordinal(int(days[row])), map(dt.date.fromordinal, self.days)
            raise BadInput(
                "day_outside",
                file=self.path,
                line=self._line(first + row),
                field="period",
                value=day,
                low=low,
                high=high,
            )
        return (days - self.days[0]) // 7

    def _answers(self, table: Any, name: str, first: int) -> npt.NDArray[np.uint8]:
        column = table.column(name)
        if pa.types.is_integer(column.type):
            return self._integers(column, name, first)
        values, indices = _distinct(column)
        codes = np.array([self.levels.get(value, -1) for value in values], dtype=np.int64)[indices]
        self._refuse_unknown(codes, values, indices, name, "bad_level", first)
        return codes.astype(np.uint8)

    def _integers(self, column: Any, name: str, first: int) -> npt.NDArray[np.uint8]:
        given = column.fill_null(BLANK) if column.null_count else column
        levels = _numbers(given)
        # BLANK stands for null only: a written 6 is no level.
        if not column.null_count and levels.size and levels.min() >= 0 and levels.max() < BLANK:
            return np.asarray(levels, dtype=np.uint8)
        wrong = (levels < 0) | (levels >= BLANK) & column.is_valid().to_numpy(zero_copy_only=False)
        if wrong.any():
            row = int(wrong.argmax())
            raise BadInput("bad_level", file=self.path, line=first + row + 1, field=name, value=int(levels[row]))
        return np.asarray(levels, dtype=np.uint8)

    def _flagged(self, table: Any, unit: Codes, week: Codes, first: int) -> tuple[npt.NDArray[np.bool_], ...]:
        """Of every flag, the ballots that carry it: written beside them, or lying in a week that a review upheld."""
        carried = self._carried(table, first)
        return tuple(
            self.upheld[unit, week] if flag.by_review else carried.get(flag.code, np.zeros(len(unit), dtype=bool))
            for flag in self.flags
        )

    def _carried(self, table: Any, first: int) -> dict[str, npt.NDArray[np.bool_]]:
        if "flags" not in table.schema.names:
            return {}
        written = [flag.code for flag in self.flags if not flag.by_review]
        values, indices = _distinct(table.column("flags"))
        sets = [set(value.split("|")) - {""} for value in values]
        known = np.array([0 if s <= set(written) else -1 for s in sets], dtype=np.int64)[indices]
        self._refuse_unknown(known, values, indices, "flags", "unknown_flag", first)
        return {code: np.array([code in s for s in sets], dtype=bool)[indices] for code in written}

    def _refuse_unknown(
        self, codes: Codes, values: list[str], indices: Codes, name: str, code: str, first: int
    ) -> None:
        if codes.size and codes.min() < 0:
            row = int((codes < 0).argmax())
            raise BadInput(
                code, file=self.path, line=self._line(first + row), field=name, value=repr(values[indices[row]])
            )

    def _refuse_empty_rows(self, answers: tuple[npt.NDArray[np.uint8], ...], first: int) -> None:
        empty = answers[0] == BLANK
        for column in answers[1:]:
            empty = empty & (column == BLANK)
        if empty.any():
            raise BadInput("empty_row", file=self.path, line=self._line(first + int(empty.argmax())))

    def _line(self, row: int) -> int:
        return row + 1 if self.path.suffix == ".parquet" else physical_line(self.path, row + 1)


def _upheld_weeks(facts: Round) -> npt.NDArray[np.bool_]:
    """[unit, week]: the weeks that a review upheld."""
    found = np.zeros((len(facts.units), week_count(facts)), dtype=bool)
    places = {unit.slug: i for i, unit in enumerate(facts.units)}
    for one in facts.upheld:
        found[places[one.unit], one.first_week : one.first_week + one.weeks] = True
    return found


def _distinct(column: Any) -> tuple[list[str], Codes]:
    """The distinct texts of a column and each row's index into them; null reads as empty text."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    values = ["" if v is None else str(v) for v in column.dictionary.to_pylist()]
    indices = column.indices
    if indices.null_count:
        values, indices = [*values, ""], indices.fill_null(len(values))
    return values, _numbers(indices)


def _numbers(column: Any) -> npt.NDArray[Any]:
    """A column of integers without nulls as an array; by DLPack, for pyarrow's own way would load pandas first."""
    return np.from_dlpack(column)


def day_of(value: str) -> int | None:
    """The ordinal of an ISO date, None for anything else."""
    try:
        return dt.date.fromisoformat(value).toordinal() if len(value) == 10 else None
    except ValueError:
        return None
