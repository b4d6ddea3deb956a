"""What people wrote and handed in with a case, by the event it came with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from survey_app.config import Keys
from survey_app.domain.attached import DELETED
from survey_app.store import audit
from survey_app.store.case_private import words_of
from survey_app.store.case_rows import naive
from survey_app.store.database import write
from survey_app.store.models import CaseAttachment, CaseRecord


class Kept(Protocol):
    """A file that already lies on the disk. `digest`: of its sealed bytes, which is also its name there."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def digest(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class CaseFile:
    """A file of a case: the number of the event it came with, and what its row says of it; `size` in bytes."""

    event: int
    name: str
    media_type: str
    size: int
    digest: str
    state: str


def attach(number: str, event: int, files: Iterable[Kept]) -> None:
    """Name these files with this event, inside the caller's `write()`."""
    for file in files:
        same = {name: getattr(file, name) for name in ("name", "media_type", "size", "digest", "state")}
        CaseAttachment.insert(place=file.digest, case=number, event=event, **same).execute()


def files(number: str) -> list[CaseFile]:
    """The files of a case in the order in which they came."""
    rows = CaseAttachment.select().where(CaseAttachment.case == number)
    return sorted(map(as_file, rows), key=lambda file: (file.event, file.name, file.digest))


def as_file(row: CaseAttachment) -> CaseFile:
    """A row as the rest of the portal sees it."""
    return CaseFile(**{name: getattr(row, name) for name in CaseFile.__dataclass_fields__})


def written(number: str, keys: Keys) -> dict[int, str]:
    """What the person wrote, by number of event; less once it has been deleted in time. Raises WrongCaseKey."""
    return {event: str(told.get("words", "")) for event, told in words_of(number, keys).items()}


def files_to_forget(closed_before: datetime) -> list[CaseFile]:
    """The files of cases closed before this instant that are not deleted yet."""
    rows = CaseAttachment.select(CaseAttachment).join(CaseRecord)
    old = (CaseRecord.closed_at < naive(closed_before)) & (CaseAttachment.state != DELETED)
    return [as_file(row) for row in rows.where(old).order_by(CaseAttachment.place)]


def mark_file_deleted(digest: str, now: datetime) -> None:
    """The sealed bytes are gone: the row keeps size and digest as proof, and loses the name."""
    with write():
        row = CaseAttachment.get(CaseAttachment.place == digest)
        CaseAttachment.update(state=DELETED, name="").where(CaseAttachment.place == digest).execute()
        detail = {"what": "file", "rows": 1, "digest": digest}
        audit.record(actor="", action="case.deleted", subject=row.case_number, detail=detail, now=now)
