"""Batches of codes in the database: tags alone, a ledger of numbers, and the voiding of a batch gone astray."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import JOIN, fn

from survey_app.domain import rounds
from survey_app.domain.batches import Kit, TaggedBatch, Terms, require_batch
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.reasons import require_reason
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import Code, CodeBatch, EvaluationRound, RoundUnit
from survey_app.store.rounds import Round, get_round

AT_ONCE = 400  # rows an INSERT takes


class PanelTooSmall(Refusal):
    code, status = "panel-small", 422
    message = N_("“%(unit)s”的名册只有%(size)s人，已发%(issued)s个评议码，不能再发%(count)s个。")


class RoundTakesNoCodes(Refusal):
    code, status = "round-over", 409
    message = N_("这一轮已经截止，不能再发评议码。")


class BatchExists(Refusal):
    code, status = "batch-exists", 409
    message = N_("第%(label)s批已经在台账里，没有再存一遍。要再发一批，请重新打开发码的页面，或重新做一批。")


class TagsExist(Refusal):
    code, status = "tags-exist", 409
    message = N_("这一批里有%(count)s个评议码已经在别的批次里，整批没有导入。请重新做一批。")


class BatchUnknown(Refusal):
    code, status = "batch-unknown", 404
    message = N_("这一轮没有第%(label)s批。批次号是4位，印在卡片下方，台账里也有。")


class BatchVoid(Refusal):
    code, status = "batch-void", 409
    message = N_("第%(label)s批已经作废过了。")


@dataclass(frozen=True)
class BatchCount:
    """A row of the ledger of codes."""

    label: str
    group: str
    unit_slug: str | None
    channel: str
    issued: int
    used: int
    void: int  # codes that had not been used when the batch was voided
    issued_on: date
    voided_on: date | None
    void_reason: str
    replaces: str  # label of the batch it was issued for

    @property
    def unused(self) -> int:
        """Codes that can still be used."""
        return self.issued - self.used - self.void

    @property
    def valid(self) -> int:
        """Codes issued and not void: what a rate of return is counted on."""
        return self.issued - self.void


def terms_of(round_: Round, address: str = "") -> Terms:
    """What the round asks of its batches, for an issuer's file or a form."""
    questionnaire = round_.questionnaire
    return Terms(
        round_code=round_.code,
        round_name=round_.name,
        closes_on=round_.closes_on.isoformat(),
        min_n=questionnaire.min_n,
        groups=questionnaire.groups,
        channels=tuple(sorted(questionnaire.counted_channels)),
        units=tuple((unit.slug, unit.zh) for unit in round_.units),
        dimensions=questionnaire.dimensions,
        address=address,
    )


def store_batch(batch: TaggedBatch, *, actor: str, now: datetime, today: date, replaces: str = "") -> None:
    """Take a batch into the ledger, all of it or nothing.

    Raises RoundTakesNoCodes, BatchTooSmall, PanelTooSmall, GroupUnknown, ChannelUnknown, UnitNotRated, BatchExists,
    TagsExist.
    """
    with write():
        _insert(batch, actor=actor, now=now, today=today, replaces=replaces)


def void_batch(round_code: str, label: str, *, reason: str, actor: str, now: datetime, today: date) -> BatchCount:
    """Refuse the unused codes of a batch from now on; ballots already cast stay. Returns the batch as it then stands.

    Raises BatchUnknown, BatchVoid, RoundTakesNoCodes and what `require_reason` raises.
    """
    with write():
        _void(round_code, label, reason=reason, actor=actor, now=now, today=today)
    return batch_of(round_code, label)


def replace_batch(batch: TaggedBatch, *, replaces: str, reason: str, actor: str, now: datetime, today: date) -> None:
    """Void a batch and take its replacement in one step. Raises what either raises; nothing is changed then."""
    with write():
        _void(batch.round_code, replaces, reason=reason, actor=actor, now=now, today=today)
        _insert(batch, actor=actor, now=now, today=today, replaces=replaces)


def hand_out_key(round_code: str, address: str, issue_key: bytes, *, actor: str, now: datetime) -> Kit:
    """The issuer's file of a round; that it was made is recorded. Raises RoundUnknown, RoundTakesNoCodes."""
    round_ = get_round(round_code)
    _require_takes_codes(round_)
    with write():
        audit.record(actor=actor, action="codes.key", subject=f"rounds/{round_code}", now=now)
    return Kit(terms_of(round_, address), issue_key)


def record_download(round_code: str, label: str, file: str, *, actor: str, now: datetime) -> None:
    """Who took the one file in which a batch's codes stand in clear."""
    with write():
        detail = {"batch": label, "file": file}
        audit.record(actor=actor, action="codes.download", subject=f"rounds/{round_code}", detail=detail, now=now)


def ledger(round_code: str) -> list[BatchCount]:
    """Issued, used and void, by batch, oldest first."""
    units = CodeBatch.select(CodeBatch, RoundUnit).join(RoundUnit, JOIN.LEFT_OUTER).switch(CodeBatch)
    rows = units.join(EvaluationRound).where(EvaluationRound.code == round_code).order_by(CodeBatch.id)
    return [_count(row) for row in rows]


