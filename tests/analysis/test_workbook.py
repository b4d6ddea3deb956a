"""The workbook: the values of the CSV files, never a formula."""

import openpyxl
import pytest

from analysis.columns import TABLE_ZH, TABLES
from analysis.columns.column import CHANCES

from .conftest import Folder, ballots, round_data, run, table

FIRST = ("scores.csv", "dimensions.csv", "groups.csv", "rules.csv", "integrity.csv")
SHEETS = {TABLE_ZH[name]: name for name in (*FIRST, "counts.csv", "composition.csv", "sensitivity.csv")}


def test_the_workbook_has_its_sheets_and_no_formula(varied):
    book = openpyxl.load_workbook(varied / "release" / "results.xlsx")
    tables = [name for name in TABLES if name not in FIRST and table(varied, name)]
    assert book.sheetnames == ["总览", *(TABLE_ZH[name] for name in (*FIRST, *tables)), "评议办法", "数据字典"]
    assert set(SHEETS) <= set(book.sheetnames)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert all(book[name].freeze_panes and book[name].auto_filter.ref for name in SHEETS)


def text(column, value) -> str:
    """A cell as the CSV writes it; probabilities are texts in both."""
    return column.text(value) if column.kind not in CHANCES else str(value or "")


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_workbook_holds_the_values_of_the_csv(varied, sheet):
    book = openpyxl.load_workbook(varied / "release" / "results.xlsx")
    header, *rows = book[sheet].iter_rows(values_only=True)
    columns = TABLES[SHEETS[sheet]]
    places = [header.index(f"{c.zh}（{c.unit}）" if c.unit else c.zh) for c in columns]
    expected = table(varied, SHEETS[sheet])
    assert len(rows) == len(expected)
    for row, csv_row in zip(rows, expected, strict=True):
        assert [text(c, row[place]) for c, place in zip(columns, places, strict=True)] == list(csv_row.values())


def test_a_name_that_looks_like_a_formula_stays_text(folder: Folder):
    unit = {"slug": "hall", "zh": "=HYPERLINK(1)", "class": "window"}
    made = folder(ballots({("hall", "citizen", "5", "4"): 12}), facts=round_data([unit], name="+1+2"))
    assert run("compute", made).exit_code == 0
    book = openpyxl.load_workbook(made / "release" / "results.xlsx")
    assert book["总览"]["A1"].value == "+1+2"
    assert book["单位得分"]["B2"].value == "=HYPERLINK(1)"
    assert book["单位得分"]["B2"].data_type == "s"
