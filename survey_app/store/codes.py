"""Voting codes: what one admits to, and that it was used. In the database they stand as tags."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from peewee import JOIN

from survey_app.config import Keys
from survey_app.domain import batches as rules
from survey_app.domain import codes
from survey_app.domain.batches import Scope
from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.domain.rounds import PAPER, PHONE, WEB
from survey_app.store import batches
from survey_app.store.models import Code, CodeBatch, CodeUse, RoundUnit
from survey_app.store.rounds import Round, get_round, open_rounds

ANY_UNIT = "*"  # the use tag that counts a code once, whatever units it rates
ON_PAPER = "*paper"  # the use tag of a code whose paper card was handed in


class CodeUnknown(NothingAnswers):
    code, status = "code-unknown", 422
    message = N_("没有这个评议码。请对照卡片再看一遍；也可能是另一轮评议的卡片。")


class CodeForAnotherUnit(Refusal):
    code, status = "code-other-unit", 422
    message = N_("这个评议码是评“%(unit)s”的，不能用来评别的单位。")


class CodeVoid(Refusal):
    code, status = "code-void", 409
    message = N_(
        "这一批评议码已经作废（%(reason)s），不能再用。请向发卡的人换一张新卡，或打12345。以前用它提交的评议仍然有效。"
    )


class CardHandedIn(Refusal):
    code, status = "card-handed-in", 409
    message = N_("这张卡已经作为纸质卡交回并录入，以纸上填的为准，不能再在网上或电话里评。")


class CodeNotForPhone(Refusal):
    code, status = "code-not-phone", 422
    message = N_("这个评议码不是电话访问用的。请用发给访员的评议码，卡片上写着“电话”。")


@dataclass(frozen=True)
class Admission:
    """What a valid code lets its holder do."""

    batch_id: int
    round_code: str
    group: str
    channel: str
    unit_slug: str | None  # None: any unit of the round
    unit_zh: str | None

    def counted_as(self, way: str, counted: Collection[str]) -> str:
        """The channel of a ballot that came this way, where `counted` are the round's. Raises CodeNotForPhone.

        A card meant for paper or phone may be used on the web, at home, and is then shown as what it was.
        """
        if way == PHONE and self.channel != PHONE:
            raise CodeNotForPhone
        elsewhere = way == WEB and self.channel in (PAPER, PHONE) and WEB in counted
        return WEB if elsewhere else self.channel


def issue_codes(
    *, round_code: str, group: str, count: int, channel: str, unit_slug: str | None, keys: Keys, today: date
) -> list[str]:
    """Issue `count` codes and return them in clear: they exist in clear nowhere else. Raises as `store_batch`."""
    scope = Scope(group, channel, unit_slug or "")
    # Four signs meet again sooner than one thinks: a district's batches did within one round.
    taken = {batch.label for batch in batches.ledger(round_code)}
    label = next(fresh for fresh in iter(rules.new_label, "") if fresh not in taken)
    made = rules.make_batch(batches.terms_of(get_round(round_code)), scope, count, label)
    issue_batch(made, round_code=round_code, keys=keys, actor="portal", now=_noon(today), today=today)
    return list(made.codes)


def issue_batch(made: rules.MadeBatch, *, round_code: str, keys: Keys, actor: str, now: datetime, today: date) -> None:
    """Take the tags of a batch made on this server. Raises as `store_batch`."""
    batches.store_batch(tags_of(made, round_code=round_code, keys=keys), actor=actor, now=now, today=today)


def tags_of(made: rules.MadeBatch, *, round_code: str, keys: Keys) -> rules.TaggedBatch:
    """The batch as the database takes it."""
    return rules.tagged(made, round_code=round_code, issue_key=codes.issue_key(keys.admit, round_code=round_code))


def require_admission(*, round_code: str, code: str, keys: Keys, even_void: bool = False) -> Admission:
    """What `code` (canonical) admits to in this round. Raises CodeUnknown, CodeVoid.

    `even_void` is for a use that began before the batch was voided; a first use is refused when it is spent.
    """
    tag = codes.code_tag(codes.issue_key(keys.admit, round_code=round_code), round_code=round_code, code=code)
    found = (
        Code.select(
            CodeBatch.id, CodeBatch.group, CodeBatch.channel, RoundUnit.slug, RoundUnit.zh, CodeBatch.void_reason
        )
        .join(CodeBatch)
        .join(RoundUnit, JOIN.LEFT_OUTER, on=(CodeBatch.unit == RoundUnit.id))
        .where(Code.code_tag == tag)
        .tuples()
        .first()
    )
    if found is None:
        raise CodeUnknown
    batch, group, channel, slug, zh, void_reason = found
    if void_reason and not even_void:
        raise CodeVoid(reason=void_reason)
    return Admission(batch, round_code, group, channel, slug, zh)


def find_admission(*, code: str, keys: Keys, today: date) -> tuple[Round, Admission]:
    """The open round that `code` belongs to, and what it admits to. Raises CodeUnknown, CodeVoid."""
    for round_ in open_rounds(today):
        try:
            return round_, require_admission(round_code=round_.code, code=code, keys=keys)
        except CodeUnknown:
            continue
    raise CodeUnknown


def spend(*, admission: Admission, code: str, unit_slug: str, keys: Keys) -> bool:
    """Inside a write: True once per code and unit, False ever after. Raises CardHandedIn."""
    if admission.channel == PAPER and _is_marked(keys, admission.round_code, code, ON_PAPER):
        raise CardHandedIn
    first_here = _mark_used(keys, admission.round_code, code, unit_slug)
    if first_here and _mark_used(keys, admission.round_code, code, ANY_UNIT):
        _count_use(admission)
    return first_here


def spend_on_paper(*, admission: Admission, code: str, keys: Keys) -> bool:
    """Inside a write: True unless the code was used before, on paper or elsewhere. It is then closed to the web."""
    if not _mark_used(keys, admission.round_code, code, ANY_UNIT):
        return False
    _mark_used(keys, admission.round_code, code, ON_PAPER)
    _count_use(admission)
    return True


def is_on_paper(*, round_code: str, code: str, keys: Keys) -> bool:
    """Whether the code's paper card has been handed in."""
    return _is_marked(keys, round_code, code, ON_PAPER)


def is_used(*, round_code: str, code: str, keys: Keys) -> bool:
    """Whether the code has rated any unit yet; only its holder can ask, for only they know the code."""
    return _is_marked(keys, round_code, code, ANY_UNIT)


def _count_use(admission: Admission) -> None:
    """The batch may have been voided since its code was looked up. Raises CodeVoid."""
    standing = (CodeBatch.id == admission.batch_id) & CodeBatch.voided_on.is_null()
    if not CodeBatch.update(used=CodeBatch.used + 1).where(standing).execute():
        raise CodeVoid(reason=CodeBatch.get_by_id(admission.batch_id).void_reason)


def _is_marked(keys: Keys, round_code: str, code: str, unit_slug: str) -> bool:
    tag = codes.use_tag(keys.admit, round_code=round_code, code=code, unit_slug=unit_slug)
    return CodeUse.get_or_none(CodeUse.use_tag == tag) is not None


def _mark_used(keys: Keys, round_code: str, code: str, unit_slug: str) -> bool:
    tag = codes.use_tag(keys.admit, round_code=round_code, code=code, unit_slug=unit_slug)
    return bool(CodeUse.insert(use_tag=tag).on_conflict_ignore().as_rowcount().execute())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
