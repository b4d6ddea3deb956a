"""The steps of a case: who may take which from which state, as a table."""

from collections.abc import Mapping

from survey_app.domain.errors import N_

RECEIVED, ASSIGNED, CO_UNIT_ADDED, CONTACTED = "received", "assigned", "co_unit_added", "contacted"
RECTIFYING, ANSWERED, VERIFIED, SENT_BACK, CLOSED = "rectifying", "answered", "verified", "sent_back", "closed"
RETURNED, TRANSFERRED = "returned", "transferred"
EXTENSION_ASKED, EXTENSION_GRANTED, EXTENSION_REFUSED = "extension_asked", "extension_granted", "extension_refused"
SUSPENDED, RESUMED = "suspended", "resumed"
DISPUTED, DISPUTE_RULED = "disputed", "dispute_ruled"
RESPONSIBILITY_STATED = "responsibility_stated"
RESPONSIBILITY_CONFIRMED, RESPONSIBILITY_REFUSED = "responsibility_confirmed", "responsibility_refused"
SATISFIED, DISSATISFIED, SILENT = "satisfied", "dissatisfied", "silent"
REOPENED, ESCALATED_HEAD, ESCALATED_OFFICE, REMINDED = "reopened", "escalated_head", "escalated_office", "reminded"
ASKED, WORDS_ADDED, HANDLING_RATED, NOTE = "asked", "words_added", "handling_rated", "note"

STEP_WORDS: Mapping[str, str] = {
    RECEIVED: N_("收到"),
    ASSIGNED: N_("交给单位办理"),
    CO_UNIT_ADDED: N_("增加协办单位"),
    CONTACTED: N_("联系核实"),
    RECTIFYING: N_("限期整改"),
    ANSWERED: N_("答复"),
    VERIFIED: N_("核验通过"),
    SENT_BACK: N_("退回重办"),
    CLOSED: N_("办结"),
    RETURNED: N_("退回，不属本单位"),
    TRANSFERRED: N_("转给别的单位"),
    EXTENSION_ASKED: N_("申请延期"),
    EXTENSION_GRANTED: N_("同意延期"),
    EXTENSION_REFUSED: N_("不同意延期"),
    SUSPENDED: N_("暂停计时"),
    RESUMED: N_("恢复计时"),
    DISPUTED: N_("单位对评价有异议"),
    DISPUTE_RULED: N_("异议裁定"),
    RESPONSIBILITY_STATED: N_("说明责任"),
    RESPONSIBILITY_CONFIRMED: N_("确认责任"),
    RESPONSIBILITY_REFUSED: N_("责任说明退回"),
    SATISFIED: N_("本人满意"),
    DISSATISFIED: N_("本人不满意"),
    SILENT: N_("到期没有回音"),
    REOPENED: N_("重新办理"),
    ESCALATED_HEAD: N_("超期，报单位负责人"),
    ESCALATED_OFFICE: N_("报主管办公室"),
    REMINDED: N_("快到期提醒"),
    ASKED: N_("请本人补充"),
    WORDS_ADDED: N_("本人补充"),
    HANDLING_RATED: N_("评价办理"),
    NOTE: N_("内部备注"),
}

NEW, TAKEN, HEARD, MENDING, REPLIED, CHECKED = "received", "assigned", "contacted", "rectifying", "answered", "verified"
PAUSED, DONE = "suspended", "closed"
STATE_WORDS: Mapping[str, str] = {
    NEW: N_("等待交办"),
    TAKEN: N_("待办理"),
    HEARD: N_("已联系，办理中"),
    MENDING: N_("整改中"),
    REPLIED: N_("已答复，等本人回音"),
    CHECKED: N_("已核验，等办结"),
    PAUSED: N_("暂停计时"),
    DONE: N_("已办结"),
}

CITIZEN, UNIT, HEAD, OFFICE, SYSTEM = "citizen", "unit", "head", "office", "system"
ROLE_WORDS: Mapping[str, str] = {
    CITIZEN: N_("本人"),
    UNIT: N_("承办单位"),
    HEAD: N_("单位负责人"),
    OFFICE: N_("主管办公室"),
    SYSTEM: N_("系统"),
}

