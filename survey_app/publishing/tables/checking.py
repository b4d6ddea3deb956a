"""Drafts held against the checks of all pages; what a check says is told by sheet, row and column."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page
from survey_app.publishing.pages import digest
from survey_app.publishing.schemas import validator
from survey_app.publishing.tables.cells import Names
from survey_app.publishing.tables.columns import lists_of, main_sheet
from survey_app.publishing.tables.drafts import Draft
from survey_app.publishing.tables.plan import ADD, CHANGE, REFUSE, SAME, Change, Entry, Remark

MOST_NAMED = 8


def entries_of(drafts: dict[str, Draft], refused: list[Entry], book: Book, names: Names, today: date) -> list[Entry]:
    """An entry for every page the tables speak of, in the order of the tables."""
    entries = [_entry(draft, names) for draft in drafts.values()]
    _check([(draft, entry) for draft, entry in zip(drafts.values(), entries, strict=True) if entry.page], book, today)
    return [*entries, *refused]


def _entry(draft: Draft, names: Names) -> Entry:
    _settle_gaps(draft)
    title = str(draft.data.get("title", ""))
    unit = names.units.get(draft.unit, draft.unit)
    entry = Entry(draft.kind, draft.path, unit, title, draft.sheet, draft.row, SAME, draft.changes, draft.remarks)
    entry.base = digest(draft.page) if draft.page else ""
    if entry.errors:
        entry.verdict = REFUSE
    elif draft.changes or not draft.page:
        entry.verdict = CHANGE if draft.page else ADD
        entry.page = draft.finished()
    return entry


def _settle_gaps(draft: Draft) -> None:
    """A new page with gaps is marked so and shown so; the mark goes when the last gap is filled."""
    if draft.kind not in ("unit", "procedure") or not draft.changes:
        return
    without = {key: value for key, value in draft.data.items() if key != "imported"}
    gaps = list(_gaps(draft.kind, without))
    if draft.page is None and gaps:
        draft.data["imported"] = True
        names = "、".join(gaps[:MOST_NAMED]) + ("……" if len(gaps) > MOST_NAMED else "")
        message = N_("还缺%(count)s项：%(names)s。先按“导入待补”收下，网页上会注明。")
        draft.remarks.append(_row_remark(draft, message, {"count": len(gaps), "names": names}, "warning"))
    elif draft.page and draft.data.get("imported") and not gaps:
        draft.data = without
        draft.changes.append(Change(N_("导入待补"), "是", ""))


def _gaps(kind: str, data: dict[str, Any]) -> Iterable[str]:
    schema: Any = validator(kind).schema
    for error in validator(kind).iter_errors(data):
        if error.validator == "required" and not error.absolute_path:
            wanted: Any = error.validator_value
            name = next((key for key in wanted if f"'{key}'" in error.message), "")
            yield schema["properties"].get(name, {}).get("title", name)


def _row_remark(draft: Draft, message: str, params: dict[str, object], level: str = "error") -> Remark:
    return Remark(draft.sheet, draft.row, "", message, params, level)


def _check(pairs: list[tuple[Draft, Entry]], book: Book, today: date) -> None:
    """Refuse what fails; then look again, for what stays may lean on what was refused."""
    left = pairs
    while left:
        together = book.with_pages([entry.page for _draft, entry in left if entry.page])
        kept = []
        for draft, entry in left:
            if entry.page:
                _tell(draft, entry, check_page(entry.page, together, today))
            kept += [(draft, entry)] if not entry.errors else []
        if len(kept) == len(left):
            return
        left = kept


def _tell(draft: Draft, entry: Entry, findings: Iterable[Finding]) -> None:
    seen = {(remark.row, remark.column, remark.message) for remark in entry.remarks}
    for finding in findings:
        sheet, row, column = _where(draft, finding)
        remark = Remark(sheet, row, column, finding.message, dict(finding.params), finding.level)
        if (row, column, finding.message) in seen:
            continue
        if finding.level == "error":
            entry.refuse(remark)
        else:
            entry.remarks.append(remark)


def _where(draft: Draft, finding: Finding) -> tuple[str, int, str]:
    """Sheet, row and column of what a finding speaks of; the page's own row where no cell is meant."""
    at = finding.at
    for sheet in lists_of(draft.kind):
        if at and at[0] == sheet.field and sheet.field in draft.list_rows:
            name, rows = draft.list_rows[sheet.field]
            row = rows[at[1]] if len(at) > 1 and isinstance(at[1], int) and at[1] < len(rows) else draft.row
            return name, row, _column(sheet.columns, at[2:]) or finding.field
    return draft.sheet, draft.row, _column(main_sheet(draft.kind).columns, at) or finding.field


def _column(columns: Iterable[Any], at: tuple[str | int, ...]) -> str:
    for column in columns:
        if at and tuple(at[: len(column.path)]) == column.path:
            return str(column.title)
    return ""
