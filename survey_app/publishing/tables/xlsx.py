"""An .xlsx workbook read with bounds: size before parsing, no macros, no document types, no formulas, row by row."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.tables.cells import Broken, Formula
from survey_app.publishing.tables.guard import from_xlsx
from survey_app.publishing.tables.sheet import MOST_COLUMNS, MOST_ROWS, Row, Table

MOST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 2_000
LAST_ROW = 1_048_576
HELPERS = ("填写说明", "选项")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:]+)"')
_BROKEN_FILE = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
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
    _refuse_unsafe(path, name)
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


def _refuse_unsafe(path: Path, name: str) -> None:
    """Threat: a small file that unpacks without end, or carries code. Looked at before any of it is parsed."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
                problem = N_("展开后有%(size)s MB，最多%(most)s MB，没有打开。请按单位分开。")
                size, most = unpacked // 1024**2, MOST_UNPACKED // 1024**2
                raise BadInput(file=name, problem=problem, size=size, most=most)
            _refuse_parts(archive, parts, name)
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError) as error:
        problem = N_("文件坏了或加了密码，读不出来。请用表格软件打开后另存为“.xlsx”。")
        raise BadInput(file=name, problem=problem) from error


def _refuse_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    names = {part.filename for part in parts}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise BadInput(file=name, problem=N_("带宏的文件不收。请另存为“.xlsx”。"))
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise BadInput(file=name, problem=N_("这不是表格文件。请导出为“.xlsx”或CSV。"))
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(4096).replace(b"\0", b""):
                    raise BadInput(file=name, problem=N_("文件里有不该有的声明，没有打开。请用表格软件另存为“.xlsx”。"))


def _tables(reader: _Reader, name: str) -> list[Table]:
    found, hidden = [], []
    for sheet in reader.wb.worksheets:
        if sheet.title in HELPERS:
            continue
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        rows = tuple(_rows(sheet, name))
        if rows:
            found.append(Table(name, sheet.title, rows, _merged(reader.archive, sheet), book=name))
    reader.archive.close()
    if not found:
        raise BadInput(file=name, problem=N_("表里没有内容。"))
    return [*found[:-1], _with_note(found[-1], hidden)]


def _with_note(table: Table, hidden: list[str]) -> Table:
    if not hidden:
        return table
    params: dict[str, object] = {"sheets": "、".join(hidden)}
    return replace(table, notes=((N_("隐藏的表没有读：%(sheets)s。"), params),))


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    count = 0
    for cells in sheet.iter_rows():
        values = [_value(cell) for cell in cells]
        while values and (values[-1] is None or values[-1] == ""):
            values.pop()
        if not any(value is not None and str(value).strip() for value in values):
            continue
        count += 1
        if count > MOST_ROWS or len(values) > MOST_COLUMNS:
            problem = N_("“%(sheet)s”太大：最多%(rows)s行、%(columns)s列。请分成几个文件。")
            raise BadInput(file=name, problem=problem, sheet=sheet.title, rows=MOST_ROWS, columns=MOST_COLUMNS)
        yield Row(next(cell.row for cell in cells if cell.value is not None), tuple(values))


def _value(cell: Any) -> object:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return Formula()
    if cell.data_type == "e":
        return Broken(str(cell.value))
    return from_xlsx(cell.value) if isinstance(cell.value, str) else cell.value


def _merged(archive: zipfile.ZipFile, sheet: Any) -> tuple[str, ...]:
    """Areas merged over more than one row or column; the read-only sheet does not know them."""
    tail, found = b"", []
    with archive.open(sheet._worksheet_path) as source:
        while block := source.read(1 << 20):
            found += _MERGED.findall(tail + block)
            tail = block[-200:]
    return tuple(sorted({area.decode() for area in found}))
