"""Paper cards: entered twice, compared, settled, then cast in lots of which nobody can tell one card from another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey_app.config import Keys
from survey_app.domain import codes as code_tags
from survey_app.domain import paper as rules
from survey_app.domain.ballot_box import Answers
from survey_app.domain.paper import DIFFERING, ENTERED, SETTLED, Entry
from survey_app.domain.reasons import require_reason
from survey_app.domain.rounds import PAPER
from survey_app.store import audit, ballots, batches, codes
from survey_app.store.ballots import LotBallot
from survey_app.store.codes import Admission
from survey_app.store.database import checkpoint, write
from survey_app.store.models import PaperCard
from survey_app.store.rounds import Round, require_still_open


@dataclass(frozen=True)
class Staged:
    """A card that waits: its pencilled number, where it stands, who typed it, who has chosen. No answer."""

    number: int
    state: str
    first_by: str
    second_by: str = ""
    chosen_by: str = ""


@dataclass(frozen=True)
class Comparison:
    """A card whose two entries differ: the fields in question with what either clerk read there."""

    card: Staged
    fields: tuple[tuple[str, str | int | None, str | int | None], ...]
    chosen: Entry | None  # what one of the two clerks has chosen already


def enter_card(
    *, round_: Round, code: str, unit_slug: str, answers: Answers, keys: Keys, by: str, today: date
) -> Staged:
    """Stage one clerk's reading of a card; the second clerk's is compared with the first.

    Raises RoundClosed, CodeUnknown, CodeVoid, CardNotForPaper, CodeForAnotherUnit, CardNamesNoUnit, CardBlank,
    SameClerk, CardTwice, CardCounted, CardUsedElsewhere; nothing is kept then.
    """
    rules.require_answers(answers)
    admission = codes.require_admission(round_code=round_.code, code=code, keys=keys, even_void=True)
    entry = Entry(_unit_of(round_, admission, unit_slug), admission.group, _in_order(round_, answers))
    key = rules.staging_key(keys.admit, round_code=round_.code)
    tag = code_tags.use_tag(keys.admit, round_code=round_.code, code=code, unit_slug=codes.ON_PAPER)
    with write():
        require_still_open(round_, counted_on(round_, today))
        row = PaperCard.get_or_none(PaperCard.card_tag == tag)
        if row is None:
            return _enter_first(round_, admission, code, tag, rules.seal(key, entry), keys, by)
        return _enter_second(row, entry, key, by)


def list_staged(round_: Round) -> list[Staged]:
    """Cards that wait for somebody, by number."""
    rows = PaperCard.select().where(PaperCard.round == round_.row).order_by(PaperCard.number)
    return [_staged(row) for row in rows]


def compare(round_: Round, number: int, keys: Keys) -> Comparison:
    """The differences of one card. Raises CardGone unless it waits to be settled."""
    row = _differing_row(round_, number)
    key = rules.staging_key(keys.admit, round_code=round_.code)
    first, second = rules.unseal(key, bytes(row.first)), rules.unseal(key, bytes(row.second))
    fields = tuple((name, _read(first, name), _read(second, name)) for name in rules.differing(first, second))
    return Comparison(_staged(row), fields, rules.unseal(key, bytes(row.chosen)) if row.chosen else None)


def settle_card(
    *,
    round_: Round,
    number: int,
    answers: Answers,
    unit_slug: str,
    keys: Keys,
    by: str,
    is_reviewer: bool,
    now: datetime,
) -> bool:
    """Settle what two entries differ in; of `answers` and `unit_slug` only that is taken. True when settled,
    False while the other clerk has not chosen the same.

    A reviewer who typed neither entry settles alone; the two clerks settle when both have chosen the same.
    Raises CardGone, NotBetweenTheSame, CardBlank.
    """
    key = rules.staging_key(keys.admit, round_code=round_.code)
    with write():
        row = _differing_row(round_, number)
        _require_may_settle(row, by, is_reviewer)
        first, second = rules.unseal(key, bytes(row.first)), rules.unseal(key, bytes(row.second))
        entry = rules.chosen(first, second, answers, unit_slug)
        rules.require_answers(entry.answers)
        agreed = row.chosen_by not in ("", by) and rules.unseal(key, bytes(row.chosen)) == entry
        if agreed or by not in (row.first_by, row.second_by):
            _settle(row, rules.seal(key, entry))
            _record(round_, "paper.settle", row, by, now, {"agreed_with": row.chosen_by if agreed else ""})
            return True
        _update(row, chosen=rules.seal(key, entry), chosen_by=by)
        return False


def set_aside(round_: Round, number: int, *, reason: str, by: str, now: datetime) -> None:
    """Take a card that cannot be settled out of the stack; its code stays used. Raises CardGone and
    what `require_reason` raises."""
    said = require_reason(reason)
    with write():
        row = PaperCard.get_or_none(*_place(round_, number), PaperCard.state != SETTLED)
        if row is None:
            raise rules.CardGone(number=number)
        PaperCard.delete().where(PaperCard.card_tag == row.card_tag).execute()
        _record(round_, "paper.set_aside", row, by, now, {"reason": said})


def cast_full_lot(round_: Round, *, lot: int, keys: Keys, now: datetime, today: date) -> int:
    """Cast all settled cards once they are at least `lot`; returns how many were cast."""
    with write():
        if _settled(round_).count() < max(lot, round_.questionnaire.min_n):
            return 0
        require_still_open(round_, counted_on(round_, today))
        cast = _cast_settled(round_, keys, now, today)
    checkpoint()  # what was staged must not stand in the log beside what was cast
    return cast


def finish(round_: Round, *, keys: Keys, now: datetime, today: date) -> None:
    """Inside the write that closes the round: cast what is settled. Raises CardsUnfinished if anything is not."""
    states = [card.state for card in list_staged(round_)]
    waiting, differ = states.count(ENTERED), states.count(DIFFERING)
    if waiting or differ:
        raise rules.CardsUnfinished(waiting=waiting, differing=differ)
    if states:
        _cast_settled(round_, keys, now, today)


def counted_on(round_: Round, today: date) -> date:
    """Cards handed in on the last day may be typed later, until the round is closed; they belong to its last week."""
    return min(today, round_.closes_on)


def _enter_first(
    round_: Round, admission: Admission, code: str, tag: bytes, sealed: bytes, keys: Keys, by: str
) -> Staged:
    if not codes.spend_on_paper(admission=admission, code=code, keys=keys):
        on_paper = codes.is_on_paper(round_code=round_.code, code=code, keys=keys)
        raise rules.CardCounted if on_paper else rules.CardUsedElsewhere
    number = batches.count_used(round_, PAPER)  # has just grown, so no two cards of a round get one number
    PaperCard.insert(card_tag=tag, round=round_.row, number=number, state=ENTERED, first=sealed, first_by=by).execute()
    return Staged(number, ENTERED, by)


def _enter_second(row: PaperCard, entry: Entry, key: bytes, by: str) -> Staged:
    if row.state != ENTERED:
        raise rules.CardTwice(number=row.number)
    if row.first_by == by:
        raise rules.SameClerk(number=row.number)
    agree = not rules.differing(rules.unseal(key, bytes(row.first)), entry)
    sealed = rules.seal(key, entry)
    _update(row, second_by=by, state=DIFFERING, second=sealed)
    if agree:
        _settle(row, sealed)
    return Staged(row.number, SETTLED if agree else DIFFERING, row.first_by, by)


def _unit_of(round_: Round, admission: Admission, unit_slug: str) -> str:
    if admission.channel != PAPER:
        raise rules.CardNotForPaper
    if admission.unit_slug:
        if unit_slug not in ("", admission.unit_slug):
            raise codes.CodeForAnotherUnit(unit=admission.unit_zh)
        return admission.unit_slug
    if not unit_slug:
        raise rules.CardNamesNoUnit
    return round_.unit(unit_slug).slug


def _in_order(round_: Round, answers: Answers) -> Answers:
    return {named.code: answers.get(named.code) for named in round_.questionnaire.dimensions}


def _read(entry: Entry, name: str) -> str | int | None:
    return entry.unit_slug if name == rules.UNIT else entry.answers[name]


def _require_may_settle(row: PaperCard, by: str, is_reviewer: bool) -> None:
    if not is_reviewer and by not in (row.first_by, row.second_by):
        raise rules.NotBetweenTheSame(number=row.number)


def _settle(row: PaperCard, sealed: bytes) -> None:
    """From here on nobody can tell who typed what: only what is counted is kept."""
    _update(row, state=SETTLED, first=None, second=None, chosen=sealed)


def _cast_settled(round_: Round, keys: Keys, now: datetime, today: date) -> int:
    key = rules.staging_key(keys.admit, round_code=round_.code)
    rated = {unit.slug for unit in round_.units}  # a unit may have been declared void since its card was typed
    entries = [rules.unseal(key, bytes(row.chosen)) for row in _settled(round_)]
    lot = [LotBallot(one.unit_slug, one.group, PAPER, one.answers) for one in entries if one.unit_slug in rated]
    ballots.cast_lot(round_, lot, today=counted_on(round_, today))
    PaperCard.delete().where(PaperCard.round == round_.row, PaperCard.state == SETTLED).execute()
    detail = {"count": len(lot)}
    audit.record(actor="portal", action="paper.cast", subject=f"rounds/{round_.code}", detail=detail, now=now)
    return len(lot)


def _settled(round_: Round) -> Any:
    return PaperCard.select().where(PaperCard.round == round_.row, PaperCard.state == SETTLED)


def _place(round_: Round, number: int) -> tuple[Any, Any]:
    return PaperCard.round == round_.row, PaperCard.number == number


def _differing_row(round_: Round, number: int) -> PaperCard:
    row = PaperCard.get_or_none(*_place(round_, number), PaperCard.state == DIFFERING)
    if row is None:
        raise rules.CardGone(number=number)
    return row


def _update(row: PaperCard, **changes: object) -> None:
    PaperCard.update(**changes).where(PaperCard.card_tag == row.card_tag).execute()


def _record(round_: Round, action: str, row: PaperCard, by: str, now: datetime, more: Mapping[str, object]) -> None:
    """Both clerks are named; what they read is not told."""
    detail = {"card": row.number, "first": row.first_by, "second": row.second_by, **more}
    audit.record(actor=by, action=action, subject=f"rounds/{round_.code}", detail=detail, now=now)


def _staged(row: PaperCard) -> Staged:
    return Staged(row.number, row.state, row.first_by, row.second_by, row.chosen_by)
