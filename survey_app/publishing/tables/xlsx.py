"""An .xlsx workbook read row by row, once `package` has found it within bounds. Formulas are seen, never worked out."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.tables.cells import Broken, Formula
from survey_app.publishing.tables.guard import from_xlsx
from survey_app.publishing.tables.package import refuse_unsafe
from survey_app.publishing.tables.sheet import MOST_COLUMNS, MOST_ROWS, Row, Table

HELPERS = ("填写说明", "选项")
_BROKEN_FILE = (
    InvalidFileException,
    zipfile.BadZipFile,
    SyntaxError,  # of both XML readers that openpyxl uses
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)


def read_xlsx(path: Path, name: str) -> list[Table]:
    """The visible sheets of a workbook. Raises BadInput."""
    refuse_unsafe(path, name)
    try:
        with path.open("rb") as file:  # an open file, for openpyxl asks a path for its ending
            reader = _Reader(file, read_only=True, keep_vba=False, data_only=False, keep_links=False)
            reader.read()
            return _tables(reader, name)
    except _BROKEN_FILE as error:
        problem = N_("文件坏了，读不出来。请用表格软件打开后另存为“.xlsx”。")
        raise BadInput(file=name, problem=problem) from error


class _Reader(ExcelReader):
    """openpyxl's reader, with texts as Excel wrote them: its own drops half of an _xHHHH_ escape."""

    def read_strings(self) -> None:
        """Fill the table of shared texts."""
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]  # its stub has none
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_shared_texts(source))


def _shared_texts(source: IO[bytes]) -> Iterator[str]:
    for _event, node in iterparse(source):
        if node.tag == f"{{{SHEET_MAIN_NS}}}si":
            text = Text.from_tree(node)
            yield text.content if text else ""
            node.clear()


def _tables(reader: _Reader, name: str) -> list[Table]:
    found, hidden = [], []
    for sheet in reader.wb.worksheets:
        if sheet.title in HELPERS:
            continue
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        table = _table(reader, sheet, name)
        if table.rows:
            found.append(table)
    reader.archive.close()
    if not found:
        raise BadInput(file=name, problem=N_("表里没有内容。"))
    return [*found[:-1], _with_note(found[-1], hidden)]


def _table(reader: _Reader, sheet: Any, name: str) -> Table:
    with reader.archive.open(sheet._worksheet_path) as source:
        parser = _parser(reader, source)
        rows = tuple(_rows(parser, sheet.title, name))
    return Table(name, sheet.title, rows, _merged(parser), book=name)


def _with_note(table: Table, hidden: list[str]) -> Table:
    if not hidden:
        return table
    params: dict[str, object] = {"sheets": "、".join(hidden)}
    return replace(table, notes=((N_("隐藏的表没有读：%(sheets)s。"), params),))


def _parser(reader: _Reader, source: IO[bytes]) -> WorkSheetParser:
    """openpyxl's own parser, without its read-only sheet, which fills every row up to its last cell, be it blank."""
    book: Any = reader.wb
    return WorkSheetParser(
        source,
        reader.shared_strings,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _rows(parser: WorkSheetParser, title: str, name: str) -> Iterator[Row]:
    count = 0
    for number, cells in parser.parse():
        found = {cell["column"]: _value(cell) for cell in cells}
        filled = {column for column, value in found.items() if value is not None and str(value).strip()}
        if not filled:
            continue
        count += 1
        if count > MOST_ROWS or max(filled) > MOST_COLUMNS:
            problem = N_("“%(sheet)s”太大：最多%(rows)s行、%(columns)s列。请分成几个文件。")
            raise BadInput(file=name, problem=problem, sheet=title, rows=MOST_ROWS, columns=MOST_COLUMNS)
        yield Row(number, tuple(found.get(column) for column in range(1, max(filled) + 1)))


def _value(cell: dict[str, Any]) -> object:
    value, kind = cell["value"], cell["data_type"]
    if value is None:
        return None
    if kind == "f":
        return Formula()
    if kind == "e":
        return Broken(str(value))
    return from_xlsx(value) if isinstance(value, str) else value


def _merged(parser: WorkSheetParser) -> tuple[str, ...]:
    """Areas merged over more than one row or column; known once all rows are read."""
    found = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return tuple(sorted({area.ref for area in found}))
