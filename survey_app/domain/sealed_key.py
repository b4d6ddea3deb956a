"""The discipline officer's key: made on the officer's own PC, its private half locked by a passphrase.

Only the public half ever reaches a server. The fingerprint stands on the public page, so that the officer can see from
any phone that the server still seals to this key and to no other.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox
from nacl.utils import random

from survey_app.domain.errors import N_, Refusal

KEY_FORMAT, PUBLIC_HEADER = "pingyi-sealed-key-v1", "pingyi-sealed-public-v1"
SHORTEST, KEY_BYTES, FINGERPRINT_BYTES = 12, 32, 10
# libsodium's argon2id, its "moderate" cost: about a second and 256 MB a try, on the officer's PC and on a thief's.
OPS, MEMORY = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class PassphraseShort(Refusal):
    code, status = "passphrase-short", 422
    message = N_("口令至少12个字，例如四个不相干的词。忘了口令，密封举报就再也打不开。")


class PassphraseWrong(Refusal):
    code, status = "passphrase-wrong", 422
    message = N_("口令不对，或私钥文件%(file)s坏了。请再输一遍，或换另一份私钥文件。举报没有变动。")


class KeyFileWrong(Refusal):
    code, status = "sealed-key", 422
    message = N_("%(file)s不是密封举报的私钥文件，或已经损坏。请换另一份私钥文件再试。")


class PublicKeyWrong(Refusal):
    code, status = "sealed-public", 422
    message = N_(
        "%(file)s不是密封举报的公钥文件，或已经损坏。请纪检人员重新交一份（pingyi sealed key做的 .pub 文件）。"
    )


@dataclass(frozen=True)
class LockedKey:
    """The private key as it lies in its file: sealed under the passphrase."""

    public: bytes
    salt: bytes
    locked: bytes


def fingerprint(public: bytes) -> bytes:
    """The first ten bytes of SHA-256("sealed-fingerprint-v1"|public key)."""
    return sha256(b"sealed-fingerprint-v1|" + public).digest()[:FINGERPRINT_BYTES]


def spoken(mark: bytes) -> str:
    """A fingerprint as people compare it: five groups of four signs."""
    text = mark.hex().upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def require_passphrase(typed: str) -> bytes:
    """The passphrase as bytes (NFKC, so that two keyboards agree). Raises PassphraseShort."""
    plain = unicodedata.normalize("NFKC", typed.strip())
    if len(plain) < SHORTEST:
        raise PassphraseShort
    return plain.encode()


def lock(key: PrivateKey, passphrase: str) -> LockedKey:
    """The key under a passphrase: secretbox under argon2id. Raises PassphraseShort."""
    salt = random(pwhash.argon2id.SALTBYTES)
    locked = SecretBox(_stretched(require_passphrase(passphrase), salt)).encrypt(bytes(key))
    return LockedKey(bytes(key.public_key), salt, bytes(locked))


def unlock(locked: LockedKey, passphrase: str, *, file: str) -> PrivateKey:
    """The inverse of `lock`. Raises PassphraseWrong."""
    typed = unicodedata.normalize("NFKC", passphrase.strip()).encode()
    try:
        key = PrivateKey(SecretBox(_stretched(typed, locked.salt)).decrypt(locked.locked))
    except (CryptoError, ValueError) as error:
        raise PassphraseWrong(file=file) from error
    if bytes(key.public_key) != locked.public:
        raise PassphraseWrong(file=file)
    return key


def key_text(locked: LockedKey) -> str:
    """The private key's file."""
    parts = {"format": KEY_FORMAT, "fingerprint": spoken(fingerprint(locked.public))}
    return json.dumps(parts | {name: value.hex() for name, value in vars(locked).items()}, indent=1) + "\n"


def read_key(text: str, *, file: str) -> LockedKey:
    """The inverse of `key_text`. Raises KeyFileWrong."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        made = LockedKey(*(bytes.fromhex(found[name]) for name in ("public", "salt", "locked")))
        sound = found["format"] == KEY_FORMAT and len(made.public) == KEY_BYTES
    except _BROKEN as error:
        raise KeyFileWrong(file=file) from error
    if not sound or len(made.salt) != pwhash.argon2id.SALTBYTES:
        raise KeyFileWrong(file=file)
    return made


def public_text(public: bytes) -> str:
    """The public key's file: header, key, fingerprint."""
    return f"{PUBLIC_HEADER}\n{public.hex()}\n{fingerprint(public).hex()}\n"


def read_public(text: str, *, file: str) -> bytes:
    """The inverse of `public_text`. Raises PublicKeyWrong."""
    try:
        header, key, mark = text.split()
        public = bytes.fromhex(key)
        sound = header == PUBLIC_HEADER and len(public) == KEY_BYTES and bytes.fromhex(mark) == fingerprint(public)
    except ValueError as error:
        raise PublicKeyWrong(file=file) from error
    if not sound:
        raise PublicKeyWrong(file=file)
    return public


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return bytes(pwhash.argon2id.kdf(SecretBox.KEY_SIZE, passphrase, salt, opslimit=OPS, memlimit=MEMORY))
