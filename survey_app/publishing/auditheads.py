"""Heads of the audit log, published once a week: whoever keeps a copy can show that nothing before was changed."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey_app.domain.errors import N_, BadInput
from survey_app.files import write_if_changed

FILE = "data/audit-heads.csv"
HEADER = ["week", "number", "sha256"]


@dataclass(frozen=True)
class Head:
    """Number and digest of the last event on the day when the week's head was published."""

    week: str  # ISO 8601, such as 2026-W48
    number: int
    digest: bytes


def week_of(day: date) -> str:
    """The ISO week of a day."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def published_heads(pages: Path) -> list[Head]:
    """The heads in the pages, oldest first; none where nothing was published yet. Raises BadInput."""
    file = pages / FILE
    if not file.is_file():
        return []
    found = []
    rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")))
    for line, row in enumerate(rows, 1):
        if line == 1 and row == HEADER:
            continue
        try:
            week, number, digest = row
            found.append(Head(week, int(number), bytes.fromhex(digest)))
        except ValueError as error:
            problem = N_("第%(line)s行不是“周,序号,摘要”，没有核对。请从网站的备份里取回这个文件。")
            raise BadInput(file=FILE, problem=problem, line=line) from error
    return found


def publish_head(pages: Path, day: date, head: tuple[int, bytes] | None) -> bool:
    """Add this week's head to the file, once a week; whether it was added. Raises BadInput."""
    known = published_heads(pages)
    if head is None or any(one.week == week_of(day) for one in known):
        return False
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    rows.writerows((one.week, one.number, one.digest.hex()) for one in (*known, Head(week_of(day), *head)))
    return write_if_changed(pages / FILE, out.getvalue().encode())