def batch_of(round_code: str, label: str) -> BatchCount:
    """One row of the ledger. Raises BatchUnknown."""
    return _count(_row(round_code, label))


def count_used(round_: Round, channel: str) -> int:
    """Codes of a channel that have been used, in any way; it only ever grows."""
    here = (CodeBatch.round == round_.row) & (CodeBatch.channel == channel)
    return int(CodeBatch.select(fn.SUM(CodeBatch.used)).where(here).scalar() or 0)


def issued_by_unit(round_code: str) -> dict[str, dict[str, int]]:
    """Codes issued for one unit alone and not void: unit slug -> group -> codes.

    A group that also holds codes for any unit is left out: how many of those were meant for the unit, nobody knows.
    """
    roaming = {batch.group for batch in ledger(round_code) if batch.unit_slug is None and batch.valid}
    rows = (
        CodeBatch.select(RoundUnit.slug, CodeBatch.group, fn.SUM(CodeBatch.issued - CodeBatch.void))
        .join(RoundUnit)
        .join(EvaluationRound)
        .where(EvaluationRound.code == round_code)
        .group_by(RoundUnit.slug, CodeBatch.group)
        .order_by(RoundUnit.slug, CodeBatch.group)
        .tuples()
    )
    issued: dict[str, dict[str, int]] = {}
    for slug, group, count in rows:
        if group not in roaming and count:
            issued.setdefault(slug, {})[group] = count
    return issued


def _insert(batch: TaggedBatch, *, actor: str, now: datetime, today: date, replaces: str) -> None:
    round_ = get_round(batch.round_code)
    scope, count = batch.scope, len(batch.tags)
    _require_takes_codes(round_)
    require_batch(terms_of(round_), scope, count)
    _require_room_in_panel(round_, batch)
    if any(known.label == batch.label for known in ledger(round_.code)):
        raise BatchExists(label=batch.label)
    row = CodeBatch.create(
        round=round_.row,
        group=scope.group,
        unit=round_.unit(scope.unit_slug).row if scope.unit_slug else None,
        channel=scope.channel,
        issued=count,
        issued_on=today,
        label=batch.label,
        replaces=replaces,
    )
    _insert_tags(row.id, batch.tags)
    detail = {"batch": batch.label, "group": scope.group, "unit": scope.unit_slug, "channel": scope.channel}
    told = {**detail, "count": count, "replaces": replaces}
    audit.record(actor=actor, action="codes.issue", subject=f"rounds/{round_.code}", detail=told, now=now)


def _insert_tags(batch: int, tags: Sequence[bytes]) -> None:
    known = 0
    for start in range(0, len(tags), AT_ONCE):
        part = tags[start : start + AT_ONCE]
        known += Code.select().where(Code.code_tag.in_(part)).count()
        if not known:
            Code.insert_many([{"code_tag": tag, "batch": batch} for tag in sorted(part)]).execute()
    if known:
        raise TagsExist(count=known)


def _void(round_code: str, label: str, *, reason: str, actor: str, now: datetime, today: date) -> None:
    said = require_reason(reason)
    _require_takes_codes(get_round(round_code))
    row = _row(round_code, label)
    if row.voided_on:
        raise BatchVoid(label=label)
    left = row.issued - row.used
    CodeBatch.update(void=left, voided_on=today, void_reason=said).where(CodeBatch.id == row.id).execute()
    detail = {"batch": label, "void": left, "reason": said}
    audit.record(actor=actor, action="codes.void", subject=f"rounds/{round_code}", detail=detail, now=now)


def _row(round_code: str, label: str) -> CodeBatch:
    row = CodeBatch.get_or_none(CodeBatch.round == get_round(round_code).row, CodeBatch.label == label)
    if row is None:
        raise BatchUnknown(label=label)
    return row


def _count(row: CodeBatch) -> BatchCount:
    return BatchCount(
        label=row.label,
        group=row.group,
        unit_slug=row.unit.slug if row.unit else None,
        channel=row.channel,
        issued=row.issued,
        used=row.used,
        void=row.void,
        issued_on=row.issued_on,
        voided_on=row.voided_on,
        void_reason=row.void_reason,
        replaces=row.replaces,
    )


def _require_takes_codes(round_: Round) -> None:
    if round_.status not in (rounds.DRAFT, rounds.OPEN):
        raise RoundTakesNoCodes


def _require_room_in_panel(round_: Round, batch: TaggedBatch) -> None:
    """A panel of known size gets no more codes than it has members, counting codes that rate any unit."""
    group, wanted, count = batch.scope.group, batch.scope.unit_slug, len(batch.tags)
    batches = [known for known in ledger(round_.code) if known.group == group]
    for unit in round_.units:
        size = unit.sizes.get("panel", {}).get(group)
        if size is None or wanted not in ("", unit.slug):
            continue
        issued = sum(known.valid for known in batches if known.unit_slug in (None, unit.slug))
        if issued + count > size:
            raise PanelTooSmall(unit=unit.zh, size=size, issued=issued, count=count)
