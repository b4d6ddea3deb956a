"""One page being changed by rows: its data, what differs, and where each part of it stands in the tables."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from survey_app.domain.errors import N_
from survey_app.publishing.pages import Page, new_page
from survey_app.publishing.schemas import validator
from survey_app.publishing.tables.cells import CellWrong, Names, read_value, show_value, text_of
from survey_app.publishing.tables.columns import CODES, SLUG, Column, Sheet
from survey_app.publishing.tables.plan import Change, Remark
from survey_app.publishing.tables.rows import Cells, is_none_row, list_cells, main_cells, put, value_at

EXAMPLE = "（示例）"


@dataclass
class Line:
    """One row of a table: raw cells by key, and what is said of them."""

    sheet: str
    row: int
    raw: dict[str, object]
    columns: dict[str, Column]
    remarks: list[Remark] = field(default_factory=list)

    def text(self, key: str, before: str | None = None) -> str | None:
        """The text of a cell; None where the table has no such column or the cell cannot be read, which is remarked."""
        if key not in self.raw:
            return None
        raw = self.raw[key]
        if before is not None and isinstance(raw, str) and same_text(raw, before):
            return before
        text: str | None = self.attempt(key, lambda: text_of(raw, self.columns[key]))
        return text

    def attempt(self, key: str, read: Callable[[], Any]) -> Any:
        """What `read` gives, or None and a remark on this cell."""
        try:
            return read()
        except CellWrong as wrong:
            self.say(key, wrong.message, wrong.params)
            return None

    def say(self, key: str, message: str, params: dict[str, object], level: str = "error") -> None:
        """Remark on a cell of this row."""
        column = self.columns.get(key)
        self.remarks.append(Remark(self.sheet, self.row, column.title if column else "", message, params, level))

    @property
    def has_errors(self) -> bool:
        """Whether something keeps this row out."""
        return any(remark.level == "error" for remark in self.remarks)

    @property
    def is_example(self) -> bool:
        """Whether this is the row that the template shows how to fill."""
        return any(isinstance(cell, str) and cell.strip().startswith(EXAMPLE) for cell in self.raw.values())


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in line endings and outer blanks only."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass
class Draft:
    """A page on its way. `page` is the one that stands now, None for a new one."""

    kind: str
    unit: str
    path: str
    page: Page | None
    sheet: str
    row: int
    data: dict[str, Any]
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    list_rows: dict[str, tuple[str, list[int]]] = field(default_factory=dict)  # field -> sheet, row of each entry
    closed: frozenset[str] = frozenset()  # fields that whoever sends these tables may not change
    book: str | None = None  # the workbook its own row stands in; None where only its lists are spoken of

    def take_line(self, line: Line, sheet: Sheet, names: Names) -> None:
        """Bring the cells of the page's own row in."""
        before = main_cells(self.page, sheet, names) if self.page else {}
        for column in sheet.own:
            if column.key in line.raw and column.key != SLUG:
                self._take_cell(line, column, before.get(column.key, ""), names)
        self.remarks += line.remarks

    def _take_cell(self, line: Line, column: Column, before: str, names: Names) -> None:
        text = line.text(column.key, before)
        if text is None or text == before or (not text and column.key in ("title", CODES.get(self.kind))):
            return  # by its name or code the page was found: left empty, these say nothing
        value = line.attempt(column.key, lambda: read_value(column, text, names, self.unit)) if text else None
        if text and value is None:
            return
        after = show_value(column, value, names, self.unit)
        if same_text(after, before):
            return
        if column.path[0] in self.closed:
            line.say(column.key, N_("这一项由政务公开办公室填，单位不能改。请改回“%(before)s”。"), {"before": before})
        else:
            put(self.data, column, value)
            self.changes.append(Change(column.title, before, after))

    def take_list(self, lines: list[Line], sheet: Sheet, names: Names) -> None:
        """Bring all rows of one of the page's lists in: they are the list from now on."""
        before = list_cells(self.page, sheet, names) if self.page else []
        known = set().union(*(line.raw for line in lines)) & {column.key for column in sheet.own} if lines else set()
        if lines and len(lines) == len(before) and all(_untouched(*pair) for pair in zip(lines, before, strict=True)):
            return
        old = self.data.get(sheet.field)
        entries = self._entries(lines, sheet, names, old if isinstance(old, list) else [], known)
        for line in lines:
            self.remarks += line.remarks
        self.list_rows[sheet.field] = (sheet.name, [line.row for line in lines])
        self._put_list(sheet, names, entries, before)

    def _entries(
        self, lines: list[Line], sheet: Sheet, names: Names, old: list[Any], known: set[str]
    ) -> list[dict[str, Any]] | None:
        if not lines:
            return None
        if len(lines) == 1 and is_none_row(sheet, {key: lines[0].text(key) or "" for key in known}):
            return []
        by_name = {_first(entry, sheet, names, self.unit): entry for entry in reversed(old)}
        return [_entry(line, sheet, names, self.unit, by_name) for line in lines]

    def _put_list(self, sheet: Sheet, names: Names, entries: list[dict[str, Any]] | None, before: list[Cells]) -> None:
        data = {**self.data}
        data.pop(sheet.field, None)
        if entries is not None:
            data[sheet.field] = entries
        after = list_cells(Page(self.path, data, "", ""), sheet, names)
        if [_shown(row) for row in after] == [_shown(row) for row in before]:
            return
        if sheet.field in self.closed:
            message = N_("“%(sheet)s”由政务公开办公室填，单位不能改。请照导出时的样子放回去。")
            self.remarks.append(Remark(sheet.name, self._row_in(sheet), "", message, {"sheet": sheet.name}))
        else:
            self.data = data
            title = sheet.name.partition("·")[2]
            self.changes.append(Change(title, "\n".join(map(_shown, before)), "\n".join(map(_shown, after))))

    def _row_in(self, sheet: Sheet) -> int:
        """The first row of the page's list, or the page's own row where the list is empty."""
        return next(iter(self.list_rows[sheet.field][1]), self.row)

    def finished(self) -> Page:
        """The page as it would be written."""
        order = list(validator(self.kind).schema["properties"])  # type: ignore[index]  # a mapping here
        if self.page and set(self.data) <= set(self.page.data):
            order = list(self.page.data)
        keys = sorted(self.data, key=lambda key: order.index(key) if key in order else len(order))
        return new_page(self.path, {key: deepcopy(self.data[key]) for key in keys})


