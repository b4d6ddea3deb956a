"""A report for the discipline officer alone: packed with its files, padded, sealed to a key no server can undo.

Threat: whoever holds the database, every secret of the server, its files and its logs. They see that a report lies
there, in which week it came, and which of five sizes it has.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey_app.domain import receipts
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.padding import pad, unpad
from survey_app.domain.sealed_key import FINGERPRINT_BYTES, fingerprint, spoken
from survey_app.domain.typed import require_plain, tidy_text

MAGIC = b"PINGYI-SEALED-1\n"
SIZES = tuple(kib * 1024 for kib in (4, 64, 1024, 4096, 16_384))  # before sealing; the size tells one of five things
MOST_WORDS, MOST_LINE = 5000, 200
_LENGTH_BYTES = 4
_START = len(MAGIC) + FINGERPRINT_BYTES


class ReportEmpty(Refusal):
    code, status = "sealed-empty", 422
    message = N_("还没有写。请写是什么事、什么人、什么时候、有什么凭据。")


class ReportTooHeavy(Refusal):
    code, status = "sealed-heavy", 413
    message = N_("文件合起来太大，没有收下。密封举报的文件合起来最多15兆，请少选几个。")


class ReportCodeMistyped(Refusal):
    code, status = "sealed-code", 422
    message = N_("举报编号对不上，请对照原件再看一遍。举报编号是17位，没有0、1、I、L、O、U、Z。")


class NoSealedReport(Refusal):
    code, status = "sealed-foreign", 422
    message = N_("%(file)s不是密封举报，或没有下载完整。请重新下载再试。")


class SealedForAnother(Refusal):
    code, status = "sealed-other-key", 422
    message = N_("%(file)s封给了另一把钥匙（指纹%(sealed)s），您用的这把是%(mine)s。请换那一把私钥文件。")


class SealedBroken(Refusal):
    code, status = "sealed-broken", 422
    message = N_("%(file)s打不开：下载不完整，或被改过。请重新下载再试。")


@dataclass(frozen=True)
class Enclosed:
    """A file inside a report."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Report:
    """What a person wrote. `code` names the report: it proves that somebody could read it."""

    code: str
    words: str
    about: str = ""  # whom or where it is about
    contact: str = ""
    files: tuple[Enclosed, ...] = ()


def make_code(key: bytes, form_nonce: str) -> str:
    """The code of the report that this form becomes: derived as a receipt is, the same for the same form."""
    return receipts.derived(key, "sealed-code-v1", form_nonce)


def parse_code(typed: str) -> str:
    """The canonical code a person typed. Raises ReportCodeMistyped."""
    try:
        return receipts.parse_receipt(typed)
    except receipts.ReceiptMistyped as error:
        raise ReportCodeMistyped from error


def report_key(code: str) -> bytes:
    """SHA-256("sealed-v1"|code): where a report lies. Only the person and whoever opened it can name the place."""
    return sha256(f"sealed-v1|{code}".encode()).digest()


def tidy_report(code: str, *, words: str, about: str, contact: str, files: Iterable[Enclosed] = ()) -> Report:
    """What is to be sealed. Raises ReportEmpty, TooLong, Unseen."""
    made = Report(code, tidy_text(words), tidy_text(about), tidy_text(contact), tuple(files))
    if not made.words:
        raise ReportEmpty
    require_plain(made.words, most=MOST_WORDS)
    for line in (made.about, made.contact):
        require_plain(line, most=MOST_LINE)
    return made


def seal(public: bytes, report: Report) -> bytes:
    """The report as a bundle: magic, fingerprint of the key, sealed box (X25519, XSalsa20-Poly1305).

    Raises ReportTooHeavy.
    """
    packed = _pack(report)
    fitting = next((size for size in SIZES if len(packed) < size), None)
    if fitting is None:
        raise ReportTooHeavy
    return MAGIC + fingerprint(public) + bytes(SealedBox(PublicKey(public)).encrypt(pad(packed, fitting)))


def sealed_to(bundle: bytes) -> str:
    """The fingerprint of the key that opens a bundle, for people; of its first bytes alone."""
    return spoken(bundle[len(MAGIC) : _START])


def open_report(key: PrivateKey, bundle: bytes, *, file: str) -> Report:
    """The inverse of `seal`. Raises NoSealedReport, SealedForAnother, SealedBroken."""
    if not bundle.startswith(MAGIC) or len(bundle) <= _START:
        raise NoSealedReport(file=file)
    mine = fingerprint(bytes(key.public_key))
    if bundle[len(MAGIC) : _START] != mine:
        raise SealedForAnother(file=file, sealed=sealed_to(bundle), mine=spoken(mine))
    try:
        return _unpack(unpad(SealedBox(key).decrypt(bundle[_START:])))
    except (CryptoError, ValueError, KeyError, TypeError, RecursionError, Refusal) as error:
        raise SealedBroken(file=file) from error


def _pack(report: Report) -> bytes:
    """Length of the head, head as JSON, then the files one after the other."""
    files = [{"name": file.name, "media_type": file.media_type, "size": len(file.content)} for file in report.files]
    head = {"code": report.code, "words": report.words, "about": report.about, "contact": report.contact}
    text = json.dumps(head | {"files": files}, ensure_ascii=False).encode()
    return len(text).to_bytes(_LENGTH_BYTES, "big") + text + b"".join(file.content for file in report.files)


def _unpack(packed: bytes) -> Report:
    """Threat: a bundle put into the database by hand. What stands in it is looked at like any other input."""
    at = _LENGTH_BYTES + int.from_bytes(packed[:_LENGTH_BYTES], "big")
    head, files = json.loads(packed[_LENGTH_BYTES:at]), []
    for file in head["files"]:
        files.append(Enclosed(str(file["name"]), str(file["media_type"]), packed[at : at + file["size"]]))
        at += file["size"]
    words, about, contact = (str(head[name]) for name in ("words", "about", "contact"))
    return tidy_report(parse_code(head["code"]), words=words, about=about, contact=contact, files=files)
