"""A page as rows of cells, and cells put back into a page's data."""

from collections.abc import Iterable, Iterator
from typing import Any

from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.tables.cells import Names, show_value
from survey_app.publishing.tables.columns import CODES, SLUG, UNIT, Column, Sheet, main_sheet

NONE = "无"
Cells = dict[str, str]


def names_of(book: Book) -> Names:
    """What units and procedures are called in this book."""
    names = Names()
    for page in book.kind("unit"):
        add_unit(names, page.unit, page.title)
    for page in book.kind("procedure"):
        names.procedures.setdefault(page.unit, {})[page.slug] = page.title
    return names


def add_unit(names: Names, slug: str, title: str) -> None:
    """Let cells name one more unit."""
    names.units[slug] = title
    names.slugs.setdefault(title, []).append(slug)


def unit_of(page: Page) -> str:
    """The unit a page belongs to, wherever its folder stands."""
    return page.unit or str(page.data.get("unit", ""))


def value_at(data: Any, path: Iterable[str]) -> Any:
    """What stands at this place of the data, or None."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def main_cells(page: Page, sheet: Sheet, names: Names) -> Cells:
    """The row of a page."""
    unit = unit_of(page)
    cells = {column.key: show_value(column, value_at(page.data, column.path), names, unit) for column in sheet.own}
    return {UNIT: names.shown(unit), **cells, SLUG: page.unit if page.kind == "unit" else page.slug}


def list_cells(page: Page, sheet: Sheet, names: Names) -> list[Cells]:
    """The rows of a page in the sheet of one of its lists, without those that say whose they are."""
    entries = page.data.get(sheet.field)
    if entries == [] and sheet.may_be_none:
        return [{**dict.fromkeys([column.key for column in sheet.own], ""), sheet.own[0].key: NONE}]
    if not isinstance(entries, list):
        return []
    unit = unit_of(page)
    return [{c.key: show_value(c, value_at(entry, c.path), names, unit) for c in sheet.own} for entry in entries]


def whose(page: Page, names: Names) -> Cells:
    """The cells that say to which page a row of a list belongs."""
    cells = {UNIT: names.shown(unit_of(page)), "@title": page.title}
    code = CODES.get(page.kind)
    if code:
        column = main_sheet(page.kind).column(code)
        cells["@code"] = show_value(column, page.data.get(code), names, "") if column else ""
    return cells


def is_none_row(sheet: Sheet, cells: Cells) -> bool:
    """Whether this row says that there is none."""
    first, *others = [cells.get(column.key, "") for column in sheet.own]
    return sheet.may_be_none and first == NONE and not any(others)


def put(data: dict[str, Any], column: Column, value: Any) -> None:
    """Set, or for None take away, what stands at the column's place; an object left empty goes too."""
    *above, last = column.path
    chain = [data]
    for step in above:
        below = chain[-1].get(step)
        below = dict(below) if isinstance(below, dict) else {}
        chain[-1][step] = below
        chain.append(below)
    if value is None:
        chain[-1].pop(last, None)
    else:
        chain[-1][last] = value
    for step, holder in zip(reversed(above), reversed(chain[:-1]), strict=True):
        if not holder[step]:
            del holder[step]


def sheet_rows(sheet: Sheet, pages: Iterable[Page], book: Book) -> Iterator[Cells]:
    """The rows of one sheet for these pages."""
    names = names_of(book)
    for page in pages:
        if page.kind == sheet.kind and not sheet.field:
            yield main_cells(page, sheet, names)
        elif page.kind == sheet.kind:
            for cells in list_cells(page, sheet, names):
                yield {**whose(page, names), **cells}


def header_of(column: Column) -> str:
    """The column's name; a star where it must be filled."""
    return f"{column.title}*" if column.required else column.title
