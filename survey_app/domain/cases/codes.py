"""The code with which a person follows a case: made like a receipt, and nowhere kept but with the person."""

from hashlib import sha256

from survey_app.domain.checksign import checks_out, impossible_signs, tidy
from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.domain.receipts import LENGTH, derived
from survey_app.domain.receipts import spoken as spoken

LABEL = "case-v1"


class CaseCodeMistyped(Refusal):
    code, status = "case-code-mistyped", 422
    message = N_("查询码对不上，请对照抄下来的再看一遍。查询码是17位，没有0、1、I、L、O、U、Z。")


class CaseCodeUnknown(NothingAnswers):
    code, status = "case-code-unknown", 404
    message = N_("没有找到这个查询码的办件。请再核对一遍；如果核对无误，请打12345说明。")


def make_case_code(receipt_key: bytes, *, form_nonce: str, kind: str, unit_slug: str) -> str:
    """base29(HMAC(receipt_key, "case-v1"|form nonce|kind|unit)): the same form sent twice has one code."""
    return derived(receipt_key, LABEL, form_nonce, kind, unit_slug)


def parse_case_code(typed: str) -> str:
    """The canonical code a person typed. Raises CaseCodeMistyped."""
    code = tidy(typed)
    if len(code) != LENGTH or impossible_signs(code) or not checks_out(code):
        raise CaseCodeMistyped
    return code


def case_key(code: str) -> bytes:
    """What the database holds of the code: SHA-256("case-v1"|code). 77 random bits are not to be guessed from it."""
    return sha256(f"{LABEL}|{code}".encode()).digest()
