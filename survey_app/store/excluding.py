"""A disputed rating that two reviewers have ruled out: flagged where it lies, never taken away."""

from collections.abc import Mapping

from survey_app.config import Keys
from survey_app.domain import everyday
from survey_app.domain.cases import box
from survey_app.domain.everyday_box import RATING, seal, unseal
from survey_app.store.models import CaseWords, ServiceRating

FIRST = 1  # the event with which a case begins; what it was made of stands with it


def rule_out(number: str, keys: Keys) -> Mapping[str, object]:
    """Inside the caller's `write()`: flag the rating this case was made of; how it is counted the method says.

    Returns what the ruling is to say: the level ruled out, so that exclusions can be published by level, and whether
    the count was still open. Once its month is settled the count stays as it was published. Raises WrongCaseKey.
    """
    row = CaseWords.get_or_none(CaseWords.case == number, CaseWords.event == FIRST)
    told = box.unseal(keys.case, box.WORDS, bytes(row.sealed)) if row else {}
    place = bytes.fromhex(str(told.get("rating", "")))
    return {"level": int(told.get("level", 0)), "in_count": _flagged(place, keys)}


def _flagged(rating_key: bytes, keys: Keys) -> bool:
    row = ServiceRating.get_or_none(ServiceRating.rating_key == rating_key)
    if row is None:
        return False
    told = unseal(keys.everyday, RATING, bytes(row.sealed))
    flags = sorted({*told["flags"], everyday.RULED_OUT})
    sealed = seal(keys.everyday, RATING, {**told, "flags": flags})
    ServiceRating.update(sealed=sealed).where(ServiceRating.rating_key == rating_key).execute()
    return True
