"""Sealing everyday ratings: what the database, and every copy of it, holds of them cannot be read without a key.

Threat: an interim figure, or a contact, read from the database or from a backup. Unlike a round there is nobody to
give a key back each month, so the key lies on the server, in PINGYI_KEYS and outside `var/`; the portal opens ratings
when a month is frozen, and contacts when they are answered. Each purpose has a key of its own, derived from that one.
"""

import hmac
from typing import Any

from nacl.exceptions import CryptoError

from survey_app.domain.boxes import seal_json, unseal_json
from survey_app.domain.errors import N_, Refusal

RATING, KEPT, WORDS, CONTACT = "rating-v1", "kept-v1", "words-v1", "contact-v1"
# Length before sealing. A rating: the level and at most all ticks of one level; 300 characters are at most 1,200 bytes.
SIZES = {RATING: 1024, KEPT: 64, WORDS: 2048, CONTACT: 4096}


class WrongEverydayKey(Refusal):
    code, status = "everyday-key", 409
    message = N_("密钥文件everyday.key不是收这些评价时的那一个，打不开。请换回原来的文件再运行，数据没有变动。")


def seal(key: bytes, purpose: str, content: dict[str, Any]) -> bytes:
    """`content` padded to the purpose's length and sealed."""
    return seal_json(key, f"everyday-box|{purpose}", content, SIZES[purpose])


def unseal(key: bytes, purpose: str, sealed: bytes) -> dict[str, Any]:
    """The inverse of `seal`. Raises WrongEverydayKey."""
    try:
        return unseal_json(key, f"everyday-box|{purpose}", sealed)
    except CryptoError as error:
        raise WrongEverydayKey from error


def place(key: bytes, purpose: str, *parts: str) -> bytes:
    """Where a row lies: HMAC-SHA256(key, purpose|parts). The same form sent again finds its own row.

    One part is the form's nonce, which is nowhere kept: without it no place of one table leads to one of another.
    """
    return hmac.digest(key, "|".join((purpose, *parts)).encode(), "sha256")
