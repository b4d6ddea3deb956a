"""Sealing a ballot: what the database may hold before close, and what only the round's private key opens.

Threat: anyone with the database, a backup or the server's memory between requests, office included, before close.
The private key is not on the server; sealed boxes (libsodium, via PyNaCl) need only the public one.
"""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.padding import pad, unpad

Answers = dict[str, int | None]  # dimension code -> 5..1, 0 不了解, None not answered

BALLOT_BYTES = 512  # every sealed ballot is this long before sealing, so its size tells nothing
WORDS_BYTES = 2048  # 300 Chinese characters are at most 1,200 bytes
_KEY_HEADER = "pingyi-round-key-v1"


class WrongKey(Refusal):
    code, status = "wrong-key", 422
    message = N_("这把私钥不是这一轮的，或文件已损坏：%(file)s。请换另一份私钥再试，数据没有变动。")


class KeyFileMissing(WrongKey):
    code, status = "key-missing", 422
    message = N_("找不到私钥文件：%(file)s。请核对路径，U盘要先插好。")


@dataclass(frozen=True)
class OpenedBallot:
    """A ballot as unsealed at close; `answers` in canonical form."""

    answers: str
    nonce: bytes
    flags: tuple[str, ...]


def new_round_key() -> PrivateKey:
    """A fresh key pair for one round."""
    return PrivateKey.generate()


def key_text(round_code: str, key: PrivateKey) -> str:
    """The private key as a text file for a USB stick or paper: header, round, hex."""
    return f"{_KEY_HEADER}\n{round_code}\n{bytes(key).hex()}\n"


def read_key(path: Path, *, round_code: str, public_key: bytes) -> PrivateKey:
    """The round's private key from a copy. Raises KeyFileMissing, or WrongKey unless it fits the round's public key."""
    if not path.is_file():
        raise KeyFileMissing(file=path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WrongKey(file=path.name) from error
    return key_of(raw, file=path.name, round_code=round_code, public_key=public_key)


def key_of(raw: bytes, *, file: str, round_code: str, public_key: bytes) -> PrivateKey:
    """The same for the bytes of a copy. Raises WrongKey, which names `file`."""
    try:
        header, named, text = raw.decode("ascii").split()
        key = PrivateKey(bytes.fromhex(text))
    except (ValueError, CryptoError) as error:
        raise WrongKey(file=file) from error
    if header != _KEY_HEADER or named != round_code or bytes(key.public_key) != public_key:
        raise WrongKey(file=file)
    return key


def try_key(key: PrivateKey, *, file: str) -> None:
    """Open a sealed trial ballot: a copy that cannot is found now, not at close. Raises WrongKey."""
    nonce = new_nonce()
    sealed = seal_ballot(bytes(key.public_key), answers={"trial": 5}, nonce=nonce)
    if open_ballot(key, sealed).nonce != nonce:
        raise WrongKey(file=file)


def ballot_key(receipt: str) -> bytes:
    """SHA-256("ballot-v1"|R): the ballot's place, which only the receipt's holder can name."""
    return sha256(f"ballot-v1|{receipt}".encode()).digest()


def proof(receipt: str) -> bytes:
    """SHA-256("proof-v1"|R): shows that a receipt belongs to a logged ballot, without finding the ballot."""
    return sha256(f"proof-v1|{receipt}".encode()).digest()


def canonical(answers: Answers) -> str:
    """Answers as one line in the method's order: levels joined by commas, nothing for not answered."""
    return ",".join("" if level is None else str(level) for level in answers.values())


def commitment(nonce: bytes, answers: Answers) -> bytes:
    """SHA-256("rating-v1"|nonce|answers): binds the box to the answers and tells nothing without the nonce."""
    return sha256(b"rating-v1|" + nonce + b"|" + canonical(answers).encode()).digest()


def new_nonce() -> bytes:
    """256 random bits that the rater never holds, so that no receipt can prove a choice."""
    return secrets.token_bytes(32)


def seal_ballot(public_key: bytes, *, answers: Answers, nonce: bytes, flags: tuple[str, ...] = ()) -> bytes:
    """Answers, nonce and flags, padded to one length and sealed to the round's public key."""
    content = {"answers": canonical(answers), "nonce": nonce.hex(), "flags": list(flags)}
    return _seal(public_key, json.dumps(content, separators=(",", ":")).encode(), BALLOT_BYTES)


def open_ballot(key: PrivateKey, sealed: bytes) -> OpenedBallot:
    """The inverse of `seal_ballot`."""
    content = json.loads(_open(key, sealed))
    return OpenedBallot(content["answers"], bytes.fromhex(content["nonce"]), tuple(content["flags"]))


def seal_words(public_key: bytes, words: str) -> bytes:
    """Optional words, sealed like a ballot: they too are read by nobody before close."""
    return _seal(public_key, words.encode(), WORDS_BYTES)


def open_words(key: PrivateKey, sealed: bytes) -> str:
    """The inverse of `seal_words`."""
    return _open(key, sealed).decode()


def _seal(public_key: bytes, content: bytes, size: int) -> bytes:
    return bytes(SealedBox(PublicKey(public_key)).encrypt(pad(content, size)))


def _open(key: PrivateKey, sealed: bytes) -> bytes:
    return unpad(SealedBox(key).decrypt(sealed))
