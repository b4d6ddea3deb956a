"""What an order is and what may be done with it: kinds, sources, states and steps, each as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.errors import N_

RECTIFY, SUPERVISE, NAMED, DISPOSE = "rectify", "supervise", "named", "dispose"


@dataclass(frozen=True)
class Kind:
    """`days`: working days that are usual for the reply."""

    words: str
    days: int


# In the order in which one follows another where a unit does not answer for the one before.
KINDS: Mapping[str, Kind] = {
    RECTIFY: Kind(N_("整改通知"), 10),
    SUPERVISE: Kind(N_("督办通知单"), 5),
    NAMED: Kind(N_("点名批评书"), 5),
    DISPOSE: Kind(N_("处理建议书"), 10),
}

RESULT, RULE, CASE, FINDING, ASSESSMENT, EARLIER, OWN = (
    "result",
    "rule",
    "case",
    "finding",
    "assessment",
    "earlier",
    "own",
)
SOURCE_WORDS: Mapping[str, str] = {
    RESULT: N_("评议结果"),
    RULE: N_("触发的规则"),
    CASE: N_("办件"),
    FINDING: N_("督查发现"),
    ASSESSMENT: N_("民主测评"),
    EARLIER: N_("上一份督查件"),
    OWN: N_("其他"),
}

DRAFT, ISSUED, REPLIED, CLOSED, ESCALATED, WITHDRAWN, DROPPED = (
    "draft",
    "issued",
    "replied",
    "closed",
    "escalated",
    "withdrawn",
    "dropped",
)
STATE_WORDS: Mapping[str, str] = {
    DRAFT: N_("草稿，没有发出"),
    ISSUED: N_("等单位回复"),
    REPLIED: N_("已回复，等核查"),
    CLOSED: N_("已办结"),
    ESCALATED: N_("已升级"),
    WITHDRAWN: N_("已撤回"),
    DROPPED: N_("草稿已作废"),
}
OPEN = frozenset({ISSUED, REPLIED})

DRAW, REDRAW, DROP, ISSUE, REPLY, SEND_BACK, VERIFY, EXTEND, ESCALATE, WITHDRAW, OVERDUE = (
    "drawn",
    "redrawn",
    "dropped",
    "issued",
    "replied",
    "sent_back",
    "verified",
    "extended",
    "escalated",
    "withdrawn",
    "overdue",
)
STEP_WORDS: Mapping[str, str] = {
    DRAW: N_("起草督查件"),
    REDRAW: N_("改督查件草稿"),
    DROP: N_("作废草稿"),
    ISSUE: N_("发出督查件"),
    REPLY: N_("回复督查件"),
    SEND_BACK: N_("退回重报"),
    VERIFY: N_("核查通过，办结"),
    EXTEND: N_("延长期限"),
    ESCALATE: N_("升级为下一种"),
    WITHDRAW: N_("撤回督查件"),
    OVERDUE: N_("过期没有回复"),
}

WRITING = frozenset({DRAW, REDRAW})  # the office's own work before a unit hears of it

OFFICE, SECOND, UNIT, SYSTEM = "office", "second", "unit", "system"
ROLE_WORDS: Mapping[str, str] = {
    OFFICE: N_("纪检人员"),
    SECOND: N_("核查人"),
    UNIT: N_("单位负责人"),
    SYSTEM: N_("系统"),
}
# Step -> who takes it, from which states, into which; None: the state stays.
TABLE: Mapping[str, tuple[frozenset[str], frozenset[str], str | None]] = {
    REDRAW: (frozenset({OFFICE}), frozenset({DRAFT}), None),
    DROP: (frozenset({OFFICE}), frozenset({DRAFT}), DROPPED),
    ISSUE: (frozenset({OFFICE}), frozenset({DRAFT}), ISSUED),
    REPLY: (frozenset({UNIT}), frozenset({ISSUED}), REPLIED),
    SEND_BACK: (frozenset({OFFICE, SECOND}), frozenset({REPLIED}), ISSUED),
    VERIFY: (frozenset({OFFICE, SECOND}), frozenset({REPLIED}), CLOSED),
    EXTEND: (frozenset({OFFICE}), frozenset({ISSUED}), None),
    ESCALATE: (frozenset({OFFICE}), OPEN, ESCALATED),
    WITHDRAW: (frozenset({OFFICE}), OPEN, WITHDRAWN),
    OVERDUE: (frozenset({SYSTEM}), frozenset({ISSUED}), None),
}
SAYS_WHY = frozenset({DROP, REPLY, SEND_BACK, VERIFY, EXTEND, ESCALATE, WITHDRAW})
EVIDENT = frozenset({REPLY})  # comes with files
