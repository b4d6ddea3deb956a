"""The workbook a clerk gets: the template with one example, or the pages as they stand. Every cell is typed as text."""

import io
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.tables.cells import MOST_SIGNS, NO, YES
from survey_app.publishing.tables.columns import SLUG, UNIT, Column, Sheet, sheets
from survey_app.publishing.tables.examples import example
from survey_app.publishing.tables.guard import for_xlsx
from survey_app.publishing.tables.notes import notes
from survey_app.publishing.tables.rows import Cells, header_of, sheet_rows

CHOICES, NOTES = "选项", "填写说明"
FONT = "宋体"
MUST, MAY, KEEP, EDGE = "174A8C", "5B6B7B", "8A8F98", "C9D1DA"
LAST_ROW = 3000
WIDEST_FIT = 190
MOST_LINES = 16
MOST_HINT = 250  # Excel takes 255 signs
WIDTHS = {"integer": 11, "number": 10, "flag": 10, "day": 13, "enum": 15, "lines": 38, "unit": 22, "units": 24}
NARROW = {"phone": 15, "complaint_phone": 15, "code": 24, "@code": 24, SLUG: 18, UNIT: 22, "title": 28, "@title": 28}
SHORT = (
    "copies",
    "time",
    "number",
    "amount",
    "head",
    "first_contact",
    "person",
    "limit",
    "name",
    "staff_no",
    "state",
    "floor",
    "copies",
    "back_at",
)


