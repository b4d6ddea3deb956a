"""Findings of inspections and field notes: kept as they were written; photos lie sealed on the disk before any row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from survey_app.domain.inspections import FindingUnknown, Heard, Seen
from survey_app.domain.workdays import add_months
from survey_app.store import audit, sealed_files
from survey_app.store.case_papers import Kept
from survey_app.store.database import write
from survey_app.store.models import Account, FieldNote, FindingFile, InspectionFinding
from survey_app.store.sealed_files import SealedFile

MOST_ID = 2**63 - 1  # of a row in SQLite


@dataclass(frozen=True)
class Finding(Seen):
    """What an inspector saw, as it was kept."""

    id: int
    found_by: str

    @property
    def way(self) -> str:
        """open (明查) or covert (暗访)."""
        return "covert" if self.covert else "open"


@dataclass(frozen=True)
class Note:
    """A field note."""

    id: int
    unit: str
    on: date
    words: str
    tags: str
    written_by: str


def keep_finding(seen: Seen, *, by: str, mark: str, files: Sequence[Kept], now: datetime, to: int | None = None) -> int:
    """Keep a finding, or words added to one; its number. The same form sent again is the same finding."""
    with write():
        if row := InspectionFinding.get_or_none(InspectionFinding.form_mark == mark):
            return int(row.id)
        told = {name: getattr(seen, name) for name in ("on", "at_time", "place", "covert", "kind", "words")}
        kept = {"kept_at": _naive(now), "form_mark": mark, "found_by": by, "added_to": to}
        number = InspectionFinding.insert(unit_slug=seen.unit, **told, **kept).execute()
        sealed_files.insert(FindingFile, files, finding=number)
        detail = {"unit": seen.unit, "files": len(files), **({"to": to} if to else {})}
        audit.record(actor=by, action="finding.kept", subject=str(number), detail=detail, now=now)
    return int(number)


def finding(number: int) -> Finding:
    """A finding. Raises FindingUnknown."""
    if number > MOST_ID:
        raise FindingUnknown
    row = InspectionFinding.get_or_none(InspectionFinding.id == number, InspectionFinding.added_to.is_null())
    if row is None:
        raise FindingUnknown
    return _finding(row)


def added_to(number: int) -> list[Finding]:
    """What was added to a finding later, in order."""
    rows = InspectionFinding.select().where(InspectionFinding.added_to == number)
    return [_finding(row) for row in rows.order_by(InspectionFinding.id)]


def files_of(numbers: Sequence[int]) -> list[SealedFile]:
    """The photos of these findings."""
    return sealed_files.listed(
        FindingFile.select().where(FindingFile.finding.in_(list(numbers))).order_by(FindingFile.name)
    )


def findings(*, by: str = "") -> list[Finding]:
    """All findings, or one inspector's, the latest first."""
    rows = InspectionFinding.select().where(InspectionFinding.added_to.is_null())
    rows = rows.where(InspectionFinding.found_by == by) if by else rows
    return _findings(rows)


def findings_in(start: date, end: date) -> list[Finding]:
    """Findings of these days, both with them, in their order."""
    within = InspectionFinding.on.between(start, end)
    return _findings(InspectionFinding.select().where(InspectionFinding.added_to.is_null(), within))[::-1]


def keep_note(heard: Heard, *, by: str, mark: str, now: datetime) -> None:
    """Keep a field note, once."""
    with write():
        if FieldNote.select().where(FieldNote.form_mark == mark).exists():
            return
        told = {"unit_slug": heard.unit, "on": heard.on, "words": heard.words, "tags": heard.tags}
        number = FieldNote.insert(**told, written_by=by, kept_at=_naive(now), form_mark=mark).execute()
        audit.record(actor=by, action="note.kept", subject=str(number), detail={"unit": heard.unit}, now=now)


def notes(*, staff_of: str = "", by: str = "") -> list[Note]:
    """Field notes, the latest first: all, or those of one writer and those that a unit's staff wrote about it.

    Threat: a unit that reads what an inspector noted about it learns who spoke there.
    """
    rows = FieldNote.select()
    if by or staff_of:
        staff = Account.select(Account.username).where(Account.unit_slug == staff_of)
        theirs = (FieldNote.unit_slug == staff_of) & FieldNote.written_by.in_(staff)
        rows = rows.where((FieldNote.written_by == by) | theirs)
    return [
        Note(row.id, row.unit_slug, row.on, row.words, row.tags, row.written_by)
        for row in rows.order_by(FieldNote.on.desc(), FieldNote.id.desc())
    ]


def forget_notes(*, years: int, today: date, now: datetime) -> int:
    """Delete notes of days more than so many years ago, with proof in the audit list; how many."""
    before = add_months(today, -12 * years)
    with write():
        count = int(FieldNote.delete().where(FieldNote.on < before).execute())
        if count:
            audit.record(actor="", action="note.deleted", subject="", detail={"rows": count}, now=now)
    return count


def _findings(rows: Any) -> list[Finding]:
    """The latest first; as objects of the library 5,000 of them take a fifth of a second."""
    latest = rows.order_by(InspectionFinding.on.desc(), InspectionFinding.id.desc())
    return [_finding(row) for row in latest.namedtuples()]


def _finding(row: InspectionFinding) -> Finding:
    same = ("id", "on", "at_time", "place", "covert", "kind", "words", "found_by")
    return Finding(unit=row.unit_slug, **{name: getattr(row, name) for name in same})


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
