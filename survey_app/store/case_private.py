"""What a person wrote in a case and how they can be reached: opened for whom the case needs, deleted in time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from peewee import fn

from survey_app.config import Keys
from survey_app.domain.cases import box
from survey_app.store import audit
from survey_app.store.case_rows import naive, row_of
from survey_app.store.database import write
from survey_app.store.models import CaseContact, CaseRecord, CaseWords

Content = dict[str, Any]


def words_of(number: str, keys: Keys) -> dict[int, Content]:
    """Event number -> what the person wrote with it; empty once it has been deleted. Raises WrongCaseKey."""
    rows = list(CaseWords.select().where(CaseWords.case == number).order_by(CaseWords.event))
    return {row.event: box.unseal(keys.case, box.WORDS, bytes(row.sealed)) for row in rows}


def first_words(numbers: Collection[str], keys: Keys) -> dict[str, Content]:
    """Case number -> what the person wrote first, for the rows of one page of a list. Raises WrongCaseKey."""
    rows = CaseWords.select().where(CaseWords.case.in_(list(numbers)), CaseWords.event == 1)
    return {row.case_number: box.unseal(keys.case, box.WORDS, bytes(row.sealed)) for row in list(rows)}


def contact_of(number: str, *, by: str, keys: Keys, now: datetime) -> str:
    """The contact, for whom the case needs it; every look is in the audit list. Empty where there is none.

    Raises CaseUnknown, WrongCaseKey.
    """
    row_of(number)
    row = CaseContact.get_or_none(CaseContact.case == number)
    if row is None:
        return ""
    contact = str(box.unseal(keys.case, box.CONTACT, bytes(row.sealed))["contact"])
    with write():
        audit.record(actor=by, action="case.contact_seen", subject=number, now=now)
    return contact


def record_refused(number: str, *, by: str, unit: str, now: datetime) -> None:
    """Somebody wanted to open a case that is not theirs."""
    with write():
        audit.record(actor=by, action="case.refused", subject=number, detail={"unit": unit}, now=now)


@dataclass(frozen=True)
class Forgotten:
    """What has just been deleted, for the audit list: how many rows, and the digest of what stood in them."""

    number: str
    what: str
    rows: int
    digest: str


def forget_contacts(closed_before: datetime, now: datetime) -> list[Forgotten]:
    """Delete the contacts of cases closed before this instant; each deletion is in the audit list with a digest."""
    return [_forget(number, CaseContact, "contact", now) for number in _closed_with(CaseContact, closed_before)]


def forget_words(closed_before: datetime, now: datetime) -> list[Forgotten]:
    """The same for what people wrote."""
    return [_forget(number, CaseWords, "words", now) for number in _closed_with(CaseWords, closed_before)]


def _closed_with(table: Any, closed_before: datetime) -> Iterator[str]:
    rows = CaseRecord.select(CaseRecord.number).join(table).where(CaseRecord.closed_at < naive(closed_before))
    return (number for (number,) in list(rows.distinct().order_by(CaseRecord.number).tuples()))


def _forget(number: str, table: Any, what: str, now: datetime) -> Forgotten:
    """One case in one transaction: a kill between two cases leaves each whole, and the next night goes on."""
    with write():
        sealed = [bytes(row.sealed) for row in table.select().where(table.case == number)]
        digest = sha256(b"".join(sorted(sealed))).hexdigest()
        table.delete().where(table.case == number).execute()
        if what == "contact":
            CaseRecord.update(has_contact=False).where(CaseRecord.number == number).execute()
        detail = {"what": what, "rows": len(sealed), "digest": digest}
        audit.record(actor="", action="case.deleted", subject=number, detail=detail, now=now)
        return Forgotten(number, what, len(sealed), digest)


def count_contacts() -> int:
    """Contacts that are still kept."""
    return int(CaseContact.select(fn.COUNT(CaseContact.case)).scalar())
