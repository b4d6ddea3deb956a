"""Rows of sealed files besides those of cases: replies to orders, photos of findings; and what any row still names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.domain.attached import DELETED
from survey_app.store.case_papers import Kept
from survey_app.store.models import CaseAttachment, FindingFile, OrderFile

MOST_ASKED = 500  # places in one statement
_NAMED = ("name", "media_type", "size", "digest", "state")


@dataclass(frozen=True)
class SealedFile:
    """A file as its row says it; `digest` is that of its sealed bytes."""

    name: str
    media_type: str
    size: int
    digest: str
    state: str
    event: int = 0  # of an order: the step it came with


def insert(model: Any, files: Iterable[Kept], **owner: object) -> None:
    """Name these files with what they belong to, inside the caller's `write()`."""
    for file in files:
        model.insert(**owner, **{name: getattr(file, name) for name in _NAMED}).execute()


def listed(rows: Iterable[Any]) -> list[SealedFile]:
    """Rows as the rest of the portal sees them."""
    return [
        SealedFile(row.name, row.media_type, row.size, row.digest, row.state, getattr(row, "event", 0)) for row in rows
    ]


def known(digests: Sequence[str]) -> set[str]:
    """Of these digests, the ones that a case, a reply or a finding still names."""
    found: set[str] = set()
    for start in range(0, len(digests), MOST_ASKED):
        asked = list(digests[start : start + MOST_ASKED])
        for model in (CaseAttachment, OrderFile, FindingFile):
            rows = model.select(model.digest).where(model.digest.in_(asked), model.state != DELETED)
            found |= {digest for (digest,) in rows.tuples()}
    return found
