"""What a case can be, how it came in, and what its kind asks of those who close it."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.errors import N_, Refusal

QUESTION, COMPLAINT, SUGGESTION, BAD_RATING = "question", "complaint", "suggestion", "bad_rating"
KIND_WORDS: Mapping[str, str] = {
    QUESTION: N_("咨询"),
    COMPLAINT: N_("投诉"),
    SUGGESTION: N_("建议"),
    BAD_RATING: N_("差评"),
}
WEB, WINDOW, PHONE, PAPER = "web", "window", "phone", "paper"
CHANNEL_WORDS: Mapping[str, str] = {WEB: N_("网上"), WINDOW: N_("窗口"), PHONE: N_("电话"), PAPER: N_("书面")}


class KindUnknown(Refusal):
    code, status = "case-kind", 422
    message = N_("没有这一类办件：%(kind)s。可以是咨询、投诉、建议。")


@dataclass(frozen=True)
class Kind:
    """`contact_first`: the facts are gone into with the person before an answer. `checked`: somebody else than its
    writer verifies the answer. `responsibility`, `confirmed`: the unit states it, the office confirms it."""

    code: str
    contact_first: bool
    checked: bool
    responsibility: bool
    confirmed: bool


KINDS: Mapping[str, Kind] = {
    QUESTION: Kind(QUESTION, contact_first=False, checked=False, responsibility=False, confirmed=False),
    SUGGESTION: Kind(SUGGESTION, contact_first=False, checked=False, responsibility=False, confirmed=False),
    COMPLAINT: Kind(COMPLAINT, contact_first=True, checked=True, responsibility=True, confirmed=True),
    BAD_RATING: Kind(BAD_RATING, contact_first=True, checked=True, responsibility=True, confirmed=False),
}


def require_kind(kind: str) -> Kind:
    """Raises KindUnknown."""
    if kind not in KINDS:
        raise KindUnknown(kind=kind)
    return KINDS[kind]
