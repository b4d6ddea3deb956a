"""The audit chain: every event carries the digest of all before it, so that none can be changed unseen.

digest_n = SHA-256("audit-v1" | digest_{n-1} | canonical event n), with 32 zero bytes before the first event.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from survey_app.domain.cases.steps import STEP_WORDS
from survey_app.domain.errors import N_, fill
from survey_app.domain.orders.steps import STEP_WORDS as ORDER_STEPS

LABEL = b"audit-v1"
START = bytes(32)

# What the list of events says; an action without words is shown by its code.
ACTION_WORDS: Mapping[str, str] = {
    "account.add": N_("新建账号"),
    "account.disable": N_("停用账号"),
    "account.enable": N_("启用账号"),
    "account.reset": N_("重置账号"),
    "account.change": N_("改姓名、单位或角色"),
    "account.seen": N_("看账号"),
    "account.handover": N_("移交账号"),
    "account.password": N_("改密码"),
    "account.factor": N_("设置第二步验证"),
    "account.factor_off": N_("取消第二步验证"),
    "account.recovery": N_("换恢复码"),
    "account.recovery_used": N_("用掉一个恢复码"),
    "account.sessions": N_("退出全部登录"),
    "sign_in": N_("登录"),
    "sign_in.slowed": N_("登录试错太多，暂停"),
    "everyday.codes": N_("发办事码"),
    "everyday.freeze": N_("结算好差评"),
    "pages.import": N_("导入表格"),
    "pages.export": N_("导出表格"),
    "file.hand_in": N_("传样表或附件"),
    "page.hand_edit": N_("发现文件被直接改过"),
    "unit.moved": N_("单位换网址"),
    "revision.begin": N_("起草"),
    "revision.save": N_("保存草稿"),
    "revision.rebase": N_("合并冲突"),
    "revision.submit": N_("送审"),
    "revision.take_back": N_("撤回送审"),
    "revision.discard": N_("放弃草稿"),
    "revision.bring_back": N_("取回草稿"),
    "revision.return": N_("退回"),
    "revision.pass_on": N_("初审通过，转复审"),
    "revision.approve": N_("审核通过"),
    "revision.act": N_("直接公布"),
    "revision.follow": N_("草稿跟上去向牌的改动"),
    "revision.conflict": N_("发现冲突"),
    "revision.published": N_("已公布"),
    "revision.failed": N_("没有公布成"),
    "download": N_("下载文件"),
    "door.refused": N_("想做没有权限的事，被拒绝"),
    "plan.begin": N_("开始写评议计划"),
    "plan.save": N_("保存评议计划"),
    "plan.discard": N_("删除评议计划"),
    "plan.settle": N_("评议计划定稿"),
    "round.take_back": N_("草稿退回成计划"),
    "round.discard": N_("删除评议草稿"),
    "round.key": N_("做私钥"),
    "round.key_copy": N_("下载一份私钥"),
    "round.key_proved": N_("验证一份私钥"),
    "round.announce": N_("公布办法"),
    "round.open": N_("开始评议"),
    "round.extend": N_("延长截止日期"),
    "round.pause": N_("暂停评议"),
    "round.resume": N_("恢复评议"),
    "round.void_unit": N_("单位列错，不评"),
    "round.void": N_("整轮作废"),
    "round.unseen": N_("没有送单位核对就公布"),
    "round.box": N_("票箱已关"),
    "codes.key": N_("取发码文件"),
    "codes.issue": N_("发评议码"),
    "codes.void": N_("作废一批评议码"),
    "codes.download": N_("下载评议卡"),
    "paper.settle": N_("核对纸卡"),
    "paper.set_aside": N_("剔出纸卡"),
    "case.seen": N_("看办件"),
    "case.list_seen": N_("看办件清单，有来件开头"),
    "case.contact_seen": N_("查看联系方式"),
    "case.deleted": N_("到期删除"),
    "objection.deleted": N_("异议材料到期删除"),
    "case.refused": N_("想打开别的单位的办件"),
    "paper.cast": N_("纸卡成批投入票箱"),
    **{f"case.{step}": words for step, words in STEP_WORDS.items()},
    **{f"order.{step}": words for step, words in ORDER_STEPS.items()},
    "assessment.read": N_("录入民主测评"),
    "finding.kept": N_("记下督查发现"),
    "note.kept": N_("写民情日记"),
    "note.deleted": N_("民情日记到期删除"),
    "year_end.settle": N_("定下年终考核的办法"),
    "year_end.keep": N_("年终考核表定稿"),
    "order.refused": N_("想打开别的单位的督查件"),
    "portal.backup": N_("做备份"),
    "sealed.install": N_("换密封举报的公钥"),
    "sealed.download": N_("取走密封举报"),
    "sealed.received": N_("确认收到并删除密封举报"),
}


@dataclass(frozen=True)
class Event:
    """One thing somebody did. `at` is UTC as text, to the microsecond; `detail` is flat and holds no secret."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True)
class Fault:
    """The place where the chain does not hold."""

    number: int
    message: str

    def text(self) -> str:
        """The place and what is wrong with it, in Chinese."""
        return fill(self.message, {"number": self.number})


CHANGED = N_("第%(number)s条和它的摘要对不上：内容被改过，或前面有一条被改、被删、被调换。")
GAP = N_("第%(number)s条不见了。")
SHORT = N_("最后一条应是第%(number)s条，它或它前面的记录不见了。")
NO_HEAD = N_("记录到第%(number)s条，但记着末尾的那一行不见了。")


def instant(at: datetime) -> str:
    """An instant as the chain writes it: 2026-11-03T04:00:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(event: Event) -> bytes:
    """The event's own bytes: JSON, keys sorted, no spaces, UTF-8. Equal events have equal bytes."""
    fields = {
        "number": event.number,
        "at": event.at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
    }
    return canonical_json(fields).encode()


def canonical_json(value: object) -> str:
    """JSON with one way to write each value. Raises ValueError or TypeError for what JSON cannot hold exactly."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def chain(before: bytes, event: Event) -> bytes:
    """The digest of `event` after the digest before it."""
    return sha256(b"|".join((LABEL, before, canonical(event)))).digest()


def first_fault(events: Iterable[tuple[Event, bytes]], head: tuple[int, bytes] | None) -> list[Fault]:
    """The first place where numbers or digests do not follow; after it nothing can be said.

    `head` is the number and digest of the last event as kept beside the list: it shows events cut from the end.
    """
    number, digest = 0, START
    for event, stored in events:
        if event.number != number + 1:
            return [Fault(number + 1, GAP)]
        if chain(digest, event) != stored:
            return [Fault(event.number, CHANGED)]
        number, digest = event.number, stored
    if head is None:
        return [Fault(number, NO_HEAD)] if number else []
    return [] if head == (number, digest) else [Fault(max(head[0], number), SHORT)]
