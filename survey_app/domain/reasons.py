"""Why something was voided or set aside: one plain line, for it is shown to people and kept for good."""

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain

MAX_REASON = 200


class ReasonMissing(Refusal):
    code, status = "reason-missing", 422
    message = N_("请写明为什么作废或剔出，例如“印错”“遗失”。理由记入操作记录。")


def require_reason(typed: str) -> str:
    """The reason as one line. Raises ReasonMissing, Unseen, TooLong."""
    said = " ".join(typed.split())
    if not said:
        raise ReasonMissing
    require_plain(said, most=MAX_REASON)
    return said