def _shown(cells: Cells) -> str:
    return "｜".join(cells.values()).rstrip("｜")


def _untouched(line: Line, before: Cells) -> bool:
    return all(
        same_text(raw if isinstance(raw, str) else str(raw or ""), before[key])
        for key, raw in line.raw.items()
        if key in before
    )


def _first(entry: Any, sheet: Sheet, names: Names, unit: str) -> str:
    return show_value(sheet.own[0], value_at(entry, sheet.own[0].path), names, unit)


def _entry(line: Line, sheet: Sheet, names: Names, unit: str, by_name: dict[str, Any]) -> dict[str, Any]:
    """One entry; where the table lacks a column, the entry that had this name keeps its value."""
    data: dict[str, Any] = deepcopy(by_name.get(line.text(sheet.own[0].key) or "", {}))
    for column in sheet.own:
        text = line.text(column.key)
        if column.key not in line.raw or text is None:
            continue
        value = _read(line, column, text, names, unit) if text else None
        if value is not None or not text:
            put(data, column, value)
    return data


def _read(line: Line, column: Column, text: str, names: Names, unit: str) -> Any:
    return line.attempt(column.key, lambda: read_value(column, text, names, unit))


def missing(line: Line, key: str) -> None:
    """Remark that a cell which must be filled is empty."""
    line.say(key, N_("空着。请补上，或删去这一行。"), {})
