"""Texts of the four kinds to begin from: official Chinese that goes on paper. Places to be written are 【请……】."""

from survey_app.domain.blanks import blank
from survey_app.domain.orders import steps

UNIT_BLANK, BASIS_BLANK = blank("写单位"), blank("写依据")
TITLES = {
    steps.RECTIFY: "关于{unit}的整改通知",
    steps.SUPERVISE: "关于{unit}的督办通知单",
    steps.NAMED: "关于对{unit}点名批评的决定",
    steps.DISPOSE: "关于{unit}有关问题的处理建议",
}
_TEXTS = {
    steps.RECTIFY: (
        "{basis}。",
        "存在的问题：{problem}。",
        "请你单位查明原因，逐项整改，明确责任人，于收到本通知后{days}个工作日内书面回复整改情况，附能够证明已经整改的材料。",
        "回复由单位负责人审定。我们将核查，并在下一次评议中看群众的评价是否好转。",
    ),
    steps.SUPERVISE: (
        "{basis}。",
        "督办事项：{problem}。",
        "请你单位主要负责人牵头办理，于收到本通知单后{days}个工作日内办结并书面回复办理结果。",
        "到期没有回复或办理不力的，将予以点名批评。",
    ),
    steps.NAMED: (
        "{basis}。",
        "主要问题：{problem}。",
        "经研究，决定对你单位予以点名批评。请你单位深刻检查，于{days}个工作日内书面报告检查和改正情况。",
    ),
    steps.DISPOSE: (
        "{basis}。",
        "经核查，{problem}。",
        "依照有关规定，建议：{advice}。",
        "请于{days}个工作日内研究处理，并书面回复处理结果。",
    ),
}


def title(kind: str, unit: str) -> str:
    """The title an order of this kind begins with."""
    return TITLES[kind].format(unit=unit or UNIT_BLANK)


def text(kind: str, basis: str, days: int) -> str:
    """The text it begins with, one paragraph a line."""
    filled = {
        "basis": basis.rstrip("。") or BASIS_BLANK,
        "problem": blank("写问题"),
        "advice": blank("写建议"),
        "days": days,
    }
    return "\n".join(line.format(**filled) for line in _TEXTS[kind])
