"""A report for the discipline officer alone: packed with its files, padded, sealed to a key no server can undo.

Threat: whoever holds the database, every secret of the server, its files and its logs. They see that a report lies
there, in which week it came, and which of five sizes it has.
"""

from collections.abc import Iterable
from hashlib import sha256

from nacl.public import PublicKey, SealedBox

from survey_app.domain import receipts
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.padding import pad
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.pingyi_sealed import MAGIC, Enclosed, Report, fingerprint, packed

SIZES = tuple(kib * 1024 for kib in (4, 64, 1024, 4096, 16_384))  # before sealing; the size tells one of five things
MOST_WORDS, MOST_LINE = 5000, 200


class ReportEmpty(Refusal):
    code, status = "sealed-empty", 422
    message = N_("还没有写。请写是什么事、什么人、什么时候、有什么凭据。")


class ReportTooHeavy(Refusal):
    code, status = "sealed-heavy", 413
    message = N_("文件合起来太大，没有收下。密封举报的文件合起来最多15兆，请少选几个。")


class ReportCodeMistyped(Refusal):
    code, status = "sealed-code", 422
    message = N_("举报编号对不上，请对照原件再看一遍。举报编号是17位，没有0、1、I、L、O、U、Z。")


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
    content = packed(report)
    fitting = next((size for size in SIZES if len(content) < size), None)
    if fitting is None:
        raise ReportTooHeavy
    return MAGIC + fingerprint(public) + bytes(SealedBox(PublicKey(public)).encrypt(pad(content, fitting)))
