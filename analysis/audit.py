"""Audits of what a table gives away: of a release's remainder rows, or of any table with totals (method.md §6)."""

import csv
import re
from pathlib import Path

import numpy as np

from .earlier import read_release
from .errors import BadInput
from .privacy import feasible_ranges, remainder_ranges

HIDDEN, NUMBER = re.compile(r"\(([0-9]{1,12})\)"), re.compile(r"[0-9]{1,12}")
MOST_HIDDEN = 400  # each hidden cell takes two linear programs over all of them
Narrow = tuple[str, str, int, int]


def audit(path: Path, min_n: int) -> list[Narrow]:
    """(row, column, least, greatest value) of every cell that the figures shown confine too narrowly. Raises BadInput.

    Of a release: cells of a remainder row whose answers are fixed by it. Of a .csv table: hidden cells whose range is
    narrower than `min_n`, where row and column totals are known.
    """
    if path.suffix != ".csv":
        return [found for found in remainder_ranges(read_release(path)) if found[2] == found[3]]
    rows, columns, table, hidden = read_table(path)
    ranges = feasible_ranges(table, hidden)
    return [(rows[i], columns[j], low, high) for (i, j), (low, high) in ranges.items() if high - low < min_n]


def read_table(path: Path) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
    """A .csv file of names and whole numbers, hidden ones in brackets: rows, columns, values and which are hidden."""
    lines = _lines(path)
    if len(lines) < 2 or len(lines[0]) < 2:
        raise BadInput("bad_table", file=path, line=1)
    for number, line in enumerate(lines, 1):
        if len(line) != len(lines[0]):
            raise BadInput("row_width", file=path, line=number, value=len(line), expected=len(lines[0]))
    cells = [[_number(text, path, i) for text in line[1:]] for i, line in enumerate(lines[1:], 2)]
    hidden = np.array([[bool(HIDDEN.fullmatch(text.strip())) for text in line[1:]] for line in lines[1:]])
    if hidden.sum() > MOST_HIDDEN:
        raise BadInput("table_large", file=path, value=int(hidden.sum()), allowed=MOST_HIDDEN)
    return [line[0] for line in lines[1:]], lines[0][1:], np.array(cells, dtype=np.int64), hidden


def _lines(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise BadInput("missing_file", file=path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [line for line in csv.reader(file, strict=True) if line]
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", file=path) from error
    except csv.Error as error:
        raise BadInput("broken_csv", file=path, value=error) from error


def _number(text: str, path: Path, line: int) -> int:
    found = HIDDEN.fullmatch(text.strip())
    plain = found[1] if found else text.strip()
    if not NUMBER.fullmatch(plain):
        raise BadInput("bad_table", file=path, line=line, value=repr(text))
    return int(plain)
