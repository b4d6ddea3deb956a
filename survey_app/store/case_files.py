"""Which files on the disk belong to a case."""

from collections.abc import Sequence

from survey_app.domain.attached import DELETED
from survey_app.store.models import CaseAttachment

MOST_ASKED = 500  # places in one statement


def named(digests: Sequence[str]) -> set[str]:
    """Of these digests, the ones that a case still names."""
    row, found = CaseAttachment, set()
    for start in range(0, len(digests), MOST_ASKED):
        asked = list(digests[start : start + MOST_ASKED])
        rows = row.select(row.digest).where(row.digest.in_(asked), row.state != DELETED)
        found |= {digest for (digest,) in rows.tuples()}
    return found
