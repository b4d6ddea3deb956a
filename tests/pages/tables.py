"""Tables as tests write them: a workbook from rows, a plan from files, a small set of pages to hold them against."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from survey_app.publishing.book import Book, read_book
from survey_app.publishing.tables.applying import read_files
from survey_app.publishing.tables.plan import Plan
from survey_app.publishing.tables.planning import Bounds, make_plan

TODAY = date(2026, 11, 24)
Rows = list[list[object]]


def workbook(path: Path, **sheets: Rows) -> Path:
    """An .xlsx file as a clerk's program writes it: values as they are given."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def plan_of(book: Book | Path, *files: Path, wishes: Mapping[str, str] | None = None, unit: str = "") -> Plan:
    """The dry run of these files over these pages."""
    pages = book if isinstance(book, Book) else read_book(book)
    tables = read_files([(file, file.name) for file in files], wishes or {})
    return make_plan(tables, pages, today=TODAY, bounds=Bounds(unit))


def said(plan: Plan) -> list[tuple[int, str, str]]:
    """Row, column and words of every refusal."""
    return [(r.row, r.column, r.text()) for entry in plan.entries for r in entry.errors]
