"""What lies in the boxes, said once a week while a round runs, and once when it is shut: a number and one digest.

The digest is over the keys of the ballots, in order: a key tells nothing of a ballot and stays when it is changed with
its receipt. Whoever keeps the file can have it shown later that nothing was put in or taken out after the box was shut.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey_app.domain.errors import N_, BadInput
from survey_app.files import write_if_changed
from survey_app.publishing.auditheads import week_of

FILE = "data/ballot-boxes.csv"
HEADER = ["day", "round", "state", "ballots", "sha256"]
OPEN, SHUT = "open", "shut"


@dataclass(frozen=True)
class BoxHead:
    """One line: on this day the box of this round, open or shut, held so many ballots with this digest."""

    day: date
    round_code: str
    state: str
    ballots: int
    digest: bytes


def published_boxes(pages: Path) -> list[BoxHead]:
    """The lines in the pages, oldest first. Raises BadInput with the line that cannot be read."""
    file = pages / FILE
    if not file.is_file():
        return []
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    return [_read(line, row) for line, row in enumerate(rows, 1) if (line, row) != (1, HEADER)]


def publish_boxes(pages: Path, heads: list[BoxHead]) -> bool:
    """Add what is due: a line a week for an open box, one for a box that was shut. Raises BadInput."""
    known = published_boxes(pages)
    due = [head for head in heads if not any(_is_same(one, head) for one in known)]
    if not due:
        return False
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    for one in (*known, *due):
        rows.writerow([one.day.isoformat(), one.round_code, one.state, one.ballots, one.digest.hex()])
    return write_if_changed(pages / FILE, out.getvalue().encode())


def _is_same(one: BoxHead, head: BoxHead) -> bool:
    if (one.round_code, one.state) != (head.round_code, head.state):
        return False
    return head.state == SHUT or week_of(one.day) == week_of(head.day)


def _read(line: int, row: list[str]) -> BoxHead:
    try:
        day, code, state, ballots, digest = row
        return BoxHead(date.fromisoformat(day), code, state, int(ballots), bytes.fromhex(digest))
    except ValueError as error:
        problem = N_("第%(line)s行不是“日期,轮次,情况,票数,摘要”，没有核对。请从网站的备份里取回这个文件。")
        raise BadInput(file=FILE, problem=problem, line=line) from error