def write_workbook(
    pages: list[Page], book: Book, *, template: bool = False, kinds: Iterable[str] = (), note: str = ""
) -> bytes:
    """An .xlsx file; `note` above how to fill it. Raises BadInput for a text no cell can hold."""
    made = Workbook(write_only=True)
    made.properties.creator, made.properties.title = "pingyi", "政务公开表格"
    made.properties.created = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    for style in _styles():
        made.add_named_style(style)
    wanted = [sheet for sheet in sheets() if not kinds or sheet.kind in set(kinds)]
    _write_notes(made, wanted, note)
    choices = _Choices(wanted)
    for sheet in wanted:
        rows = list(sheet_rows(sheet, pages, book))
        _write_sheet(made, sheet, [*([example(sheet)] if template else []), *rows], choices, template)
    choices.write(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _styles() -> Iterator[NamedStyle]:
    line = Side(style="thin", color=EDGE)
    box = Border(left=line, right=line, top=line, bottom=line)
    text = Alignment(vertical="top", wrap_text=True)
    middle = Alignment(vertical="center", horizontal="center", wrap_text=True)

    def make(name: str, font: Font, fill: str = "", at: Alignment = text, edge: Border = box) -> NamedStyle:
        fills = PatternFill("solid", fgColor=fill) if fill else PatternFill()
        return NamedStyle(name=name, font=font, fill=fills, alignment=at, border=edge, number_format="@")

    yield make("p-text", Font(FONT, 10.5))
    yield make("p-kept", Font(FONT, 10.5, color=KEEP), "F4F5F7")
    yield make("p-example", Font(FONT, 10.5, italic=True, color="7A5A00"), "FFF7DF")
    for name, fill in (("p-must", MUST), ("p-may", MAY), ("p-keep", KEEP)):
        yield make(name, Font(FONT, 10.5, bold=True, color="FFFFFF"), fill, middle)
    yield make("p-title", Font(FONT, 16, bold=True, color=MUST), at=Alignment(vertical="center"), edge=Border())
    yield make("p-heading", Font(FONT, 12, bold=True, color=MUST), at=Alignment(vertical="bottom"), edge=Border())
    yield make("p-plain", Font(FONT, 10.5), edge=Border())
    yield make("p-line", Font(FONT, 10.5), at=Alignment(vertical="center"), edge=Border())


def _write_sheet(made: Workbook, sheet: Sheet, rows: list[Cells], choices: "_Choices", template: bool) -> None:
    page = made.create_sheet(sheet.name)
    _lay_out(page, sheet)
    page.append([_cell(page, f"#{column.key}", "p-plain") for column in sheet.columns])
    page.append([_cell(page, header_of(column), _head_style(column)) for column in sheet.columns])
    for number, cells in enumerate(rows):
        style = "p-example" if template and not number else ""
        page.row_dimensions[number + 3].height = _height(sheet, cells)
        page.append([_text_cell(page, sheet, column, cells, style, number + 3) for column in sheet.columns])
    for place, column in enumerate(sheet.columns, 1):
        page.data_validations.append(_validation(column, get_column_letter(place), choices))


def _height(sheet: Sheet, cells: Cells) -> float:
    """Room for the cell with the most lines; not every program finds it out by itself."""
    lines = [_lines(cells.get(column.key, ""), _width(column)) for column in sheet.columns]
    return min(max(lines, default=1), MOST_LINES) * 14.5 + 3


def _lines(text: str, width: float) -> int:
    """How many lines a text takes: a Chinese sign is as wide as two others."""
    wide = (sum(1 if ord(sign) < 0x2E80 else 2 for sign in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(signs / (width - 1))) for signs in wide)


def _head_style(column: Column) -> str:
    if column.key in (SLUG, "@title") and not column.required:
        return "p-keep"
    return "p-must" if column.required else "p-may"


def _cell(page: Any, text: str, style: str) -> Any:
    """A cell typed as text, whatever it begins with: no formula, no number, no date can arise."""
    cell = WriteOnlyCell(page, value=for_xlsx(text) or None)
    if text:
        cell.data_type = "s"
    cell.style = style
    return cell


def _text_cell(page: Any, sheet: Sheet, column: Column, cells: Cells, style: str, row: int) -> Any:
    text = cells.get(column.key, "")
    if len(text) > MOST_SIGNS:
        problem = N_("第%(row)s行“%(field)s”有%(count)s个字，表格一格最多%(most)s个。请先在工作台改短，或导出CSV。")
        raise BadInput(file=sheet.name, problem=problem, row=row, field=column.title, count=len(text), most=MOST_SIGNS)
    return _cell(page, text, style or ("p-kept" if column.key == SLUG else "p-text"))


def _lay_out(page: Any, sheet: Sheet) -> None:
    """Widths, text format for cells still empty, frozen header, landscape A4 one page wide."""
    for place, column in enumerate(sheet.columns, 1):
        dimension = page.column_dimensions[get_column_letter(place)]
        dimension.width = _width(column)
        dimension.number_format = "@"
    page.row_dimensions[1].hidden = True
    page.row_dimensions[2].height = 32
    kept = 1 if sheet.kind == "unit" else 2  # unit and name stay in sight
    page.freeze_panes = f"{get_column_letter(kept + 1)}3"
    page.sheet_properties.tabColor = MUST if not sheet.field else "9DB4D3"
    page.sheet_view.showGridLines = False
    _print_set_up(page, fit=sum(_width(column) for column in sheet.columns) <= WIDEST_FIT)
    page.print_title_rows, page.print_title_cols = "2:2", f"A:{get_column_letter(kept)}"
    page.oddFooter.center.text = f"{sheet.name}　&P / &N"


def _print_set_up(page: Any, *, fit: bool) -> None:
    """A4 landscape; a sheet too wide for one page to be read runs over several, each with the first columns again."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.8
    if fit:
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    else:
        page.page_setup.scale = 80


def _width(column: Column) -> float:
    if column.key in NARROW:
        return NARROW[column.key]
    if column.key.rpartition(".")[2] in SHORT:
        return 16
    return max(WIDTHS.get(column.kind, 30), len(column.title) + 4)  # the header has two lines


def _validation(column: Column, letter: str, choices: "_Choices") -> DataValidation:
    """A list to choose from where there is one, and the field's help when the cell is entered."""
    source = choices.source(column)
    made = DataValidation(type="list" if source else None, formula1=source, allow_blank=True)
    made.promptTitle = for_xlsx(column.title[:30])
    hint = column_hint(column)
    made.prompt = for_xlsx(hint if len(hint) <= MOST_HINT else hint[: MOST_HINT - 1] + "…")
    made.showInputMessage = bool(hint)
    if source:
        made.showErrorMessage, made.errorTitle, made.error = True, N_("请从列表里选"), N_("只能从下拉列表里选一项。")
    made.add(f"{letter}3:{letter}{LAST_ROW}")
    return made


def column_hint(column: Column) -> str:
    """What a good answer looks like, and how it is written in a cell."""
    ways = {
        "lines": N_("每条一行，格内换行按Alt+Enter。"),
        "enums": N_("可写几项，用顿号隔开："),
        "units": N_("可写几个，用顿号隔开。"),
        "day": N_("例：2026-11-03。"),
    }
    way = "" if column.kind == "day" and N_("例：") in column.hint else ways.get(column.kind, "")
    if column.kind == "enums":
        way += "、".join(label for _code, label in column.options) + "。"
    return (N_("必填。") if column.required else "") + column.hint + way


class _Choices:
    """A hidden sheet with the choices of every column, one column each."""

    def __init__(self, wanted: list[Sheet]) -> None:
        self.lists: list[tuple[str, ...]] = []
        for sheet in wanted:
            for column in sheet.columns:
                labels = self._labels(column)
                if labels and labels not in self.lists:
                    self.lists.append(labels)

    @staticmethod
    def _labels(column: Column) -> tuple[str, ...]:
        if column.kind == "flag":
            return (YES, NO)
        return tuple(label for _code, label in column.options) if column.kind == "enum" else ()

    def source(self, column: Column) -> str | None:
        """The range that holds this column's choices."""
        labels = self._labels(column)
        if not labels:
            return None
        letter = get_column_letter(self.lists.index(labels) + 1)
        return f"'{CHOICES}'!${letter}$1:${letter}${len(labels)}"

    def write(self, made: Workbook) -> None:
        """The sheet itself, which users do not see."""
        page = made.create_sheet(CHOICES)
        page.sheet_state = "veryHidden"
        for row in range(max((len(labels) for labels in self.lists), default=0)):
            page.append([_cell(page, labels[row] if row < len(labels) else "", "p-plain") for labels in self.lists])


def _write_notes(made: Workbook, wanted: list[Sheet], note: str) -> None:
    page = made.create_sheet(NOTES)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 10
    page.column_dimensions["C"].width, page.column_dimensions["D"].width = 18, 82
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = "7A5A00"
    _print_set_up(page, fit=True)
    for row in [*([[(note, "p-heading")]] if note else []), *notes(wanted, column_hint)]:
        page.append([_cell(page, text, style) for text, style in row])
