"""A reason that the public reads: one plain line that says more than a word."""

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain

LEAST, MOST = 4, 200


class PublicReasonMissing(Refusal):
    code, status = "public-reason", 422
    message = N_("请写明理由，至少%(least)s个字，一句别人看得懂的话。理由会马上登在网站上这一轮的页面里。")


def require_public_reason(typed: str) -> str:
    """The reason as one line without a full stop at its end. Raises PublicReasonMissing, Unseen, TooLong."""
    said = " ".join(typed.split()).rstrip("。.")
    if len(said) < LEAST:
        raise PublicReasonMissing(least=LEAST)
    require_plain(said, most=MOST)
    return said
