"""A file as tables of raw cells, or one sentence why it cannot be read. Nothing is guessed and nothing is run."""

from pathlib import Path

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.tables.sheet import Table

MOST_BYTES = 8 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_file(path: Path, name: str = "", encoding: str = "") -> list[Table]:
    """The tables of an .xlsx or CSV file. Raises BadInput; what it looks like decides, not what it is called."""
    from survey_app.publishing.tables import csvfile, xlsx  # openpyxl brings numpy: only when needed

    name = name or path.name
    if not path.is_file():
        raise BadInput(file=name, problem=N_("没有这个文件。请核对路径。"))
    size = path.stat().st_size
    if size > MOST_BYTES:
        problem = N_("文件有%(size)s MB，最多%(most)s MB。请按单位分开。")
        raise BadInput(file=name, problem=problem, size=f"{size / 1024**2:.1f}", most=MOST_BYTES // 1024**2)
    with path.open("rb") as file:
        start = file.read(8)
    refuse_other_formats(name, start)
    return xlsx.read_xlsx(path, name) if start[:4] == b"PK\x03\x04" else [csvfile.read_csv(path, name, encoding)]


def refuse_other_formats(name: str, start: bytes) -> None:
    """Old and foreign formats are named, with what to do. Raises BadInput."""
    ending = name.rpartition(".")[2].lower()
    if start == OLD_OFFICE:
        problem = N_("这是旧的.xls格式，或加了密码。请用表格软件另存为“.xlsx”，不设密码。")
    elif ending in ("xlsm", "xltm", "xlsb"):
        problem = N_("带宏的文件不收。请另存为“.xlsx”。")
    elif ending in ("xls", "et", "ods", "numbers"):
        problem = N_("不收这种格式。请用表格软件另存为“.xlsx”。")
    elif not start:
        problem = N_("文件是空的。")
    else:
        return
    raise BadInput(file=name, problem=problem)
