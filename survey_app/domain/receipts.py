"""Receipts: they show that a ballot is in the box, find and replace it until close, and say nothing of its content."""

import hmac

from survey_app.domain.checksign import ALPHABET, checks_out, grouped, impossible_signs, tidy, with_check_sign
from survey_app.domain.errors import N_, NothingAnswers, Refusal

LENGTH = 17  # sixteen signs (77 bits) and a check sign


class ReceiptMistyped(Refusal):
    code, status = "receipt-mistyped", 422
    message = N_("回执码对不上，请对照抄下来的再看一遍。回执码是17位，没有0、1、I、L、O、U、Z。")


class ReceiptUnknown(NothingAnswers):
    code, status = "receipt-unknown", 404
    message = N_("没有找到这个回执码的评议。请再核对一遍；如果核对无误，请打12345说明。")


def make_receipt(receipt_key: bytes, *, form_nonce: str, code: str, unit_slug: str) -> str:
    """base29(HMAC(receipt_key, "receipt-v1"|form nonce|code|unit)), sixteen signs and a check sign.

    The same form sent twice gives the same receipt, so a retry finds its own ballot and nothing is stored twice.
    """
    return derived(receipt_key, "receipt-v1", form_nonce, code, unit_slug)


def derived(key: bytes, *parts: str) -> str:
    """base29(HMAC-SHA256(key, parts joined by |)), sixteen signs and a check sign; the first part names the purpose."""
    number = int.from_bytes(hmac.digest(key, "|".join(parts).encode(), "sha256"), "big")
    signs = []
    for _ in range(LENGTH - 1):
        number, index = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[index])
    return with_check_sign("".join(signs))


def parse_receipt(typed: str) -> str:
    """The canonical receipt a person typed. Raises ReceiptMistyped."""
    receipt = tidy(typed)
    if len(receipt) != LENGTH or impossible_signs(receipt) or not checks_out(receipt):
        raise ReceiptMistyped
    return receipt


def looks_like_receipt(typed: str) -> bool:
    """Whether a sign count near a receipt's was typed into the field for codes."""
    return len(tidy(typed)) >= LENGTH - 2


def spoken(receipt: str) -> str:
    """The receipt as shown and printed: XXXX-XXXX-XXXX-XXXXX."""
    return grouped(receipt, 4, 4, 4, 5)
