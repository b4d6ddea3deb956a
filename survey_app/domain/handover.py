"""Handing a round's key to its two keepers: between its making and the second proof it lies on the server sealed under
a hand-over code that is shown once and kept nowhere.

Threat: whoever reads the database or a backup in that time. The code has 97 bits, so no slower derivation is needed.
"""

import secrets
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from survey_app.domain.checksign import ALPHABET, grouped, tidy
from survey_app.domain.errors import N_, Refusal


class HandoverWrong(Refusal):
    code, status = "handover-wrong", 422
    message = N_("交接码不对，没有给出私钥。请对着抄下的交接码再输一遍；抄丢了的，请评议专员重做一次。")


def new_code() -> str:
    """A hand-over code in groups of five, easy to read out."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(20)), 5, 5, 5, 5)


def seal_key(key: PrivateKey, *, round_code: str, code: str) -> bytes:
    """The private key under the hand-over code."""
    return bytes(_box(round_code, code).encrypt(bytes(key)))


def open_key(sealed: bytes, *, round_code: str, typed: str) -> PrivateKey:
    """The inverse; case, blanks and dashes are forgiven. Raises HandoverWrong."""
    try:
        return PrivateKey(_box(round_code, typed).decrypt(sealed))
    except CryptoError as error:
        raise HandoverWrong from error


def _box(round_code: str, code: str) -> SecretBox:
    """SHA-256("handover-v1"|round|code)."""
    return SecretBox(sha256(f"handover-v1|{round_code}|{tidy(code)}".encode()).digest())