WORKING = frozenset({TAKEN, HEARD, MENDING})  # the unit's answer is due
REPLY = frozenset({REPLIED, CHECKED})  # the person's word is due
OPEN = frozenset({NEW, PAUSED}) | WORKING | REPLY
ANY = OPEN | {DONE}

States = frozenset[str]
ALLOWED: Mapping[str, Mapping[str, States]] = {
    ASSIGNED: {OFFICE: WORKING | {NEW}, SYSTEM: frozenset({NEW})},
    CO_UNIT_ADDED: dict.fromkeys((UNIT, HEAD, OFFICE), WORKING),
    CONTACTED: dict.fromkeys((UNIT, HEAD), WORKING),
    RECTIFYING: dict.fromkeys((UNIT, HEAD), frozenset({TAKEN, HEARD})),
    ANSWERED: {UNIT: WORKING, HEAD: WORKING, OFFICE: WORKING | {NEW}},
    VERIFIED: dict.fromkeys((HEAD, OFFICE), frozenset({REPLIED})),
    SENT_BACK: dict.fromkeys((HEAD, OFFICE), REPLY),
    RETURNED: dict.fromkeys((UNIT, HEAD), frozenset({TAKEN})),
    TRANSFERRED: dict.fromkeys((UNIT, HEAD), frozenset({TAKEN, HEARD})),
    EXTENSION_ASKED: dict.fromkeys((UNIT, HEAD), WORKING),
    EXTENSION_GRANTED: {OFFICE: WORKING},
    EXTENSION_REFUSED: {OFFICE: WORKING},
    SUSPENDED: dict.fromkeys((HEAD, OFFICE), WORKING),
    RESUMED: dict.fromkeys((UNIT, HEAD, OFFICE, SYSTEM), frozenset({PAUSED})),
    DISPUTED: dict.fromkeys((UNIT, HEAD), WORKING | REPLY),
    DISPUTE_RULED: {OFFICE: ANY},
    RESPONSIBILITY_STATED: dict.fromkeys((UNIT, HEAD), (WORKING | REPLY) - {TAKEN}),
    RESPONSIBILITY_CONFIRMED: {OFFICE: WORKING | REPLY},
    RESPONSIBILITY_REFUSED: {OFFICE: WORKING | REPLY},
    SATISFIED: dict.fromkeys((CITIZEN, OFFICE), REPLY),  # the office writes down what was said on the telephone
    DISSATISFIED: dict.fromkeys((CITIZEN, OFFICE), REPLY),
    SILENT: {SYSTEM: REPLY},
    REOPENED: {SYSTEM: REPLY},
    ESCALATED_HEAD: {SYSTEM: OPEN},
    ESCALATED_OFFICE: {SYSTEM: OPEN},
    REMINDED: {SYSTEM: OPEN},
    ASKED: dict.fromkeys((UNIT, HEAD, OFFICE), WORKING | {NEW}),
    WORDS_ADDED: {CITIZEN: OPEN},
    HANDLING_RATED: {CITIZEN: REPLY | {DONE}},
    NOTE: dict.fromkeys((UNIT, HEAD, OFFICE), ANY),
    CLOSED: dict.fromkeys((OFFICE, SYSTEM), REPLY),
}
# What cannot be done without words: for the person to read, or for those who work on it.
SAYS_WHY = frozenset({RECTIFYING, ANSWERED, TRANSFERRED, EXTENSION_GRANTED, SUSPENDED, ASKED})
NOTES_WHY = frozenset(
    {CONTACTED, SENT_BACK, RETURNED, EXTENSION_ASKED, EXTENSION_REFUSED, DISPUTED, DISPUTE_RULED}
    | {RESPONSIBILITY_STATED, RESPONSIBILITY_REFUSED, NOTE}
)


def steps_for(state: str, role: str) -> tuple[str, ...]:
    """The steps the table opens to this role from this state; what happened before may still stand against one."""
    return tuple(step for step, roles in ALLOWED.items() if state in roles.get(role, ()))
