"""How often commitments were kept, as those who were served saw it: one page of data, renewed every month.

Analysis writes `results/everyday-<month>/kept_rates.csv`; what stands there goes into the page `commitments/kept.md`,
from which the pages of units, procedures and commitments, the open data and the rating form take it.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_app.domain import everyday
from survey_app.domain.errors import N_, BadInput
from survey_app.files import write_if_changed
from survey_app.publishing.book import Book
from survey_app.publishing.pages import new_page, read_pages
from survey_app.publishing.render import environment, render_body
from survey_app.publishing.schemas import check_schema

KEPT_PAGE, KEPT_FILE = "commitments/kept.md", "kept_rates.csv"
COLUMNS = (
    "unit",
    "procedure",
    "commitment",
    "judged",
    "kept",
    "broken",
    "unknown",
    "kept_pct",
    "low",
    "high",
    "status",
)
NUMBERS = ("judged", "kept", "broken", "unknown")


def publish_kept_rates(pages_dir: Path, month: str) -> bool:
    """Bring the page up to the month's published figures; False where the month has none.

    A month that is settled late never takes the place of a later one. Raises BadInput.
    """
    file = pages_dir / "results" / everyday.round_code(month) / KEPT_FILE
    if not file.is_file():
        return False
    book = Book(read_pages(pages_dir))
    standing = book.by_path.get(KEPT_PAGE)
    if standing and str(standing.data.get("month", "")) > month:
        return False
    page = new_page(KEPT_PAGE, _data(month, read_kept_rates(file.read_bytes()), book))
    for finding in check_schema(page):
        raise BadInput(file=KEPT_FILE, problem=finding.message, **finding.params)
    body = render_body(environment(), book.with_pages([page]), page)
    write_if_changed(pages_dir / KEPT_PAGE, page.text(body).encode())
    return True


def read_kept_rates(raw: bytes) -> list[dict[str, str]]:
    """The rows of kept_rates.csv as text. Raises BadInput where its columns are others."""
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        found = "、".join(rows.fieldnames or ())
        raise BadInput(file=KEPT_FILE, problem=N_("列不是约定的那些，现在是：%(found)s。"), found=found)
    return list(rows)


def _data(month: str, rows: list[dict[str, str]], book: Book) -> dict[str, Any]:
    return {
        "kind": "kept_rates",
        "title": "承诺兑现率",
        "month": month,
        "from_on": everyday.first_week(month).isoformat(),
        "to_on": everyday.ends_on(month).isoformat(),
        "rates": [_entry(row, book) for row in rows if _is_published(row, book)],
    }


def _is_published(row: Mapping[str, str], book: Book) -> bool:
    """A commitment taken back since has no page to stand on."""
    return f"units/{row['unit']}/commitments/{row['commitment']}.md" in book.by_path


def _entry(row: Mapping[str, str], book: Book) -> dict[str, Any]:
    """One row with the names people know; what is withheld is left out."""
    commitment = book.by_path[f"units/{row['unit']}/commitments/{row['commitment']}.md"]
    named: dict[str, Any] = {
        "unit": row["unit"],
        "unit_title": book.unit_title(row["unit"]),
        "procedure": row["procedure"],
        "commitment": row["commitment"],
        "commitment_title": commitment.title,
    }
    figures = {name: int(row[name]) if name in NUMBERS else row[name] for name in COLUMNS[3:-1] if row[name]}
    return {**{key: value for key, value in named.items() if value}, **figures, "status": row["status"]}
