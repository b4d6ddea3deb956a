"""CSV in and out: UTF-8 with or without BOM, GB18030 as Excel saves it, UTF-16 as “Unicode text”."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.tables.guard import for_csv, from_csv
from survey_app.publishing.tables.mapping import known_names, plain
from survey_app.publishing.tables.sheet import MOST_COLUMNS, MOST_ROWS, Row, Table

SEPARATORS = ",\t;"
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "utf-16": "utf-16"}


def read_csv(path: Path, name: str, encoding: str = "") -> Table:
    """One table. Raises BadInput with the line."""
    raw = path.read_bytes()
    used, text = decode(raw, name, encoding)
    if "\0" in text:
        raise BadInput(file=name, problem=N_("这不是表格文件。请导出为“.xlsx”或CSV。"))
    separator = separator_of(text)
    rows = _rows(text, separator, name)
    note = (N_("按%(encoding)s编码读的，共%(count)s行。"), {"encoding": used.upper(), "count": len(rows)})
    return Table(name, Path(name).stem, tuple(rows), notes=(note,))


def decode(raw: bytes, name: str, encoding: str = "") -> tuple[str, str]:
    """Encoding and text: the first of UTF-16 with BOM, UTF-8, GB18030 that reads every byte strictly."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = encoding or "utf-16"
    tried = [encoding] if encoding else ["utf-8", "gb18030"]
    wrong: UnicodeDecodeError | None = None
    for one in tried:
        try:
            return one, raw.decode(ENCODINGS[one])
        except UnicodeDecodeError as error:
            wrong = wrong or error
    line = raw[: wrong.start if wrong else 0].count(b"\n") + 1
    problem = N_("第%(line)s行：不是UTF-8，也不是GB18030编码。请用表格软件另存为“CSV UTF-8”或“.xlsx”。")
    raise BadInput(file=name, problem=problem, line=line)


def separator_of(text: str) -> str:
    """The sign that cuts the first line into the most known names, then into the most cells; else a comma."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def fitness(sign: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=sign), [])
        return sum(1 for cell in cells if plain(cell) in known_names()), len(cells)

    return max(SEPARATORS, key=fitness)


def _rows(text: str, separator: str, name: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(from_csv(cell) for cell in cells)))
            _refuse_too_many(len(rows), len(cells), name)
            line = reader.line_num + 1
    except csv.Error as error:
        problem = N_("第%(line)s行：引号不成对，或有不能用的字符。请用表格软件重新另存。")
        raise BadInput(file=name, problem=problem, line=reader.line_num) from error
    return rows


def _refuse_too_many(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        problem = N_("表太大：最多%(rows)s行、%(columns)s列。请分成几个文件。")
        raise BadInput(file=name, problem=problem, rows=MOST_ROWS, columns=MOST_COLUMNS)


def write_csv(header: Iterable[str], rows: Iterable[Iterable[str]], encoding: str = "utf-8") -> bytes:
    """A CSV file as bytes; every cell guarded. UTF-8 carries a BOM, by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(header))
    writer.writerows([for_csv(cell) for cell in row] for row in rows)
    return out.getvalue().encode(ENCODINGS[encoding])
