"""Ballots: cast with a code, replaced with a receipt, sealed from the first moment."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from survey_app.config import Keys
from survey_app.domain import ballot_box, receipts
from survey_app.domain.batches import GroupUnknown
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import OPEN_CHANNEL, WEB, week_of
from survey_app.store import boxweeks, codes
from survey_app.store.database import write
from survey_app.store.models import Ballot, EvaluationRound, RoundUnit, VoidUnit
from survey_app.store.rounds import Round, require_public_key, require_still_open

BOX_LABEL = b"ballot-box-v1"


class CodeUsed(Refusal):
    code, status = "code-used", 409
    message = N_("这个评议码已经评过这个单位。想改，请在这里填当时的回执码。")


class OpenNotTaken(Refusal):
    code, status = "open-not-taken", 422
    message = N_("这一轮没有公开渠道，要有评议码才能评。")


class ReceiptForAnotherUnit(Refusal):
    code, status = "receipt-other-unit", 422
    message = N_("这个回执码是评“%(unit)s”的。要改那一份，请到那个单位的评议页。")


@dataclass(frozen=True)
class Found:
    """What a receipt finds: where the ballot belongs, never what it says."""

    round_code: str
    round_name: str
    unit_slug: str
    unit_zh: str
    closes_on: date
    status: str
    channel: str


@dataclass(frozen=True)
class SealedBallot:
    """A ballot on its way into the snapshot."""

    unit_slug: str
    group: str
    channel: str
    period: date
    sealed: bytes


@dataclass(frozen=True)
class LotBallot:
    """A ballot that comes in a lot of others."""

    unit_slug: str
    group: str
    channel: str
    answers: ballot_box.Answers


def cast_ballot(
    *,
    round_: Round,
    unit_slug: str,
    code: str,
    form_nonce: str,
    answers: ballot_box.Answers,
    keys: Keys,
    today: date,
    flags: tuple[str, ...] = (),
    way: str = WEB,
) -> str:
    """Store one ballot and return its receipt, in one transaction; `way` is the channel it came through.

    Of `flags` those the method declares are kept.

    The same form sent again gives the same receipt and is stored once, with the answers sent last.
    Raises RoundClosed, UnitNotRated, CodeUnknown, CodeVoid, CodeForAnotherUnit, CodeNotForPhone, CardHandedIn,
    CodeUsed; nothing is stored then.
    """
    round_.require_rating_time(today)
    unit = round_.unit(unit_slug)
    admission = codes.require_admission(round_code=round_.code, code=code, keys=keys)
    if admission.unit_slug not in (None, unit_slug):
        raise codes.CodeForAnotherUnit(unit=admission.unit_zh)
    channel = admission.counted_as(way, round_.questionnaire.counted_channels)
    receipt = receipts.make_receipt(keys.receipt, form_nonce=form_nonce, code=code, unit_slug=unit_slug)
    content = _sealed_content(round_, receipt, answers, today, flags)
    with write():
        require_still_open(round_, today)
        if codes.spend(admission=admission, code=code, unit_slug=unit_slug, keys=keys):
            place = {"unit": unit.row, "group": admission.group, "channel": channel}
            _put(round_, place, content)
        elif not _replace(content):
            raise CodeUsed
    return receipt


def cast_open_ballot(
    *,
    round_: Round,
    unit_slug: str,
    group: str,
    form_nonce: str,
    answers: ballot_box.Answers,
    keys: Keys,
    today: date,
    flags: tuple[str, ...] = (),
) -> str:
    """Store one ballot that no code stands behind: channel open, never counted. Returns its receipt.

    The same form sent again is one ballot. Raises RoundClosed, UnitNotRated, OpenNotTaken, GroupUnknown.
    """
    round_.require_rating_time(today)
    unit, groups = round_.unit(unit_slug), [named.code for named in round_.questionnaire.groups]
    if not round_.questionnaire.takes_open:
        raise OpenNotTaken
    if group not in groups:
        raise GroupUnknown(group=group, known="、".join(groups))
    # The round stands where a code would: one form sent to two rounds must never replace the ballot of the other.
    receipt = receipts.make_receipt(keys.receipt, form_nonce=form_nonce, code=round_.code, unit_slug=unit_slug)
    content = _sealed_content(round_, receipt, answers, today, flags)
    with write():
        require_still_open(round_, today)
        if not _replace(content):
            _put(round_, {"unit": unit.row, "group": group, "channel": OPEN_CHANNEL}, content)
    return receipt


def cast_lot(round_: Round, lot: Sequence[LotBallot], *, today: date) -> None:
    """Inside a write: ballots without receipts, such as those of settled paper cards, in an order of chance."""
    for one in random.SystemRandom().sample(lot, len(lot)):
        place = {"unit": round_.unit(one.unit_slug).row, "group": one.group, "channel": one.channel}
        # Nobody holds this word: the ballot can be found, and replaced, by nobody.
        content = _sealed_content(round_, secrets.token_hex(32), one.answers, today)
        _put(round_, place, content)


def replace_ballot(
    *,
    round_: Round,
    unit_slug: str,
    receipt: str,
    answers: ballot_box.Answers,
    today: date,
    flags: tuple[str, ...] = (),
) -> str:
    """Replace the ballot that `receipt` (canonical) finds; the last one counts. Returns the same receipt.

    Raises RoundClosed, ReceiptUnknown, ReceiptForAnotherUnit; the earlier ballot stands then.
    """
    round_.require_rating_time(today)
    found = find_by_receipt(receipt)
    if (found.round_code, found.unit_slug) != (round_.code, unit_slug):
        raise ReceiptForAnotherUnit(unit=found.unit_zh)
    content = _sealed_content(round_, receipt, answers, today, flags)
    with write():
        require_still_open(round_, today)
        _replace(content)
    return receipt


def find_by_receipt(receipt: str) -> Found:
    """Which unit and round the receipt's ballot belongs to. Raises ReceiptUnknown."""
    row = Ballot.get_or_none(Ballot.ballot_key == ballot_box.ballot_key(receipt))
    if row is None:
        raise receipts.ReceiptUnknown
    unit, of = row.unit, row.unit.round
    return Found(of.code, of.name, unit.slug, unit.zh, of.closes_on, of.status, row.channel)


