"""What lies sealed beside a case, opened for whoever works on it: the person's words, their contact; names of files."""

from dataclasses import dataclass
from datetime import datetime

from survey_app.config import Keys
from survey_app.domain.cases import box
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import CaseAttachment, CaseContact, CaseWords


@dataclass(frozen=True)
class CaseFile:
    """A file of a case as its row names it; `event`: the step it came with."""

    event: int
    name: str
    media_type: str
    size: int
    digest: str
    state: str


def written(number: str, keys: Keys) -> dict[int, str]:
    """Event number -> what the person wrote with it; nothing where it has been deleted. Raises WrongCaseKey."""
    rows = CaseWords.select().where(CaseWords.case == number)
    opened = {row.event: box.unseal(keys.case, box.WORDS, bytes(row.sealed)) for row in rows}
    return {event: str(content.get("words", "")) for event, content in opened.items()}


def contact(number: str, *, by: str, keys: Keys, now: datetime) -> str:
    """How the person can be reached; empty where they did not say or it has been deleted. Every look is recorded."""
    with write():
        audit.record(actor=by, action="case.contact", subject=number, now=now)
        row = CaseContact.get_or_none(CaseContact.case == number)
    return str(box.unseal(keys.case, box.CONTACT, bytes(row.sealed))["contact"]) if row else ""


def files(number: str) -> list[CaseFile]:
    """The files of a case in the order of their steps."""
    rows = CaseAttachment.select().where(CaseAttachment.case == number).order_by(CaseAttachment.event)
    named = CaseFile.__dataclass_fields__
    return [CaseFile(**{name: getattr(row, name) for name in named}) for row in rows]
