"""A workbook being written: formats made once, text always as text, the same bytes for the same release."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from ..columns import Column

FORMATS = {
    "int": "#,##0",
    "score": "0.00",
    "rate": "0.0",
    "z": "0.000",
    "text": "@",
    "exact": "@",
    "chance": "@",
    "p": "@",
}
WIDE = 16  # columns from which a printed table takes two pages across
LONG = 60  # half-width signs from which a text is wrapped
# A serial far before any round, so that the same release gives the same bytes.
MADE_AT = dt.datetime(2000, 1, 1)


class Book:
    """A workbook of plain tables; nothing in it is ever a formula."""

    def __init__(self, out: io.BytesIO, title: str) -> None:
        self.book = xlsxwriter.Workbook(
            out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.book.set_properties({"created": MADE_AT, "title": title})
        font = {"font_name": "Microsoft YaHei", "font_size": 11, "valign": "top"}
        head = font | {"bold": True, "bottom": 2, "text_wrap": True, "valign": "vcenter"}
        self.head = self.book.add_format(head)
        self.title = self.book.add_format(font | {"bold": True, "font_size": 16})
        self.kinds = {
            kind: self.book.add_format(font | {"num_format": code} | ({"indent": 1} if code == "@" else {}))
            for kind, code in FORMATS.items()
        }
        self.label = self.book.add_format(font | {"bold": True})
        self.left = self.book.add_format(font | {"num_format": FORMATS["int"], "align": "left"})
        self.wrap = self.book.add_format(font | {"num_format": "@", "text_wrap": True})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
        """A table with frozen head, filter and widths; headers say the unit of measure."""
        rows = list(rows)
        sheet = self.book.add_worksheet(name)
        sheet.set_row(0, 34)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, header(column), self.head)
            values = [row.get(column.name) for row in rows]
            # Exact fractions are for recomputing, not for reading: folded away, they do not crowd screen and paper.
            folded = {"level": 1, "hidden": True} if column.kind == "exact" else {}
            sheet.set_column(place, place, _width(header(column), values, column), None, folded)
            for number, value in enumerate(values, 1):
                write(sheet, number, place, value, self._style(column, value))
        sheet.freeze_panes(1, 2 if columns[0].name == "unit" else 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        _paper(sheet, len(columns), name)

    def _style(self, column: Column, value: object) -> Any:
        """Long texts wrap, so that no column is wider than a screen."""
        long = column.kind == "text" and value is not None and _cells(str(value)) > LONG
        return self.wrap if long else self.kinds[column.kind]

    def facts(self, name: str, title: str, rows: Iterable[tuple[str, str | int]]) -> None:
        """A sheet of labels and values."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, title, self.title)
        for row, (label, value) in enumerate(rows, 2):
            sheet.write_string(row, 0, label, self.label)
            write(sheet, row, 1, value, self.left if isinstance(value, int) else self.wrap)
        _paper(sheet, 2, name)


def _paper(sheet: Any, columns: int, name: str) -> None:
    """A4, as many pages down as it takes, its name and page number at the foot."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1 if columns < WIDE else 2, 0)
    sheet.set_footer(f"&L{name}&R&P／&N")
    if columns > 2:
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)


def write(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    """A number as a number, anything else as text, nothing for None."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif value is not None:
        sheet.write_string(row, column, str(value), style)


def header(column: Column) -> str:
    """A Chinese header with its unit of measure."""
    return f"{column.zh}（{column.unit}）" if column.unit else column.zh


def _width(head: str, values: Sequence[object], column: Column) -> float:
    longest = max((_cells(str(v)) for v in values if v is not None), default=0)
    return float(min(max(_cells(head) * 0.75 + 3, longest + 3, 8), 24 if column.kind == "exact" else LONG + 3))


def _cells(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