def count_ballots(round_code: str) -> int:
    """Ballots in the box: a number of papers, no figure of what they say."""
    return _of_round(round_code).count()


def box_head(round_code: str) -> tuple[int, bytes]:
    """How many ballots lie in the box, and SHA-256 over their keys in order; keys stay after the box was opened."""
    digest, count = sha256(BOX_LABEL), 0
    units = RoundUnit.select(RoundUnit.id).join(EvaluationRound).where(EvaluationRound.code == round_code)
    for (key,) in Ballot.select(Ballot.ballot_key).where(Ballot.unit.in_(units)).order_by(Ballot.ballot_key).tuples():
        digest.update(bytes(key))
        count += 1
    return count, digest.digest()


def sealed_ballots(round_code: str) -> Iterator[SealedBallot]:
    """Every ballot of the round but those for void units, in the order of its key, which is random."""
    rated = _of_round(round_code).where(RoundUnit.id.not_in(VoidUnit.select(VoidUnit.unit)))
    for row in rated.order_by(Ballot.ballot_key).iterator():
        yield SealedBallot(row.unit.slug, row.group, row.channel, row.period, bytes(row.sealed))


def delete_sealed(round_code: str) -> int:
    """Delete the ciphertexts of a round whose snapshot stands; returns how many. Proofs and commitments stay."""
    units = RoundUnit.select(RoundUnit.id).join(EvaluationRound).where(EvaluationRound.code == round_code)
    with write():
        return int(Ballot.update(sealed=None).where(Ballot.unit.in_(units), Ballot.sealed.is_null(False)).execute())


def is_unsealed(round_code: str) -> bool:
    """Whether the round's ciphertexts are gone."""
    return not _of_round(round_code).where(Ballot.sealed.is_null(False)).exists()


def _of_round(round_code: str):  # type: ignore[no-untyped-def]  # peewee's queries have no public type
    return (
        Ballot.select(Ballot, RoundUnit).join(RoundUnit).join(EvaluationRound).where(EvaluationRound.code == round_code)
    )


def _sealed_content(
    round_: Round, receipt: str, answers: ballot_box.Answers, today: date, flags: tuple[str, ...] = ()
) -> dict[str, Any]:
    nonce = ballot_box.new_nonce()
    declared = tuple(flag for flag in flags if flag in round_.questionnaire.flags)  # analysis refuses any other
    in_order = {named.code: answers.get(named.code) for named in round_.questionnaire.dimensions}
    return {
        "ballot_key": ballot_box.ballot_key(receipt),
        "period": week_of(today),
        "proof": ballot_box.proof(receipt),
        "commitment": ballot_box.commitment(nonce, in_order),
        "sealed": ballot_box.seal_ballot(require_public_key(round_), answers=in_order, nonce=nonce, flags=declared),
    }


def _put(round_: Round, place: dict[str, object], content: dict[str, Any]) -> None:
    Ballot.insert(**place, **content).execute()
    boxweeks.add(round_.row, content["period"])


def _replace(content: dict[str, Any]) -> bool:
    """False where there is no such ballot. It counts in the week in which it was sent last."""
    this = Ballot.ballot_key == content["ballot_key"]
    was = Ballot.select(Ballot.period, RoundUnit.round).join(RoundUnit).where(this).tuples().first()
    if was is None:
        return False
    changes = {name: value for name, value in content.items() if name != "ballot_key"}
    Ballot.update(**changes).where(this).execute()
    week, round_row = was
    if week != content["period"]:
        boxweeks.add(round_row, week, -1)
        boxweeks.add(round_row, content["period"])
    return True
