"""Sealing what a person wrote, where they can be reached, and their files, under keys/case.key.

Threat: a copy of the database, or a backup of var/. The key lies outside both; each purpose has a key of its own.
"""

from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError

from survey_app.domain.boxes import packed, seal_bytes, seal_json, unseal_bytes, unseal_json
from survey_app.domain.errors import N_, Refusal

WORDS, CONTACT, FILE = "case-box|words-v1", "case-box|contact-v1", "case-box|file-v1"
STEP = 512  # words are padded to a multiple of this, so that their length tells little


class WrongCaseKey(Refusal):
    code, status = "case-key", 409
    message = N_("密钥文件case.key不是收这些办件时的那一个，打不开。请换回原来的文件，数据没有变动。")


def seal(key: bytes, purpose: str, content: Mapping[str, Any]) -> bytes:
    """`content` as JSON, padded to the next multiple of STEP bytes, sealed."""
    size = (len(packed(content)) // STEP + 1) * STEP
    return seal_json(key, purpose, content, size)


def unseal(key: bytes, purpose: str, sealed: bytes) -> dict[str, Any]:
    """The inverse of `seal`. Raises WrongCaseKey."""
    try:
        return unseal_json(key, purpose, sealed)
    except CryptoError as error:
        raise WrongCaseKey from error


def seal_file(key: bytes, content: bytes) -> bytes:
    """The bytes of an attachment, sealed."""
    return seal_bytes(key, FILE, content)


def unseal_file(key: bytes, sealed: bytes) -> bytes:
    """The inverse of `seal_file`. Raises WrongCaseKey."""
    try:
        return unseal_bytes(key, FILE, sealed)
    except CryptoError as error:
        raise WrongCaseKey from error
