"""Optional words after a rating: a second form, a separate table, no period, no link to the ballot."""

import hmac
import secrets
from datetime import date

from survey_app.config import Keys
from survey_app.domain import ballot_box
from survey_app.domain.words import WordsAlreadyGiven, parse_words
from survey_app.store.ballots import find_by_receipt
from survey_app.store.database import write
from survey_app.store.models import CodeUse, EvaluationRound, RoundUnit, Words
from survey_app.store.rounds import get_round, require_public_key, require_still_open


def add_words(*, receipt: str, typed: str, keys: Keys, today: date) -> None:
    """Keep words once per receipt, sealed to the round's key.

    Raises ReceiptUnknown, RoundClosed, WordsAlreadyGiven and the refusals of `parse_words`; nothing is kept then.
    """
    words = parse_words(typed)
    found = find_by_receipt(receipt)
    round_ = get_round(found.round_code)
    round_.require_rating_time(today)
    sealed = ballot_box.seal_words(require_public_key(round_), words)
    with write():
        require_still_open(round_, today)
        if not CodeUse.insert(use_tag=_words_tag(keys, receipt)).on_conflict_ignore().as_rowcount().execute():
            raise WordsAlreadyGiven
        Words.insert(words_key=secrets.token_bytes(32), unit=round_.unit(found.unit_slug).row, sealed=sealed).execute()


def sealed_words(round_code: str) -> list[tuple[str, bytes]]:
    """(unit slug, sealed words) of the round, in the order of random keys."""
    rows = (
        Words.select(Words, RoundUnit)
        .join(RoundUnit)
        .join(EvaluationRound)
        .where(EvaluationRound.code == round_code)
        .order_by(Words.words_key)
    )
    return [(row.unit.slug, bytes(row.sealed)) for row in rows]


def delete_words(round_code: str) -> None:
    """Delete the sealed words of a round whose words have been written to its folder."""
    units = RoundUnit.select(RoundUnit.id).join(EvaluationRound).where(EvaluationRound.code == round_code)
    with write():
        Words.delete().where(Words.unit.in_(units)).execute()


def _words_tag(keys: Keys, receipt: str) -> bytes:
    return hmac.digest(keys.admit, f"words-v1|{receipt}".encode(), "sha256")
