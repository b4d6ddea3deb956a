"""Whose pages go into which file, and what the file is called."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.tables.columns import TABLE_KINDS, sheets
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.publishing.tables.rows import header_of, sheet_rows, unit_of

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
LONGEST = 60


class NoSuchUnit(Refusal):
    """Nobody is called so."""

    code, status = "no-such-unit", 404
    message = N_("没有“%(name)s”这个单位。请写单位全称，或网页上单位的文件夹名。")


class NotInThisEncoding(Refusal):
    """A sign that the wanted encoding cannot hold."""

    code, status = "not-in-this-encoding", 422
    message = N_("“%(file)s”里有%(encoding)s写不出的字。请导出UTF-8，或导出Excel。")


def pages_of(book: Book, unit: str = "", kinds: Iterable[str] = ()) -> list[Page]:
    """The pages that tables speak of: of one unit or all, of some kinds or all."""
    wanted = set(kinds) or set(TABLE_KINDS)
    ordered = [*(page for page in book.pages if page.kind != "disclosure_item"), *book.items()]
    return [page for page in ordered if page.kind in wanted and (not unit or unit_of(page) == unit)]


def unit_called(book: Book, name: str) -> str:
    """The slug of a unit by slug or title. Raises NoSuchUnit."""
    found = [page.unit for page in book.kind("unit") if name in (page.unit, page.title)]
    if name in found:
        return name
    if len(found) != 1:
        raise NoSuchUnit(name=name)
    return found[0]


def file_names(book: Book) -> dict[str, str]:
    """A file name for each unit, without ending: its title where nobody else has it, else with its slug."""
    names: dict[str, str] = {}
    for page in book.kind("unit"):
        title = safe_name(page.title)
        own = title and title.lower() not in {name.lower() for name in names.values()}
        names[page.unit] = title if own else f"{title}-{page.unit}".strip("-")
    return names


def safe_name(title: str) -> str:
    """A title as a file name: no folder, no sign that a system forbids, not hidden, not too long."""
    return PurePath(_NOT_IN_NAMES.sub("_", title).strip(" .")[:LONGEST]).name


def one_file(
    book: Book, pages: list[Page], kinds: Iterable[str] = (), *, template: bool = False, note: str = ""
) -> bytes:
    """One workbook; `note` stands on top of its first sheet."""
    from survey_app.publishing.tables.workbook import write_workbook  # openpyxl brings numpy: only when it is needed

    return write_workbook(pages, book, kinds=kinds, template=template, note=note)


def csv_files(book: Book, pages: list[Page], kinds: Iterable[str], encoding: str) -> Iterator[tuple[str, bytes]]:
    """One CSV file for each sheet that has rows; name and bytes. Raises NotInThisEncoding."""
    for sheet in sheets():
        if kinds and sheet.kind not in set(kinds):
            continue
        rows = [[cells.get(c.key, "") for c in sheet.columns] for cells in sheet_rows(sheet, pages, book)]
        if not rows:
            continue
        name = f"{sheet.name}.csv"
        try:
            yield name, write_csv([header_of(column) for column in sheet.columns], rows, encoding)
        except UnicodeEncodeError as error:
            raise NotInThisEncoding(file=name, encoding=encoding.upper()) from error
