"""The second factor: a time-based code (RFC 6238) of an authenticator, and recovery codes for the day it is lost."""

import hmac
import secrets
from dataclasses import dataclass

import segno
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from passlib.exc import TokenError  # type: ignore[import-untyped]  # has no types
from passlib.totp import TOTP  # type: ignore[import-untyped]  # has no types

from survey_app.domain.checksign import ALPHABET, grouped, tidy
from survey_app.store import credentials
from survey_app.web.context import keys, now

RECOVERY_CODES = 10
_SECRET_BYTES = 20
_STEP_S = 30
_RECOVERY_SIGNS = 12  # 58 bits


@dataclass(frozen=True)
class Shown:
    """What a person needs to set up an authenticator: the secret to type, or the picture to scan."""

    secret: str
    picture: str


def new_secret() -> bytes:
    """A fresh secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def seal(username: str, secret: bytes) -> str:
    """The secret as kept in the database or, while it is being set up, in the session."""
    return SecretBox(keys().factor).encrypt(username.encode() + b"\0" + secret).hex()


def unseal(username: str, sealed: str | None) -> bytes | None:
    """The secret of this very account; None where the text is another's, damaged, or sealed under a lost key."""
    try:
        opened: bytes = SecretBox(keys().factor).decrypt(bytes.fromhex(sealed or ""))
    except (CryptoError, ValueError):
        return None
    name, _, secret = opened.partition(b"\0")
    return secret if name == username.encode() and len(secret) == _SECRET_BYTES else None


def shown(username: str, secret: bytes, issuer: str) -> Shown:
    """The secret in groups of four, and a QR code as SVG."""
    totp = TOTP(key=secret, format="raw")
    uri = totp.to_uri(label=username.replace(":", ""), issuer=issuer.replace(":", " "))
    picture = segno.make(uri, error="m").svg_inline(scale=4, border=4, light="#fff", dark="#000", svgclass="p-qr")
    return Shown(totp.pretty_key(sep=" "), picture)


def time_step(secret: bytes, typed: str) -> int | None:
    """The time step whose code was typed: this one, the one before or the one after. None for a wrong code."""
    code = tidy(typed)
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    try:
        totp = TOTP(key=secret, format="raw")
        return int(totp.match(code, time=int(now().timestamp()), window=_STEP_S).counter)
    except TokenError:
        return None


def prove(username: str, sealed: str | None, typed: str) -> bool:
    """Whether `typed` is this moment's code, not used before, or an unused recovery code; it is used up by this."""
    if looks_like_recovery_code(typed):
        return credentials.take_recovery_code(username, digest(tidy(typed)), now=now())
    secret = unseal(username, sealed)
    step = time_step(secret, typed) if secret else None
    return step is not None and credentials.take_counter(username, step)


def looks_like_recovery_code(typed: str) -> bool:
    """A recovery code has letters or is longer than the six digits of an authenticator."""
    return len(tidy(typed)) >= _RECOVERY_SIGNS - 2


def new_recovery_codes() -> list[str]:
    """Ten codes, each good once, as shown and printed."""
    signs = ("".join(secrets.choice(ALPHABET) for _ in range(_RECOVERY_SIGNS)) for _ in range(RECOVERY_CODES))
    return [grouped(code, 4, 4, 4) for code in signs]


def digest(code: str) -> str:
    """A recovery code as kept: worthless without factor.key."""
    return hmac.digest(keys().factor, f"recovery-v1|{tidy(code)}".encode(), "sha256").hex()
