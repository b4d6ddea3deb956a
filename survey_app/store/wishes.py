"""Wishes for an answer from before cases: each becomes a case, once; after that the table stays empty."""

from datetime import datetime

from survey_app.config import Keys
from survey_app.domain import everyday
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.kinds import BAD_RATING, QUESTION
from survey_app.domain.everyday_box import CONTACT, unseal
from survey_app.store.cases import NewCase, receive_within
from survey_app.store.database import write
from survey_app.store.models import AnswerWish


def turn_into_cases(keys: Keys, clocks: Clocks, now: datetime) -> int:
    """Make a case of every wish and delete it in the same transaction; returns how many. Raises WrongEverydayKey.

    Nobody holds a code of these cases: the contact leads to the person.
    """
    rows = list(AnswerWish.select().order_by(AnswerWish.wish_key))
    for row in rows:
        told = unseal(keys.everyday, CONTACT, bytes(row.sealed))
        kind = BAD_RATING if told["level"] in everyday.LOW else QUESTION
        contact, procedure = told.pop("contact"), told.pop("procedure")
        new = NewCase(kind, told, unit=row.unit, procedure=procedure, contact=contact)
        with write():
            receive_within(new, form_nonce=bytes(row.wish_key).hex(), keys=keys, clocks=clocks, now=now)
            AnswerWish.delete().where(AnswerWish.wish_key == row.wish_key).execute()
    return len(rows)
