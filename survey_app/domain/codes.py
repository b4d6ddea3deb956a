"""Voting codes: printed on a card or sent by message, they admit one ballot per unit and nothing else."""

import hmac
import secrets

from survey_app.domain.checksign import ALPHABET, checks_out, grouped, impossible_signs, tidy, with_check_sign
from survey_app.domain.errors import N_, Refusal

LENGTH = 10  # nine random signs (44 bits) and a check sign


class CodeMissing(Refusal):
    code, status = "code-missing", 422
    message = N_("请填评议码，在评议卡或短信里，10位。")


class CodeWrongLength(Refusal):
    code, status = "code-length", 422
    message = N_("评议码是10位，您填了%(count)s位，请对照卡片再看一遍。")


class CodeImpossibleSign(Refusal):
    """`signs` are those that were typed; signs that look like others never occur, so what was meant can be said."""

    code, status = "code-sign", 422
    message = N_("评议码里没有“%(signs)s”。请对照卡片再看一遍，0、1、I、L、O、U、Z都不会出现。")


class CodeLookAlike(CodeImpossibleSign):
    message = N_("评议码里没有“%(signs)s”，看看是不是%(meant)s。请对照卡片再看一遍，0、1、I、L、O、U、Z都不会出现。")


MEANT = {"0": "D、Q", "O": "D、Q", "1": "7、T", "I": "T、J", "L": "J、E", "U": "V", "Z": "2"}


class CodeMistyped(Refusal):
    code, status = "code-mistyped", 422
    message = N_("评议码对不上，请对照卡片再看一遍。8和B、5和S容易看错。")


def new_code() -> str:
    """A fresh random code in canonical form: ten signs, upper case, no dash."""
    return with_check_sign("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))


def parse_code(typed: str) -> str:
    """The canonical code a person typed. Raises a Refusal that names what is wrong; asks no database."""
    code = tidy(typed)
    if not code:
        raise CodeMissing
    if signs := impossible_signs(code):
        raise _impossible(signs)
    if len(code) != LENGTH:
        raise CodeWrongLength(count=len(code))
    if not checks_out(code):
        raise CodeMistyped
    return code


def _impossible(signs: str) -> CodeImpossibleSign:
    named = "、".join(signs)
    if meant := "、".join(dict.fromkeys(MEANT[sign] for sign in signs if sign in MEANT)):
        return CodeLookAlike(signs=named, meant=meant)
    return CodeImpossibleSign(signs=named)


def spoken(code: str) -> str:
    """The code as printed on the card: XXXXX-XXXXX."""
    return grouped(code, 5, 5)


def distinct_codes(count: int) -> list[str]:
    """`count` fresh codes, no two alike, in no order."""
    fresh: set[str] = set()
    while len(fresh) < count:
        fresh.add(new_code())
    return list(fresh)


def issue_key(admit_key: bytes, *, round_code: str) -> bytes:
    """What an issuer needs to make codes for one round, and no more: HMAC-SHA256(admit_key, "issue-v1"|round).

    Threat: an issuer's computer that is lost. It tells nothing of other rounds and nothing of who has rated.
    """
    return _tag(admit_key, "issue-v1", round_code)


def code_tag(issue_key: bytes, *, round_code: str, code: str) -> bytes:
    """What the database keeps of an issued code: HMAC-SHA256(issue_key, "admit-v1"|round|code)."""
    return _tag(issue_key, "admit-v1", round_code, code)


def use_tag(admit_key: bytes, *, round_code: str, code: str, unit_slug: str) -> bytes:
    """What the database keeps of a use: HMAC-SHA256(admit_key, "use-v1"|round|code|unit)."""
    return _tag(admit_key, "use-v1", round_code, code, unit_slug)


def _tag(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "|".join(parts).encode(), "sha256")
