"""A workbook costs what it holds: what a style has touched, merged or hidden is counted, and too much is refused."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_app.domain.errors import BadInput
from survey_app.publishing.tables import package, xlsx
from survey_app.publishing.tables.drafts import Line
from survey_app.publishing.tables.mapping import map_table
from survey_app.publishing.tables.merged import remark_merged
from survey_app.publishing.tables.reading import read_file
from survey_app.publishing.tables.sheet import Row, Table

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>单位名称</t></is></c></row>'
UNIT = '<row r="2"><c r="A2" t="inlineStr"><is><t>甲局</t></is></c></row>'


@pytest.fixture
def sheet(tmp_path: Path):
    """A workbook whose first sheet is exactly this XML; `after` stands behind the rows."""
    made, plain = Workbook(), io.BytesIO()
    made.active.title = "单位"
    made.save(plain)

    def file(rows: str, after: str = "", **others: str) -> Path:
        head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        own = {"xl/worksheets/sheet1.xml": f"{head}<sheetData>{rows}</sheetData>{after}</worksheet>"}
        parts = own | {name.replace("__", "/"): text for name, text in others.items()}
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, parts.get(name) or old.read(name))
        return tmp_path / "a.xlsx"

    return file


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The column of every cell that the reader took up."""
    seen, value = [], xlsx._value

    def counted(cell):
        seen.append(cell["column"])
        return value(cell)

    monkeypatch.setattr(xlsx, "_value", counted)
    return seen


def test_a_blank_cell_at_the_far_end_costs_one_cell_and_not_the_sixteen_thousand_before_it(sheet, looked_at) -> None:
    far = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(3, 2003))

    (table,) = read_file(sheet(HEADER + UNIT + far))

    assert [(row.number, row.cells) for row in table.rows] == [(1, ("单位名称",)), (2, ("甲局",))]
    assert len(looked_at) == 2002


def test_a_blank_cell_in_the_last_row_of_all_costs_no_row_before_it(sheet, looked_at) -> None:
    (table,) = read_file(sheet(HEADER + UNIT + '<row r="1048576"><c r="A1048576"/></row>'))

    assert len(table.rows) == 2
    assert len(looked_at) == 3


def test_blanks_between_two_cells_stay_blanks_and_blanks_behind_the_last_are_none(sheet) -> None:
    row = '<row r="2"><c r="A2" t="str"><v>甲局</v></c><c r="D2"><v>7</v></c><c r="F2" t="str"><v> </v></c></row>'

    (table,) = read_file(sheet(HEADER + row))

    assert table.rows[1].cells == ("甲局", None, None, 7)


def test_words_beyond_the_last_column_are_refused(sheet) -> None:
    with pytest.raises(BadInput, match="300列"):
        read_file(sheet(HEADER + '<row r="2"><c r="KO2" t="str"><v>远</v></c></row>'))


BLANK = "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}"/></row>' for n in range(3, 60))
FORMULA = "".join(f'<row r="{n}"><c r="A{n}"><f>1+1</f></c></row>' for n in range(3, 60))
AREAS = "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(3, 60)) + "</mergeCells>"
LINKS = "<hyperlinks>" + "".join(f'<hyperlink ref="A{n}" location="B1"/>' for n in range(3, 60)) + "</hyperlinks>"


@pytest.mark.parametrize(
    ("what", "rows", "after", "words"),
    [
        (package.CELLS, BLANK, "", "50个以上的格子，多半是空的"),
        (package.CELLS, BLANK.replace("<c ", "<x:c xmlns:x='urn:x' "), "", "50个以上的格子"),
        (package.FORMULAS, FORMULA, "", "50个以上的公式"),
        (package.MERGED, "", AREAS, "50处以上的合并单元格"),
        (package.OTHERS, "", LINKS, "格式、图形太多"),
    ],
)
def test_too_many_of_anything_is_refused_before_a_cell_is_read(
    sheet, looked_at, monkeypatch, what: str, rows: str, after: str, words: str
) -> None:
    file = sheet(HEADER + UNIT + rows, after)
    assert len(read_file(file)[0].rows) >= 2
    looked_at.clear()
    monkeypatch.setitem(package.MOST, what, 50)
    if what == package.OTHERS:  # an empty workbook's styles have more than that
        monkeypatch.setitem(package.MOST, what, 150)

    with pytest.raises(BadInput, match=words):
        read_file(file)

    assert looked_at == []


def test_counting_ends_at_the_first_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(package.MOST, package.CELLS, 50)
    bounds = package.Bounds("a.xlsx")

    with pytest.raises(BadInput):
        bounds.count(io.BytesIO(b"<row>" + b"<c/>" * 5000 + b"</row>"))

    assert bounds.elements == {"row": 1, "c": 51}


def test_what_is_no_xml_is_passed_over_and_a_broken_part_is_said(sheet) -> None:
    assert not package.Bounds("a.xlsx").count(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 100))
    for part in ("xl__workbook.xml", "xl__styles.xml", "xl__worksheets__sheet1.xml"):
        with pytest.raises(BadInput, match="坏了"):
            read_file(sheet(HEADER, **{part: "<worksheet>"}))


def test_a_document_type_behind_a_long_comment_is_refused_too(sheet) -> None:
    hidden = "<?xml version='1.0'?><!--" + "x" * 5000 + "--><!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"
    with pytest.raises(BadInput, match="不该有的声明"):
        read_file(sheet(HEADER, **{"xl__worksheets__sheet1.xml": hidden}))


def remarked(*areas: str) -> dict[int, str]:
    """Which area is named for which of the rows 2 to 9."""
    rows = (Row(1, ("单位名称",)), *(Row(n, (f"{n}局",)) for n in range(2, 10)))
    mapped = map_table(Table("a.xlsx", "单位", rows, areas))
    lines = [Line("单位", row.number, {}, {}) for row in mapped.rows]
    remark_merged(mapped.table.merged, lines)
    assert all(len(line.remarks) <= 1 for line in lines)
    return {line.row: str(line.remarks[0].params["area"]) for line in lines if line.remarks}


def test_every_row_in_a_merged_area_is_named_once_however_many_areas_there_are() -> None:
    assert remarked("A3:A4", "B4:B5", "C8:D8") == {3: "A3:A4", 4: "B4:B5", 5: "B4:B5", 8: "C8:D8"}
    assert remarked("A1:C9", "A3:A4") == dict.fromkeys(range(2, 10), "A1:C9")
    assert len(remarked(*[f"A{n}:B9" for n in range(2, 9)] * 300)) == 8
    assert remarked() == {}
