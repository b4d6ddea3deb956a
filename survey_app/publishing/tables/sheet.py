"""A table as it was read: raw cells under the name of their file and sheet, within bounds."""

from dataclasses import dataclass, field

MOST_ROWS = 60_000
MOST_COLUMNS = 300


@dataclass(frozen=True)
class Row:
    """One row that is not empty: its number as the spreadsheet shows it, and its cells as they were stored."""

    number: int
    cells: tuple[object, ...]


@dataclass(frozen=True)
class Table:
    """One sheet, or one CSV file; `merged`: areas of merged cells as the spreadsheet names them."""

    file: str
    sheet: str
    rows: tuple[Row, ...]
    merged: tuple[str, ...] = ()
    notes: tuple[tuple[str, dict[str, object]], ...] = field(default=())
    book: str = ""  # sheets of one workbook belong together, and so do all CSV files of one import
