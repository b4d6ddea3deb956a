"""What is exported comes back as it was: every page of the sample district, every sign, both formats."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey_app.config import HOME
from survey_app.publishing.book import Book, read_book
from survey_app.publishing.pages import digest, new_page
from survey_app.publishing.tables import guard
from survey_app.publishing.tables.columns import TABLE_KINDS, sheets
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.publishing.tables.exporting import csv_files, file_names, one_file, pages_of, safe_name
from tests.pages.page_trees import small_tree
from tests.pages.tables import plan_of, workbook

SAMPLE = HOME / "site" / "pages"
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(SAMPLE)


def test_the_sample_districts_workbook_changes_nothing(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "all.xlsx"
    file.write_bytes(one_file(book, pages_of(book)))

    plan = plan_of(book, file)

    known = sum(len(book.kind(kind)) for kind in TABLE_KINDS)
    assert known > 100
    assert plan.counts == {"add": 0, "change": 0, "same": known, "refuse": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_so_do_its_csv_files_in_both_encodings(book: Book, tmp_path: Path, encoding: str) -> None:
    files = []
    for name, data in csv_files(book, pages_of(book), (), encoding):
        (tmp_path / name).write_bytes(data)
        files.append(tmp_path / name)

    plan = plan_of(book, *files)

    assert len(files) > 6
    assert {entry.verdict for entry in plan.entries} == {"same"}


def test_a_whole_district_moves_into_an_empty_book_with_its_data_and_addresses(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "all.xlsx"
    file.write_bytes(one_file(book, pages_of(book)))
    others = Book([page for page in book.pages if page.kind not in TABLE_KINDS], book.files)

    plan = plan_of(others, file)

    made = {page.path: digest(page) for page in plan.pages}
    hidden = {"former_slugs", "merged_into", "ended_on"}
    wanted = {p.path: digest(p) for p in pages_of(book) if not hidden & set(p.data)}
    assert plan.of("refuse") == []
    assert {path: made.get(path) for path in wanted} == wanted


def test_the_template_is_the_same_format_and_its_example_is_passed_over(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    file.write_bytes(one_file(Book([]), [], template=True))

    plan = plan_of(book, file)

    assert plan.entries == []
    assert {sheet.kind for sheet in plan.sheets} == {sheet.name for sheet in sheets()}
    assert all(sheet.unknown == () for sheet in plan.sheets)
    assert "示例" in plan.remarks[0].text()


def test_no_cell_of_a_workbook_is_anything_but_text() -> None:
    tree = small_tree()
    for data in tree.values():
        if data.get("kind") == "procedure":
            data["place"], data["phone"], data["scope"] = "=HYPERLINK(1)", "0000-8110101", "<r>x</r>"
    book = Book([new_page(path, data) for path, data in tree.items()])
    made = one_file(book, pages_of(book))

    kinds = {
        cell.data_type
        for sheet in load_workbook(io.BytesIO(made)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s"}
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist() if "worksheets" in name)
    assert b"<f>" not in parts
    assert b"=HYPERLINK(1)" in parts


@given(TEXT)
def test_a_guarded_csv_cell_is_no_formula_and_comes_back_exactly(text: str) -> None:
    cell = guard.for_csv(text)
    assert not cell or cell[0] not in guard.FORMULA
    assert guard.from_csv(cell) == text


@pytest.mark.parametrize("sign", list(guard.FORMULA))
def test_every_sign_of_a_formula_is_guarded_also_behind_apostrophes(sign: str) -> None:
    for text in (f"{sign}1+1", f"'{sign}1", f"''{sign}", "'天气"):
        assert guard.from_csv(guard.for_csv(text)) == text
    assert guard.for_csv(f"{sign}1") == f"'{sign}1"
    assert guard.for_csv("'天气") == "'天气"


@given(st.text(st.characters(), max_size=40))
def test_what_xml_cannot_hold_comes_back_exactly(text: str) -> None:
    kept = guard.for_xlsx(text)
    assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in kept)
    assert guard.from_xlsx(kept) == text


@given(st.lists(st.text(st.sampled_from("甲↳\\\n 乙"), min_size=1, max_size=6).filter(str.strip), max_size=4))
def test_a_list_in_one_cell_comes_back_exactly(entries: list[str]) -> None:
    assert guard.split_lines(guard.join_lines(entries)) == entries


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXT.filter(lambda text: "\r" not in text and "\0" not in text), min_size=2, max_size=4))
def test_a_csv_file_gives_back_every_cell(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    from survey_app.publishing.tables.csvfile import read_csv

    file = tmp_path_factory.mktemp("csv") / "x.csv"
    file.write_bytes(write_csv(["甲", *("乙" for _ in cells[1:])], [cells]))
    rows = read_csv(file, "x.csv").rows[1:]
    assert [list(row.cells) for row in rows] == ([cells] if any(cell.strip() for cell in cells) else [])


def test_texts_of_excel_that_look_like_escapes_are_read_as_excel_means_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["单位", "事项名称", "事项编码"],
        ["税务局", "_x005F_x0041_甲_x4E59_", "000QH0710001009"],
    ]
    book = Book(
        [
            new_page(
                "units/tax/index.md", {"kind": "unit", "title": "税务局", "imported": True, "updated_on": "2026-11-01"}
            )
        ]
    )

    plan = plan_of(book, workbook(tmp_path / "a.xlsx", 办事指南=rows))

    assert [page.title for page in plan.pages] == ["_x0041_甲乙"]


def test_file_names_made_of_titles_stay_in_their_folder() -> None:
    assert safe_name("../..\\区:人社局?") == "_.._区_人社局_"
    assert safe_name("\u202e甲") == "_甲"
    twins = Book([new_page(f"units/{slug}/index.md", {"kind": "unit", "title": "甲局"}) for slug in ("a", "b")])
    assert file_names(twins) == {"a": "甲局", "b": "甲局-b"}
