"""Files of ballots as a stream of columns, CSV or Parquet; memory stays flat, whatever the number of rows."""

import codecs
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .errors import BadInput

BATCH_ROWS = 1 << 18
BLOCK_BYTES = 1 << 22
DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def tables(path: Path, expected: list[str]) -> Iterator[Any]:
    """The columns of a file, some rows at a time, texts as dictionaries. Raises BadInput."""
    return _parquet(path, expected) if path.suffix == ".parquet" else _csv(path, expected)


def _check_header(path: Path, header: list[str], expected: list[str]) -> None:
    line = None if path.suffix == ".parquet" else 1
    allowed = ", ".join([*expected, "[flags]"])
    for name in expected:
        if name not in header:
            raise BadInput("missing_column", file=path, line=line, field=name, allowed=allowed)
    for i, name in enumerate(header):
        if name in header[:i]:
            raise BadInput("duplicate_column", file=path, line=line, field=name)
        if name not in expected and name != "flags":
            raise BadInput("extra_column", file=path, line=line, field=name, allowed=allowed)


def _csv(path: Path, expected: list[str]) -> Iterator[Any]:
    header = check_utf8(path)
    _check_header(path, header, expected)
    wrong: list[Any] = []

    def remember(row: Any) -> str:
        wrong.append(row)
        return "skip"

    try:
        for table in _open_csv(path, header, remember):
            _refuse_width(path, wrong)
            yield table
    except pa.ArrowInvalid as error:
        raise BadInput("broken_csv", file=path, value=str(error)) from error
    _refuse_width(path, wrong)


def _open_csv(path: Path, header: list[str], remember: Callable[[Any], str]) -> Any:
    # One thread: only then does pyarrow know the number of a bad row.
    return pacsv.open_csv(
        path,
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        parse_options=pacsv.ParseOptions(invalid_row_handler=remember),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(header, DICTIONARY), strings_can_be_null=False, check_utf8=False
        ),
    )


def _refuse_width(path: Path, wrong: list[Any]) -> None:
    for row in wrong:
        line = physical_line(path, row.number - 1)
        raise BadInput("row_width", file=path, line=line, value=row.actual_columns, expected=row.expected_columns)


def check_utf8(path: Path) -> list[str]:
    """Check that a CSV file is UTF-8 all through and return its header. Raises BadInput."""
    decoder, line = codecs.getincrementaldecoder("utf-8-sig")(), 1
    first, header = True, ""
    with path.open("rb") as file:
        while piece := file.read(BLOCK_BYTES):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise BadInput("not_utf8", file=path, line=line) from error
            line += piece.count(b"\n")
            header, first = (text if first else header), False
    lines = header.splitlines()
    return next(csv.reader(lines[:1]), [])


def _parquet(path: Path, expected: list[str]) -> Iterator[Any]:
    try:
        names = pq.read_schema(path).names
        _check_header(path, names, expected)
        texts = [n for n in names if pa.types.is_string(pq.read_schema(path).field(n).type)]
        yield from pq.ParquetFile(path, read_dictionary=texts).iter_batches(BATCH_ROWS, use_threads=False)
    except pa.ArrowException as error:
        raise BadInput("broken_parquet", file=path, value=str(error)) from error


def physical_line(path: Path, row: int) -> int:
    """The 1-based line of the row-th line that is not empty (0 is the header)."""
    with path.open("rb") as file:
        filled = (i for i, line in enumerate(file, 1) if line.strip(b"\r\n"))
        return next((line for n, line in enumerate(filled) if n == row), row + 1)
