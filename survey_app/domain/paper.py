"""Paper cards: typed twice by two people, compared, settled where they differ.

Until its lot is cast, an entry is sealed under a key of the server that no database and no backup holds.
"""

import hmac
import json
from dataclasses import dataclass, replace

from nacl.secret import SecretBox

from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_, Refusal

ENTERED, DIFFERING, SETTLED = "entered", "differing", "settled"
UNIT = "unit"
ENTRY_BYTES = 512  # every sealed entry is this long before sealing, so its size tells nothing


class CardBlank(Refusal):
    code, status = "card-blank", 422
    message = N_("一题也没有填。卡上确实一题没勾的不用录，放进“空白卡”一叠。")


class SameClerk(Refusal):
    code, status = "same-clerk", 409
    message = N_("这张卡您已经录过第一遍，编号%(number)s。第二遍要由另一位录入员来录。")


class CardTwice(Refusal):
    code, status = "card-twice", 409
    message = N_("这张卡已经录过两遍（编号%(number)s），不用再录。")


class CardCounted(Refusal):
    code, status = "card-counted", 409
    message = N_("这张卡以前已经录完，不用再录。一张卡只算一次。")


class CardUsedElsewhere(Refusal):
    code, status = "card-used-elsewhere", 409
    message = N_("这张卡的评议码已经在网上或电话里评过，以那一次为准，纸卡没有录入。请放进“已评过”一叠。")


class CardNotForPaper(Refusal):
    code, status = "card-not-paper", 422
    message = N_("这个评议码不是纸质征求意见卡上的，不能在这里录。请本人在网上评。")


class CardNamesNoUnit(Refusal):
    code, status = "card-no-unit", 422
    message = N_("这张卡没有印单位。请在“单位”里选卡上写的那一个。")


class CardGone(Refusal):
    code, status = "card-gone", 404
    message = N_("没有等着处理的%(number)s号卡：可能已经核对完，或编号看错了。")


class NotBetweenTheSame(Refusal):
    code, status = "card-not-yours", 403
    message = N_("%(number)s号卡由录它的两位录入员一起核对，或由审核人核对。")


class ChoiceMissing(Refusal):
    code, status = "choice-missing", 422
    message = N_("“%(question)s”还没有选。请对照纸卡选一项。")


class CardsUnfinished(Refusal):
    code, status = "cards-unfinished", 409
    message = N_("还有%(waiting)s张纸卡只录了一遍，%(differing)s张有不同没有核对。先在“纸卡录入”里处理完，再截止。")


@dataclass(frozen=True)
class Entry:
    """What one clerk read on a card."""

    unit_slug: str
    group: str
    answers: Answers


def differing(first: Entry, second: Entry) -> list[str]:
    """The fields in which two entries differ: UNIT, then dimension codes in the method's order."""
    fields = [UNIT] if first.unit_slug != second.unit_slug else []
    return fields + [code for code in first.answers if first.answers[code] != second.answers[code]]


def chosen(first: Entry, second: Entry, answers: Answers, unit_slug: str) -> Entry:
    """The entry that the card really shows: what both say, and a choice wherever they differ."""
    differ = differing(first, second)
    settled = {code: answers[code] if code in differ else level for code, level in first.answers.items()}
    return replace(first, unit_slug=unit_slug if UNIT in differ else first.unit_slug, answers=settled)


def require_answers(answers: Answers) -> None:
    """Raises CardBlank for a card on which nothing is ticked."""
    if all(level is None for level in answers.values()):
        raise CardBlank


def staging_key(admit_key: bytes, *, round_code: str) -> bytes:
    """HMAC-SHA256(admit_key, "paper-v1"|round): opens what clerks have typed and nobody has cast yet."""
    return hmac.digest(admit_key, f"paper-v1|{round_code}".encode(), "sha256")


def seal(key: bytes, entry: Entry) -> bytes:
    """An entry, padded to one length and sealed."""
    content = {"unit": entry.unit_slug, "group": entry.group, "answers": dict(entry.answers)}
    text = json.dumps(content, separators=(",", ":")).encode()
    if len(text) > ENTRY_BYTES:
        raise ValueError(f"entry of {len(text)} bytes does not fit {ENTRY_BYTES}")
    return bytes(SecretBox(key).encrypt(text.ljust(ENTRY_BYTES)))


def unseal(key: bytes, sealed: bytes) -> Entry:
    """The inverse of `seal`."""
    content = json.loads(SecretBox(key).decrypt(sealed))
    return Entry(content["unit"], content["group"], content["answers"])
