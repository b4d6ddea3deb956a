"""Rows of sealed files besides those of cases: replies to orders, photos of findings. One folder holds them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.store import case_papers
from survey_app.store.case_papers import Kept
from survey_app.store.models import FindingFile, OrderFile

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
    """Those of these digests that any row names, of a case or of something else."""
    found = case_papers.known_files(digests)
    for model in (OrderFile, FindingFile):
        rows = model.select(model.digest).where(model.digest.in_(list(digests)))
        found |= {digest for (digest,) in rows.tuples()}
    return found
