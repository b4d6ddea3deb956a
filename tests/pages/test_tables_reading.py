"""Files that cannot be read are refused with one sentence, before anything is parsed that could do harm."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_app.domain.errors import BadInput
from survey_app.publishing.tables import package, reading, xlsx
from survey_app.publishing.tables.csvfile import decode
from survey_app.publishing.tables.reading import read_file
from tests.pages.tables import workbook

RARE = "\U00020000\U0002a6d6\u3400"  # CJK Ext B first and last, Ext A first
LIST = f"单位,事项名称\n甲局,{RARE}办证\n"


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_excel_saves_with_rare_characters_whole(tmp_path: Path, encoding: str) -> None:
    (table,) = read_file(put(tmp_path, "a.csv", LIST.encode(encoding)))

    assert table.rows[1].cells == ("甲局", f"{RARE}办证")
    assert table.notes[0][1]["encoding"] == {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())


def test_the_word_that_fools_guessing_programs_is_decided_by_strict_reading() -> None:
    assert decode("联通".encode("gb18030"), "a.csv") == ("gb18030", "联通")
    assert decode("联通".encode(), "a.csv") == ("utf-8", "联通")


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_the_one_that_cuts_the_header(tmp_path: Path, separator: str) -> None:
    (table,) = read_file(put(tmp_path, "a.csv", f"单位{separator}事项名称\n甲{separator}一，二\n".encode()))

    assert table.rows[1].cells == ("甲", "一，二")


def test_line_breaks_within_a_cell_keep_the_numbers_of_lines(tmp_path: Path) -> None:
    (table,) = read_file(put(tmp_path, "a.csv", '单位,依据\n甲,"一\n二"\n\n乙,三\n'.encode()))

    assert [row.number for row in table.rows] == [1, 2, 5]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "另存为“.xlsx”"),
        ("renamed.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "旧的.xls格式，或加了密码"),
        ("a.xlsm", b"PK\x03\x04", "带宏的文件不收"),
        ("a.et", b"x", "不收这种格式"),
        ("a.csv", b"", "文件是空的"),
        ("a.csv", b"\xff\xd8\xff\xe0" + bytes(range(256)), "也不是GB18030"),
        ("a.csv", "单位,名称\n甲,\"乙\n".encode(), "引号不成对"),
        ("a.csv", b"a,b\nc,\0d\n", "不是表格文件"),
        ("a.xlsx", b"PK\x03\x04broken", "坏了"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_file(put(tmp_path, name, data))


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_a_small_file_that_unpacks_without_end_is_refused_unopened(tmp_path: Path) -> None:
    data = zipped(**{"[Content_Types].xml": b"<x/>", "xl__a.xml": b"0" * (package.MOST_UNPACKED + 1)})
    assert len(data) < reading.MOST_BYTES

    with pytest.raises(BadInput, match="展开后有160 MB"):
        read_file(put(tmp_path, "a.xlsx", data))


def test_a_large_file_macros_foreign_archives_and_document_types_are_refused(tmp_path: Path) -> None:
    head = {"[Content_Types].xml": b"<x/>", "xl__workbook.xml": b"<x/>"}
    with pytest.raises(BadInput, match="最多8 MB"):
        read_file(put(tmp_path, "a.csv", b"a" * (reading.MOST_BYTES + 1)))
    with pytest.raises(BadInput, match="带宏"):
        read_file(put(tmp_path, "b.xlsx", zipped(**head, **{"xl__vbaProject.bin": b"x"})))
    with pytest.raises(BadInput, match="不是表格文件"):
        read_file(put(tmp_path, "c.xlsx", zipped(**{"word__document.xml": b"<x/>"})))
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(BadInput, match="不该有的声明"):
        read_file(put(tmp_path, "d.xlsx", zipped(**{**head, "xl__workbook.xml": entity})))


def test_hidden_sheets_are_not_read_and_it_is_said(tmp_path: Path) -> None:
    made = Workbook()
    made.active.title = "单位"
    made.active.append(["单位名称"])
    made.active.append(["甲局"])
    hidden = made.create_sheet("旧的")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")

    (table,) = read_file(tmp_path / "a.xlsx")

    assert table.sheet == "单位"
    assert table.notes[0][1] == {"sheets": "旧的"}


def test_blank_rows_and_a_far_away_cell_cost_nothing(tmp_path: Path) -> None:
    made = Workbook()
    made.active.title = "单位"
    made.active["A1"] = "单位名称"
    made.active["A40000"] = "甲局"
    made.save(tmp_path / "a.xlsx")

    (table,) = read_file(tmp_path / "a.xlsx")

    assert [row.number for row in table.rows] == [1, 40000]


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    file = workbook(tmp_path / "a.xlsx", 单位=[["单位名称"], *[[f"{n}局"] for n in range(3)]])

    with pytest.raises(BadInput, match="最多3行"):
        read_file(file)


def test_a_table_without_a_header_says_so(tmp_path: Path) -> None:
    from tests.pages.tables import plan_of

    file = workbook(tmp_path / "a.xlsx", 表1=[["随便"], ["写写"]])
    with pytest.raises(BadInput, match="找不到表头"):
        plan_of(tmp_path, file)
