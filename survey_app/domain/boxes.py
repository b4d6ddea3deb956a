"""Boxes of the server: content padded and sealed under a key that is derived for one purpose from one key file."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from nacl.secret import SecretBox

from survey_app.domain.padding import pad, unpad


def seal_json(key: bytes, purpose: str, content: Mapping[str, Any], size: int) -> bytes:
    """`content` padded to `size` bytes and sealed (XSalsa20-Poly1305, libsodium's secretbox)."""
    return seal_bytes(key, purpose, pad(packed(content), size))


def unseal_json(key: bytes, purpose: str, sealed: bytes) -> dict[str, Any]:
    """The inverse of `seal_json`. Raises nacl's CryptoError."""
    content: dict[str, Any] = json.loads(unpad(unseal_bytes(key, purpose, sealed)))
    return content


def seal_bytes(key: bytes, purpose: str, content: bytes) -> bytes:
    """`content` as it is, sealed."""
    return bytes(_box(key, purpose).encrypt(content))


def unseal_bytes(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """The inverse of `seal_bytes`. Raises nacl's CryptoError."""
    return bytes(_box(key, purpose).decrypt(sealed))


def packed(content: Mapping[str, object]) -> bytes:
    """What is to be sealed, as bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _box(key: bytes, purpose: str) -> SecretBox:
    """`purpose` names the key file too, such as "everyday-box|rating-v1"."""
    return SecretBox(hmac.digest(key, purpose.encode(), "sha256"))
