"""What an .xlsx file holds, counted before anything of it is understood: a small file may cost minutes and gigabytes.

openpyxl takes about 5 µs and 200 bytes for an element, whatever stands in it: a sheet of blank cells that a style has
touched costs as much as one that is full. So elements are counted first, by expat, which stops at the first too many.
"""

import zipfile
from collections import Counter
from pathlib import Path
from typing import IO
from xml.parsers import expat

from survey_app.domain.errors import N_, BadInput

MOST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 2_000
CELLS, FORMULAS, MERGED, OTHERS = "c", "f", "mergeCell", ""
IN_SHEETS = {"row": CELLS, "c": CELLS, "v": CELLS, "is": CELLS, "t": CELLS, "si": CELLS, "f": FORMULAS}
MOST = {CELLS: 1_000_000, FORMULAS: 20_000, MERGED: 20_000, OTHERS: 300_000}
TOO_MANY = {
    CELLS: N_("有%(most)s个以上的格子，多半是空的，没有打开。请把有内容的行和列复制到新表，另存后再传。"),
    FORMULAS: N_("有%(most)s个以上的公式，没有打开。请全选复制，再“选择性粘贴”成数值，另存后再传。"),
    MERGED: N_("有%(most)s处以上的合并单元格，没有打开。请全选，取消合并，每一格都填上。"),
    OTHERS: N_("格式、图形太多（%(most)s处以上），没有打开。请把内容复制到新表，另存后再传。"),
}
BLOCK = 1 << 18


def refuse_unsafe(path: Path, name: str) -> None:
    """Threat: a small file that unpacks or is parsed without end, or carries code. Raises BadInput."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
                problem = N_("展开后有%(size)s MB，最多%(most)s MB，没有打开。请按单位分开。")
                size, most = unpacked // 1024**2, MOST_UNPACKED // 1024**2
                raise BadInput(file=name, problem=problem, size=size, most=most)
            _refuse_parts(archive, parts, name)
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError) as error:
        problem = N_("文件坏了或加了密码，读不出来。请用表格软件打开后另存为“.xlsx”。")
        raise BadInput(file=name, problem=problem) from error


def _refuse_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    names = {part.filename for part in parts}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise BadInput(file=name, problem=N_("带宏的文件不收。请另存为“.xlsx”。"))
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise BadInput(file=name, problem=N_("这不是表格文件。请导出为“.xlsx”或CSV。"))
    bounds = Bounds(name)
    for part in parts:
        with archive.open(part) as file:
            if not bounds.count(file) and part.filename.endswith((".xml", ".rels")):
                raise zipfile.BadZipFile(part.filename)


class Bounds:
    """Counts the elements of all parts of one workbook, and refuses at the first too many."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.elements: Counter[str] = Counter()

    def count(self, file: IO[bytes]) -> bool:
        """Count one part; False where it is no XML. Raises BadInput."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._count_one
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            while block := file.read(BLOCK):
                parser.Parse(block)
            parser.Parse(b"", True)
        except expat.ExpatError:
            return False
        return True

    def _count_one(self, element: str, _attributes: object) -> None:
        local = element.rpartition(":")[2]
        what = IN_SHEETS.get(local, MERGED if local == MERGED else OTHERS)
        key = local if what == CELLS else what
        self.elements[key] += 1
        if self.elements[key] > MOST[what]:
            raise BadInput(file=self.name, problem=TOO_MANY[what], most=MOST[what])

    def _refuse_doctype(self, *_declared: object) -> None:
        problem = N_("文件里有不该有的声明，没有打开。请用表格软件另存为“.xlsx”。")
        raise BadInput(file=self.name, problem=problem)
