"""Any table as an Excel file: one sheet, texts always as text, numbers and days as what they are.

Nothing becomes a formula: every text is written as a string, and XlsxWriter is told to guess nothing. In constant
memory a row goes to disk as soon as the next one begins: 50,000 rows cost no more memory than one.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

import xlsxwriter

from survey_app.web import training

MOST_SIGNS = 32_767  # what a cell of Excel holds
NARROWEST, WIDEST, MEASURED = 8, 60, 200
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # control signs are written _xHHHH_ by XlsxWriter, as Excel does
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_FONT: dict[str, object] = {"font_name": "Microsoft YaHei", "font_size": 11, "valign": "top"}
_FORMATS: dict[str, dict[str, object]] = {
    "head": {"bold": True, "bottom": 2, "text_wrap": True, "valign": "vcenter", "num_format": "@"},
    "note": {"bold": True, "font_color": "#C00000", "num_format": "@"},
    "text": {"num_format": "@"},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "General"},
    "percent": {"num_format": "0.0%"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}


class Percent(float):
    """A share, 0.714, that Excel shows as 71.4% and counts with."""


@dataclass(frozen=True)
class Table:
    """One sheet: what it is called, its header, its rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_table(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    made_at: datetime,
    more: Iterable[Table] = (),
    note: str | None = None,
) -> bytes:
    """The workbook's bytes: a frozen header with filters above the rows. A text too long for a cell ends in “…”.

    `more`: sheets after the first. `note`: a line above each header; None: what this portal has to say of itself.
    """
    above = training.note() if note is None else note
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": made_at.replace(tzinfo=None), "title": title, "author": "pingyi"})
    formats = {name: book.add_format(_FONT | how) for name, how in _FORMATS.items()}
    for table in (Table(title, header, rows), *more):
        _write_sheet(book.add_worksheet(table.title.translate(_NOT_IN_TITLES)[:31]), table, formats, above)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any], above: str) -> None:
    rows, head = iter(table.rows), 1 if above else 0
    first = list(islice(rows, MEASURED))
    _lay_out(sheet, table.header, first, head)
    if above:
        sheet.write_string(0, 0, above, formats["note"])
    _write_row(sheet, head, table.header, formats, "head")
    last = head
    for last, row in enumerate(chain(first, rows), head + 1):
        _write_row(sheet, last, row, formats)
    sheet.autofilter(head, 0, max(last, head + 1), len(table.header) - 1)


def _write_row(sheet: Any, number: int, row: Sequence[object], formats: dict[str, Any], text: str = "text") -> None:
    for place, value in enumerate(row):
        if isinstance(value, date) and not isinstance(value, datetime):
            sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), formats["day"])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(number, place, value, formats[_kind(value)])
        elif value is not None and value != "":
            sheet.write_string(number, place, _fitting(str(value)), formats[text])


def _kind(value: float) -> str:
    if isinstance(value, Percent):
        return "percent"
    return "whole" if isinstance(value, int) else "number"


def _fitting(text: str) -> str:
    text = _NO_XML.sub("\ufffd", text)
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"


def _lay_out(sheet: Any, header: Sequence[str], rows: list[Sequence[object]], head: int) -> None:
    """Widths by the first rows; A4 landscape, one page wide, the lines up to the header (row `head`) on every page."""
    for place, word in enumerate(header):
        longest = max((_cells(str(row[place])) for row in rows if row[place] is not None), default=0)
        sheet.set_column(place, place, min(max(_cells(word) + 4, longest + 3, NARROWEST), WIDEST))
    sheet.set_row(head, 30)
    sheet.freeze_panes(head + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head)
    sheet.set_footer("&C&P / &N")


def _cells(text: str) -> int:
    """Width in half-width signs."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
