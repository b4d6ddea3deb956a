"""Visit codes (办事码): printed on the slip of a visit, they show that a rating comes from somebody who was served."""

import hmac

from survey_app.domain.checksign import checks_out, impossible_signs, tidy
from survey_app.domain.codes import LENGTH
from survey_app.domain.errors import N_, Refusal


class VisitCodeWrongLength(Refusal):
    code, status = "visit-length", 422
    message = N_("办事码是10位，您填了%(count)s位。请对照小票再看一遍；没有小票的可以空着。")


class VisitCodeImpossibleSign(Refusal):
    code, status = "visit-sign", 422
    message = N_("办事码里没有“%(signs)s”。请对照小票再看一遍，0、1、I、L、O、U、Z都不会出现；没有小票的可以空着。")


class VisitCodeMistyped(Refusal):
    code, status = "visit-mistyped", 422
    message = N_("办事码对不上，请对照小票再看一遍。8和B、5和S容易看错；没有小票的可以空着。")


def parse_visit_code(typed: str) -> str:
    """The canonical code a person typed; empty where the field was left open. Raises a Refusal; asks no database."""
    code = tidy(typed)
    if not code:
        return ""
    if signs := impossible_signs(code):
        raise VisitCodeImpossibleSign(signs="、".join(signs))
    if len(code) != LENGTH:
        raise VisitCodeWrongLength(count=len(code))
    if not checks_out(code):
        raise VisitCodeMistyped
    return code


def visit_tag(admit_key: bytes, code: str) -> bytes:
    """What the database keeps of an issued visit code: HMAC-SHA256(admit_key, "visit-v1"|code)."""
    return hmac.digest(admit_key, f"visit-v1|{code}".encode(), "sha256")


def visit_use_tag(admit_key: bytes, code: str) -> bytes:
    """What it keeps of a use: HMAC-SHA256(admit_key, "visit-use-v1"|code)."""
    return hmac.digest(admit_key, f"visit-use-v1|{code}".encode(), "sha256")
