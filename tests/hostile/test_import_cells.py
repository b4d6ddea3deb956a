"""Every import cell against hostile texts: stored and shown exactly, or refused with a reason; nothing else happens."""

import html
import re
from pathlib import Path

import html5lib
import pytest
from openpyxl import Workbook

from survey_app.domain.errors import BadInput
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page, new_page, parse_page
from survey_app.publishing.render import render_bodies
from survey_app.publishing.tables.cells import Names, show_value
from survey_app.publishing.tables.columns import SLUG, UNIT, Column, Sheet, main_sheet, sheets
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.publishing.tables.exporting import csv_files, one_file, pages_of
from survey_app.publishing.tables.guard import for_xlsx
from survey_app.publishing.tables.rows import Cells, header_of, list_cells, main_cells, names_of, value_at, whose
from tests.hostile.nasty import OWN, SHARED, big_list
from tests.pages.page_trees import small_tree
from tests.pages.tables import plan_of

CODES = {"procedure": "0000000000", "disclosure_item": "9"}
MORE = {
    "unit": {
        "windows": [{"number": "1号", "business": "收件", "person": "周静"}],
        "former_names": [{"name": "旧名", "until_on": "2025-01-01"}],
    },
    "procedure": {
        "special": [{"name": "勘验", "limit": "5个工作日", "basis": "第十八条", "fee": "不收费", "counted": False}],
        "agency_points": [{"name": "甲村代办点", "place": "村委会", "agent": "李兰", "phone": "0000-8110101"}],
        "downloads": [{"title": "申请表", "file": "files/form.pdf"}],
    },
    "disclosure_item": {"links": [{"title": "甲", "href": "/notices/"}]},
}


@pytest.fixture(scope="module")
def book() -> Book:
    tree = small_tree()
    for data in tree.values():
        data.update({key: value for key, value in MORE.get(data["kind"], {}).items() if key not in data})
    return Book([new_page(path, data) for path, data in tree.items()])


def texts(which: str) -> list[str]:
    if which == "own":
        return OWN
    if not SHARED.is_file():
        pytest.skip("../shared is absent")
    return big_list()


def filled(book: Book, sheet: Sheet) -> tuple[Page, list[Cells]]:
    """A page of the small tree and its rows in this sheet; one cell of the first is then made hostile."""
    names = names_of(book)
    for page in book.kind(sheet.kind):
        if not sheet.field:
            return page, [main_cells(page, sheet, names)]
        if rows := list_cells(page, sheet, names):
            return page, [{**whose(page, names), **row} for row in rows]
    raise AssertionError(f"the small tree has no {sheet.name}")


def put(file: Path, sheet: Sheet, rows: list[Cells]) -> Path:
    """An .xlsx file with these cells, typed as text as Excel would."""
    made = Workbook()
    made.active.title = sheet.name
    made.active.append([column.title for column in sheet.columns])
    for at, cells in enumerate(rows, 2):
        for place, column in enumerate(sheet.columns, 1):
            cell = made.active.cell(at, place, for_xlsx(cells.get(column.key, "")) or None)
            cell.data_type = "s" if cell.value is not None else "n"
    made.save(file)
    return file


def put_csv(file: Path, sheet: Sheet, rows: list[Cells]) -> Path:
    """The same as CSV, which is quicker; the long public list goes this way."""
    file = file.with_suffix(".csv")
    cells = [[row.get(column.key, "") for column in sheet.columns] for row in rows]
    file.write_bytes(write_csv([column.title for column in sheet.columns], cells))
    return file.rename(file.with_name(f"{sheet.name}.csv"))


def free_text(sheet: Sheet) -> list[Column]:
    named = () if sheet.field else (SLUG, "title", "code", "number")
    return [column for column in sheet.own if column.kind in ("text", "lines") and column.key not in named]


@pytest.mark.parametrize("which", ["own", "public"])
@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.name)
def test_a_hostile_cell_is_kept_exactly_or_refused_with_a_reason(
    book: Book, tmp_path: Path, sheet: Sheet, which: str
) -> None:
    page, rows = filled(book, sheet)
    write = put if which == "own" else put_csv
    kept = refused = 0
    for number, text in enumerate(texts(which)):
        column = free_text(sheet)[number % len(free_text(sheet))]
        plan = plan_of(book, write(tmp_path / "a.xlsx", sheet, [{**rows[0], column.key: text}, *rows[1:]]))
        (entry,) = plan.entries
        if entry.verdict == "refuse":
            assert all(remark.text() and remark.row for remark in entry.errors)
            refused += 1
            continue
        made = entry.page or page
        assert stored(made, sheet, column, names_of(book)) == wanted(text, column)
        look_at(book, made, text)
        kept += 1
    assert kept
    assert kept + refused == len(texts(which))


