"""Merged cells: Excel keeps a value in the first of them only, so the rows they cover are named, never guessed at."""

from collections.abc import Iterable

from survey_app.domain.errors import N_
from survey_app.publishing.tables.drafts import Line
from survey_app.publishing.tables.plan import Remark


def remark_merged(merged: Iterable[str], lines: list[Line]) -> None:
    """Merged cells hold a value in the first only; the others would be read as empty. One area a row is named."""
    areas = sorted((_rows_of(area) for area in merged), reverse=True)
    last, area = 0, ""
    for line in sorted(lines, key=lambda line: line.row):
        while areas and areas[-1][0] <= line.row:
            last, area = max((last, area), areas.pop()[1:])
        if line.row <= last:
            message = N_("%(area)s是合并的单元格。请取消合并，每一格都填上。")
            line.remarks.append(Remark(line.sheet, line.row, "", message, {"area": area}))


def _rows_of(area: str) -> tuple[int, int, str]:
    """First and last row of A2:B3, and its name."""
    first, last = (int("".join(filter(str.isdigit, part))) for part in (area.split(":") * 2)[:2])
    return first, last, area
