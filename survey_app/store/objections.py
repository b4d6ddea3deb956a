"""Objections of units against their draft: filed with words and files, ruled by two people, never deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from peewee import fn

from survey_app.domain import objections as rules
from survey_app.domain.objections import DECISION_WORDS, FILED, OFFICE, PROPOSED, RULED, UNIT, UPHELD, Correction
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.drafts import Draft, shown
from survey_app.store.models import Objection, ObjectionFile
from survey_app.store.rounds import Round


@dataclass(frozen=True)
class Attached:
    """A file of an objection, without its content."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True)
class Filed:
    """An objection as it stands."""

    number: int
    round_row: int
    unit_slug: str
    digest: str
    origin: str
    words: str
    filed_by: str
    filed_on: date
    state: str
    decision: str
    reason: str
    correction: Correction
    proposed_by: str
    ruled_by: str
    ruled_on: date | None
    files: tuple[Attached, ...]


def open_draft(round_: Round, today: date) -> Draft:
    """The draft that units may object to on `today`. Raises NotOpenToObjections."""
    last = next(reversed(shown(round_)), None)
    if round_.status not in ("closed", "published") or last is None or not last.shown_on <= today <= last.until_on:
        raise rules.NotOpenToObjections
    return last


@dataclass(frozen=True)
class Filing:
    """An objection as it comes in. `mark` makes a form sent twice one objection.

    With `found_in`, the digest of a release, the office enters it, for a citizen or itself, whenever it is found.
    """

    unit_slug: str
    words: str
    mark: str
    by: str
    files: Sequence[tuple[str, bytes]] = ()
    found_in: str = ""


def file_objection(round_: Round, filing: Filing, *, now: datetime, today: date) -> Filed:
    """Keep an objection with its files, all or nothing; the same form sent twice is one.

    Raises NotOpenToObjections, UnitNotRated, WordsMissing, TooManyFiles, Unseen, TooLong.
    """
    said = rules.require_words(filing.words)
    if len(filing.files) > rules.MOST_FILES:
        raise rules.TooManyFiles(most=rules.MOST_FILES)
    round_.unit(filing.unit_slug)
    with write():
        if row := Objection.get_or_none(form_mark=filing.mark, unit_slug=filing.unit_slug):
            return _filed(row)
        digest = filing.found_in or open_draft(round_, today).digest
        row = _keep(round_, filing, said, digest, now, today)
        _record(round_, row, "objection.file", filing.by, now, {"files": len(filing.files)})
    return _filed(row)


def _keep(round_: Round, filing: Filing, said: str, digest: str, now: datetime, today: date) -> Objection:
    row = Objection.create(
        round=round_.row,
        unit_slug=filing.unit_slug,
        digest=digest,
        origin=OFFICE if filing.found_in else UNIT,
        words=said,
        filed_by=filing.by,
        filed_at=now.astimezone(UTC).replace(tzinfo=None),
        filed_on=today,
        form_mark=filing.mark,
    )
    for name, content in filing.files:
        ObjectionFile.create(objection=row, name=name, sha256=sha256(content).hexdigest(), content=content)
    return row


def of_round(round_: Round, unit_slug: str = "") -> list[Filed]:
    """Objections of the round, or of one unit in it, oldest first."""
    rows = Objection.select().where(Objection.round == round_.row)
    rows = rows.where(Objection.unit_slug == unit_slug) if unit_slug else rows
    return [_filed(row) for row in rows.order_by(Objection.id)]


def get(round_: Round, number: int) -> Filed:
    """One objection. Raises ObjectionUnknown."""
    return _filed(_row(round_, number))


def content_of(round_: Round, number: int) -> tuple[str, bytes]:
    """Name and bytes of a file of an objection of this round. Raises ObjectionUnknown, FileForgotten."""
    rows = ObjectionFile.select().join(Objection).where(ObjectionFile.id == number, Objection.round == round_.row)
    row = rows.first()
    if row is None:
        raise rules.ObjectionUnknown
    if not row.name:
        raise rules.FileForgotten
    return row.name, bytes(row.content)


