"""Voting codes: issued in batches, in clear only in the hands of the caller, in the database as tags."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN, fn

from survey_app.config import Keys
from survey_app.domain import codes, rounds
from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.store.database import write
from survey_app.store.models import Code, CodeBatch, CodeUse, EvaluationRound, RoundUnit
from survey_app.store.rounds import Round, get_round, open_rounds

ANY_UNIT = "*"  # the use tag that counts a code once, whatever units it rates


class BatchTooSmall(Refusal):
    code, status = "batch-small", 422
    message = N_("一批至少%(min_n)s个评议码，这次只要了%(count)s个。太少了会让人猜出是谁评的。")


class GroupUnknown(Refusal):
    code, status = "group-unknown", 422
    message = N_("这一轮没有“%(group)s”这个评议主体，可用的是：%(known)s。")


class ChannelUnknown(Refusal):
    code, status = "channel-unknown", 422
    message = N_("评议码不能用于渠道“%(channel)s”，可用的是：%(known)s。")


class PanelTooSmall(Refusal):
    code, status = "panel-small", 422
    message = N_("“%(unit)s”的名册只有%(size)s人，已发%(issued)s个评议码，不能再发%(count)s个。")


class RoundTakesNoCodes(Refusal):
    code, status = "round-over", 409
    message = N_("这一轮已经截止，不能再发评议码。")


class CodeUnknown(NothingAnswers):
    code, status = "code-unknown", 422
    message = N_("没有这个评议码。请对照卡片再看一遍；也可能是另一轮评议的卡片。")


class CodeForAnotherUnit(Refusal):
    code, status = "code-other-unit", 422
    message = N_("这个评议码是评“%(unit)s”的，不能用来评别的单位。")


@dataclass(frozen=True)
class Admission:
    """What a valid code lets its holder do."""

    batch_id: int
    round_code: str
    group: str
    channel: str
    unit_slug: str | None  # None: any unit of the round
    unit_zh: str | None


@dataclass(frozen=True)
class BatchCount:
    """A row of the ledger of codes."""

    batch: int
    group: str
    unit_slug: str | None
    channel: str
    issued: int
    used: int
    issued_on: date


def issue_codes(
    *, round_code: str, group: str, count: int, channel: str, unit_slug: str | None, keys: Keys, today: date
) -> list[str]:
    """Issue `count` codes and return them in clear: they exist in clear nowhere else.

    Raises BatchTooSmall, PanelTooSmall, GroupUnknown, ChannelUnknown, UnitNotRated, RoundTakesNoCodes.
    """
    round_ = get_round(round_code)
    _require_issuable(round_, group=group, channel=channel, count=count)
    unit = round_.unit(unit_slug).row if unit_slug else None
    _require_room_in_panel(round_, group=group, count=count, unit_slug=unit_slug)
    fresh = _distinct_codes(count)
    tags = [codes.admit_tag(keys.admit, round_code=round_code, code=code) for code in fresh]
    with write():
        batch = CodeBatch.create(
            round=round_.row, group=group, unit=unit, channel=channel, issued=count, issued_on=today
        )
        # In the order of the tags, so that the order of issue is nowhere kept.
        for start in range(0, count, 400):
            Code.insert_many(
                [{"code_tag": tag, "batch": batch.id} for tag in sorted(tags)[start : start + 400]]
            ).execute()
    return fresh


def require_admission(*, round_code: str, code: str, keys: Keys) -> Admission:
    """What `code` (canonical) admits to in this round. Raises CodeUnknown."""
    tag = codes.admit_tag(keys.admit, round_code=round_code, code=code)
    found = (
        Code.select(CodeBatch.id, CodeBatch.group, CodeBatch.channel, RoundUnit.slug, RoundUnit.zh)
        .join(CodeBatch)
        .join(RoundUnit, JOIN.LEFT_OUTER, on=(CodeBatch.unit == RoundUnit.id))
        .where(Code.code_tag == tag)
        .tuples()
        .first()
    )
    if found is None:
        raise CodeUnknown
    batch, group, channel, slug, zh = found
    return Admission(batch, round_code, group, channel, slug, zh)


def find_admission(*, code: str, keys: Keys, today: date) -> tuple[Round, Admission]:
    """The open round that `code` belongs to, and what it admits to. Raises CodeUnknown."""
    for round_ in open_rounds(today):
        try:
            return round_, require_admission(round_code=round_.code, code=code, keys=keys)
        except CodeUnknown:
            continue
    raise CodeUnknown


def spend(*, admission: Admission, code: str, unit_slug: str, keys: Keys) -> bool:
    """Inside a write: True once per code and unit, False ever after."""
    first_here = _mark_used(keys, admission.round_code, code, unit_slug)
    if first_here and _mark_used(keys, admission.round_code, code, ANY_UNIT):
        CodeBatch.update(used=CodeBatch.used + 1).where(CodeBatch.id == admission.batch_id).execute()
    return first_here


def is_used(*, round_code: str, code: str, keys: Keys) -> bool:
    """Whether the code has rated any unit yet; only its holder can ask, for only they know the code."""
    tag = codes.use_tag(keys.admit, round_code=round_code, code=code, unit_slug=ANY_UNIT)
    return CodeUse.get_or_none(CodeUse.use_tag == tag) is not None


def ledger(round_code: str) -> list[BatchCount]:
    """Issued and used, by batch."""
    rows = CodeBatch.select().join(EvaluationRound).where(EvaluationRound.code == round_code).order_by(CodeBatch.id)
    return [
        BatchCount(b.id, b.group, b.unit.slug if b.unit else None, b.channel, b.issued, b.used, b.issued_on)
        for b in rows
    ]


def issued_by_unit(round_code: str) -> dict[str, dict[str, int]]:
    """Codes issued for one unit alone: unit slug -> group -> codes.

    A group that also holds codes for any unit is left out: how many of those were meant for the unit, nobody knows.
    """
    roaming = {batch.group for batch in ledger(round_code) if batch.unit_slug is None}
    rows = (
        CodeBatch.select(RoundUnit.slug, CodeBatch.group, fn.SUM(CodeBatch.issued))
        .join(RoundUnit)
        .join(EvaluationRound)
        .where(EvaluationRound.code == round_code)
        .group_by(RoundUnit.slug, CodeBatch.group)
        .order_by(RoundUnit.slug, CodeBatch.group)
        .tuples()
    )
    issued: dict[str, dict[str, int]] = {}
    for slug, group, count in rows:
        if group in roaming:
            continue
        issued.setdefault(slug, {})[group] = count
    return issued


def _mark_used(keys: Keys, round_code: str, code: str, unit_slug: str) -> bool:
    tag = codes.use_tag(keys.admit, round_code=round_code, code=code, unit_slug=unit_slug)
    return bool(CodeUse.insert(use_tag=tag).on_conflict_ignore().as_rowcount().execute())


def _require_issuable(round_: Round, *, group: str, channel: str, count: int) -> None:
    questionnaire = round_.questionnaire
    groups = [named.code for named in questionnaire.groups]
    if round_.status not in (rounds.DRAFT, rounds.OPEN):
        raise RoundTakesNoCodes
    if group not in groups:
        raise GroupUnknown(group=group, known="、".join(groups))
    if channel not in questionnaire.counted_channels:
        raise ChannelUnknown(channel=channel, known="、".join(sorted(questionnaire.counted_channels)))
    if count < questionnaire.min_n:
        raise BatchTooSmall(min_n=questionnaire.min_n, count=count)


def _require_room_in_panel(round_: Round, *, group: str, count: int, unit_slug: str | None) -> None:
    """A panel of known size gets no more codes than it has members, counting codes that rate any unit."""
    batches = [batch for batch in ledger(round_.code) if batch.group == group]
    for unit in round_.units:
        size = unit.sizes.get("panel", {}).get(group)
        if size is None or unit_slug not in (None, unit.slug):
            continue
        issued = sum(batch.issued for batch in batches if batch.unit_slug in (None, unit.slug))
        if issued + count > size:
            raise PanelTooSmall(unit=unit.zh, size=size, issued=issued, count=count)


def _distinct_codes(count: int) -> list[str]:
    fresh: set[str] = set()
    while len(fresh) < count:
        fresh.add(codes.new_code())
    return list(fresh)