@pytest.mark.parametrize("which", ["own", "public"])
def test_titles_codes_and_names_of_units_bear_it_too(book: Book, tmp_path: Path, which: str) -> None:
    sheet = main_sheet("procedure")
    unit = book.kind("procedure")[0].unit
    for number, text in enumerate(texts(which)):
        rows = [
            {UNIT: book.unit_title(unit), "title": text, "code": f"{CODES['procedure']}{number:04}"},
            {UNIT: book.unit_title(unit), "title": "甲事", "code": text},
            {UNIT: text, "title": "乙事", "code": f"9{number:08}"},
        ]
        plan = plan_of(book, (put if which == "own" else put_csv)(tmp_path / "a.xlsx", sheet, rows))
        assert all(entry.verdict == "refuse" or entry.page for entry in plan.entries)
        for page in plan.pages:
            assert re.fullmatch(rf"units/{unit}/procedures/[a-z0-9-]{{1,60}}\.md", page.path)
            look_at(book, page, text)


@pytest.mark.parametrize("which", ["own", "public"])
def test_hostile_headers_and_csv_files_end_in_one_sentence_or_a_plan(book: Book, tmp_path: Path, which: str) -> None:
    title = book.kind("unit")[0].title
    for text in texts(which):
        file = tmp_path / "a.csv"
        try:
            file.write_bytes(write_csv(["单位", "事项名称", "事项编码", text], [[title, "甲事", "000000000077", text]]))
        except UnicodeEncodeError:
            continue
        try:
            plan = plan_of(book, file)
        except BadInput:  # the header cannot be understood: one sentence for the whole file
            assert "\0" in text
            continue
        assert len(plan.entries) == 1


@pytest.mark.parametrize("which", ["own", "public"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_hostile_pages_go_out_and_come_back_unchanged(book: Book, tmp_path: Path, which: str, encoding: str) -> None:
    page = book.kind("procedure")[0]
    faq = [{"q": text, "a": text} for text in texts(which) if text.strip() and "\x00" not in text]
    faq = [entry for entry in faq if not re.search("[\ud800-\udfff]", entry["q"])]
    held = book.with_pages(
        [new_page(page.path, {**page.data, "faq": faq, "place": faq[0]["q"], "basis": [f["q"] for f in faq]})]
    )
    (tmp_path / "a.xlsx").write_bytes(one_file(held, pages_of(held)))
    csvs = []
    for name, data in csv_files(held, pages_of(held), (), encoding):
        (tmp_path / name).write_bytes(data)
        csvs.append(tmp_path / name)

    assert {e.verdict for e in plan_of(held, tmp_path / "a.xlsx").entries} == {"same"}
    assert {e.verdict for e in plan_of(held, *csvs).entries} == {"same"}
    assert header_of(Column("x", "甲", required=True)) == "甲*"


def wanted(text: str, column: Column) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "\n".join(line for line in plain.split("\n") if line.strip()) if column.kind == "lines" else plain


def stored(page: Page, sheet: Sheet, column: Column, names: Names) -> str:
    holder = page.data.get(sheet.field, [{}])[0] if sheet.field else page.data
    shown = show_value(column, value_at(holder, column.path), names, "")
    return shown.strip() if column.kind != "lines" else shown


def look_at(book: Book, page: Page, text: str) -> None:
    """The file reads back as it is; the body is one sound piece of HTML in which the text is text."""
    raw = page.text("").encode()
    again = parse_page(page.path, raw)
    assert isinstance(again, Page)
    assert again.data == page.data
    ((_page, body),) = render_bodies(book.with_pages([page]), [page])
    if not re.search("[<>&:\"'`]", text):
        return
    tree = html5lib.parse(body, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and any(k.lower().startswith("on") for k in e.attrib)]
    links = [e.get("href", "") or e.get("src", "") for e in tree.iter() if isinstance(e.tag, str)]
    assert not [link for link in links if html.unescape(link).strip().lower().startswith(("javascript:", "data:"))]