def forget_files(ruled_before: date, now: datetime) -> int:
    """Take content and name out of files whose objection was ruled before this day; digest and ruling stay as proof."""
    with write():
        old = (Objection.ruled_on < ruled_before) & (fn.LENGTH(ObjectionFile.content) > 0)
        rows = list(ObjectionFile.select(ObjectionFile.id, ObjectionFile.sha256, Objection).join(Objection).where(old))
        for row in rows:
            ObjectionFile.update(content=b"", name="").where(ObjectionFile.id == row.id).execute()
            about = row.objection
            detail = {"objection": about.id, "digest": row.sha256}
            subject = f"rounds/{about.round.code}/{about.unit_slug}"
            audit.record(actor="", action="objection.deleted", subject=subject, detail=detail, now=now)
    return len(rows)


def propose(
    round_: Round, number: int, *, decision: str, reason: str, correction: Correction, by: str, now: datetime
) -> None:
    """The first person's ruling, which waits for a second. Raises AlreadyDone, DecisionMissing, ReasonNeeded."""
    said = rules.require_ruling(decision, reason, DECISION_WORDS)
    kept = correction if decision == UPHELD else Correction()
    with write():
        row = _in_state(round_, number, FILED)
        fields = {"decision": decision, "reason": said, "correction": json.dumps(kept.as_data(), sort_keys=True)}
        at = now.astimezone(UTC).replace(tzinfo=None)
        _update(row, state=PROPOSED, proposed_by=by, proposed_at=at, **fields)
        _record(round_, row, "objection.propose", by, now, {"decision": decision})


def confirm(round_: Round, number: int, *, by: str, now: datetime, today: date) -> Filed:
    """The second person's word makes it a ruling. Raises AlreadyDone, SameHand."""
    with write():
        row = _in_state(round_, number, PROPOSED)
        rules.require_other_hand(row.proposed_by, by)
        _update(row, state=RULED, ruled_by=by, ruled_on=today)
        _record(round_, row, "objection.rule", by, now, {"decision": row.decision})
    return get(round_, number)


def send_back(round_: Round, number: int, *, by: str, now: datetime) -> None:
    """The second person does not agree: the objection waits for a ruling again. Raises AlreadyDone, SameHand."""
    with write():
        row = _in_state(round_, number, PROPOSED)
        rules.require_other_hand(row.proposed_by, by)
        _update(row, state=FILED, decision="", reason="", correction="{}", proposed_by="", proposed_at=None)
        _record(round_, row, "objection.send_back", by, now, {})


def _row(round_: Round, number: int) -> Objection:
    row = Objection.get_or_none(Objection.id == number, Objection.round == round_.row)
    if not isinstance(row, Objection):
        raise rules.ObjectionUnknown
    return row


def _in_state(round_: Round, number: int, state: str) -> Objection:
    row = _row(round_, number)
    if row.state != state:
        raise rules.AlreadyDone
    return row


def _update(row: Objection, **fields: object) -> None:
    Objection.update(**fields).where(Objection.id == row.id).execute()


def _record(round_: Round, row: Objection, action: str, by: str, now: datetime, more: dict[str, object]) -> None:
    detail = {"objection": row.id, **more}
    audit.record(actor=by, action=action, subject=_subject(round_, row.unit_slug), detail=detail, now=now)


def _subject(round_: Round, unit_slug: str) -> str:
    return f"rounds/{round_.code}/{unit_slug}"


def _filed(row: Objection) -> Filed:
    columns = (ObjectionFile.id, ObjectionFile.name, ObjectionFile.sha256)
    files = ObjectionFile.select(*columns).where(ObjectionFile.objection == row.id).order_by(ObjectionFile.id)
    return Filed(
        number=row.id,
        round_row=row.round_id,
        unit_slug=row.unit_slug,
        digest=row.digest,
        origin=row.origin,
        words=row.words,
        filed_by=row.filed_by,
        filed_on=row.filed_on,
        state=row.state,
        decision=row.decision,
        reason=row.reason,
        correction=rules.read_correction(json.loads(row.correction)),
        proposed_by=row.proposed_by,
        ruled_by=row.ruled_by,
        ruled_on=row.ruled_on,
        files=tuple(Attached(file.id, file.name, file.sha256) for file in files),
    )
