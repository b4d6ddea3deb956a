"""What people wrote and handed in with a case, by the event it came with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from survey_app.config import Keys
from survey_app.store.case_private import words_of
from survey_app.store.models import CaseAttachment


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
    found = [CaseFile(**{name: getattr(row, name) for name in CaseFile.__dataclass_fields__}) for row in rows]
    return sorted(found, key=lambda file: (file.event, file.name, file.digest))


def written(number: str, keys: Keys) -> dict[int, str]:
    """What the person wrote, by number of event; less once it has been deleted in time. Raises WrongCaseKey."""
    return {event: str(told.get("words", "")) for event, told in words_of(number, keys).items()}
