"""The ways in to a case for a citizen: what each is called, what it asks, and which kind of case it makes."""

from dataclasses import dataclass

from survey_app.domain.cases.kinds import COMPLAINT, QUESTION, SUGGESTION
from survey_app.domain.errors import N_

OBJECTION = "objection"
HINT = N_("%(most)s字以内。写清哪一天、哪个窗口、办什么事、想要什么结果。姓名、电话写在下面“怎么找到您”里。")


@dataclass(frozen=True)
class Way:
    """One way in; all texts are Chinese source texts. `send` stands on the button."""

    name: str
    kind: str
    title: str
    question: str
    hint: str
    send: str


WAYS = {
    way.name: way
    for way in (
        Way("question", QUESTION, N_("提问"), N_("您想问什么"), HINT, N_("提交问题")),
        Way("complaint", COMPLAINT, N_("投诉"), N_("发生了什么事"), HINT, N_("提交投诉")),
        Way("suggestion", SUGGESTION, N_("建议"), N_("您的建议"), HINT, N_("提交建议")),
        # Asked of the office itself, which answers it: no unit, and no responsibility of a unit to be stated.
        Way(
            OBJECTION,
            QUESTION,
            N_("对评议办法或结果有异议"),
            N_("您的异议"),
            N_(
                "%(most)s字以内。写清哪一轮、哪个单位、哪个数或哪一条办法，为什么不对。异议和答复都公开，不公开您是谁。"
            ),
            N_("提交异议"),
        ),
    )
}
