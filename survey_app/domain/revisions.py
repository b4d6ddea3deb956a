"""Revisions (修订稿): the states of one proposed change of one page, the moves it may make, and who may make them."""

from collections.abc import Collection

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import PUBLICITY

DRAFT, SUBMITTED, SECOND, RETURNED = "draft", "submitted", "second", "returned"
APPROVED, PUBLISHED, WITHDRAWN, CONFLICT = "approved", "published", "withdrawn", "conflict"
STATE_WORDS = {
    DRAFT: N_("草稿"),
    SUBMITTED: N_("待审核"),
    SECOND: N_("待复审"),
    RETURNED: N_("退回修改"),
    APPROVED: N_("已通过，正在公布"),
    PUBLISHED: N_("已公布"),
    WITHDRAWN: N_("已放弃"),
    CONFLICT: N_("与现在公布的有冲突"),
}

PUBLISH, WITHDRAW, REMOVE, RENAME, MERGE, DUTY = "publish", "withdraw", "remove", "rename", "merge", "duty"
ACTION_WORDS = {
    PUBLISH: N_("修改"),
    WITHDRAW: N_("撤回"),
    REMOVE: N_("下架"),
    RENAME: N_("单位换网址"),
    MERGE: N_("单位合并"),
    DUTY: N_("去向牌"),
}
MOVES = frozenset({RENAME, MERGE})  # of a whole unit; its data is {"unit": front matter, "to": slug}

EDITABLE = frozenset({DRAFT, RETURNED, CONFLICT})  # the author may still write
WAITING = frozenset({SUBMITTED, SECOND})  # an approver has to decide
OPEN = EDITABLE | WAITING | {APPROVED}  # one page has at most one of these
_MOVES = {
    DRAFT: {DRAFT, SUBMITTED, WITHDRAWN, CONFLICT, SECOND, APPROVED},
    RETURNED: {DRAFT, SUBMITTED, WITHDRAWN, CONFLICT},
    CONFLICT: {DRAFT, WITHDRAWN, CONFLICT},
    SUBMITTED: {DRAFT, SECOND, APPROVED, RETURNED, CONFLICT},
    SECOND: {DRAFT, APPROVED, RETURNED, CONFLICT},
    APPROVED: {PUBLISHED, CONFLICT},
    WITHDRAWN: {DRAFT},
    PUBLISHED: set[str](),
}

# Dated records: a reader may have acted on them, so they are answered by a new page, never rewritten.
DATED = frozenset({"notice"})
RESTORABLE = frozenset(
    {"procedure", "commitment", "unit", "answers", "disclosure_item", "disclosure_block", "catalogue", "home"}
)
REMOVABLE = frozenset({"procedure", "commitment", "answers", "disclosure_item"})


class RevisionUnknown(Refusal):
    code, status = "revision-unknown", 404
    message = N_("没有这份修订稿。可能已经放弃，请从“待办”里找。")


class RevisionMoved(Refusal):
    code, status = "revision-moved", 409
    message = N_("这份修订稿现在是“%(state)s”，这一步不能做。请刷新后再看。")


class RevisionOpen(Refusal):
    code, status = "revision-open", 409
    message = N_("“%(title)s”已经有一份没办完的修订稿（%(state)s，%(author)s）。请在那一份上改。")


class SavedByOther(Refusal):
    """Somebody saved the same revision meanwhile: the view shows both texts."""

    code, status = "revision-saved-by-other", 409
    message = N_("您打开以后，%(author)s保存过这份修订稿。没有覆盖，请看两边哪里不一样。")


class PageChanged(Refusal):
    """The published page is no longer the one the revision was made from."""

    code, status = "revision-conflict", 409
    message = N_("“%(title)s”在起草以后又变过。没有覆盖现在公布的，请起草人核对后再送审。")


class OwnApproval(Refusal):
    code, status = "own-approval", 403
    message = N_("自己起草的不能自己审核，请换一位审核人。")


class SamePerson(Refusal):
    code, status = "same-person", 403
    message = N_("初审和复审要由两个人做，请换一位审核人。")


class ReasonMissing(Refusal):
    code, status = "reason-missing", 422
    message = N_("请写明原因，让对方知道要改什么。")


class NotRestorable(Refusal):
    code, status = "not-restorable", 409
    message = N_("公告不改旧版，也不恢复旧版。内容有误请发更正，有新规定请发新的一条替代它，不该发的申请撤回。")


class NotRemovable(Refusal):
    code, status = "not-removable", 409
    message = N_("这一类页面不能下架。公告请用“撤回”。")


class OfficeAct(Refusal):
    code, status = "office-act", 403
    message = N_(
        "这是政务公开办公室自己办的事（改单位名称、类别、网址或合并），单位不能改、收回或放弃。请找政务公开办公室。"
    )


def require_move(state: str, to: str) -> None:
    """Raises RevisionMoved when this step is not open from here."""
    if to not in _MOVES[state]:
        raise RevisionMoved(state=STATE_WORDS[state])


def require_approver(*, person: str, roles: Collection[str], writers: Collection[str], first_approver: str) -> None:
    """Who wrote it does not approve it, and a second look takes a second person. Raises OwnApproval, SamePerson."""
    if PUBLICITY not in roles or person in writers:
        raise OwnApproval
    if first_approver and person == first_approver:
        raise SamePerson


def is_office_act(*, action: str, author: str, first_approver: str) -> bool:
    """Whether the publicity office does this itself: by a move, or as its author and first approver in one."""
    return action in MOVES or (action == PUBLISH and author != "" and author == first_approver)


def after_approval(state: str, *, second_wanted: bool) -> str:
    """Where an approval leads: to a second person where the district or the approver asks for one."""
    return SECOND if state == SUBMITTED and second_wanted else APPROVED
