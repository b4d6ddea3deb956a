"""Whether a step may be taken now, and what it has to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey_app.domain.blanks import blank, require_filled
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.orders import steps
from survey_app.domain.orders.state import OrderState
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.domain.workdays import Calendar

MOST_WORDS, MOST_DAYS = 2_000, 120
NUMBER_BLANK = blank("写文号")
# What a form asks of an order's text: most signs, and what it is called.
_ASKED = {
    "issuer": (40, N_("发文机关")),
    "title": (60, N_("标题")),
    "paper_number": (40, N_("文号")),
    "text": (3_000, N_("正文")),
}


class OrderUnknown(Refusal):
    code, status = "order-unknown", 404
    message = N_("没有这份督查件，或它不是您单位的。")


class KindUnknown(Refusal):
    code, status = "order-kind", 422
    message = N_("请选一种督查件。")


class StaleOrder(Refusal):
    code, status = "order-stale", 409
    message = N_("%(who)s刚才已经“%(step)s”，您看到的是旧页面。请看过新的情况再办；您写的还在下面。")


class StepNotAllowed(Refusal):
    code, status = "order-step", 409
    message = N_("这份督查件现在是“%(state)s”，不能“%(step)s”。")


class StepNotYours(Refusal):
    code, status = "order-step-not-yours", 403
    message = N_("“%(step)s”不归%(role)s办。")


class SameHand(Refusal):
    code, status = "order-same-hand", 409
    message = N_("这份督查件是您发出的，要由另一个人核查。")


class WordsMissing(Refusal):
    code, status = "order-words", 422
    message = N_("请写明%(what)s。")


class DaysWrong(Refusal):
    code, status = "order-days", 422
    message = N_("期限请填1到%(most)s的整数，按工作日算。")


class NothingAfter(Refusal):
    code, status = "order-last-kind", 409
    message = N_("处理建议书是最后一种，不能再升级。请撤回，或核查后办结。")


@dataclass(frozen=True)
class Text:
    """What an order says, as typed: whose it is, title, number on paper, text, and the working days for the reply."""

    issuer: str
    title: str
    paper_number: str
    text: str
    days: int

    def as_detail(self) -> dict[str, Any]:
        """As an event keeps it."""
        same = {"issuer": self.issuer, "title": self.title}
        return {**same, "paper_number": self.paper_number, "text": self.text, "days": self.days}


@dataclass(frozen=True)
class Wish:
    """A step somebody wants to take."""

    step: str
    actor: str
    role: str
    words: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def typed_text(form: Mapping[str, str]) -> Text:
    """The text of an order from a form. Raises WordsMissing, DaysWrong, Unseen, TooLong."""
    typed = {name: tidy_text(form.get(name, "")) for name in _ASKED}
    for name, (most, what) in _ASKED.items():
        if not typed[name]:
            raise WordsMissing(what=what)
        require_plain(typed[name], most=most)
    return Text(**typed, days=typed_days(form.get("days", "")))


def typed_days(typed: str) -> int:
    """Working days from a form. Raises DaysWrong."""
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_DAYS and len(text) <= 4):
        raise DaysWrong(most=MOST_DAYS)
    return int(text)


def require_kind(kind: str) -> None:
    """Raises KindUnknown."""
    if kind not in steps.KINDS:
        raise KindUnknown


def next_kind(kind: str) -> str:
    """The kind that follows where a unit has not answered for this one. Raises NothingAfter."""
    kinds = list(steps.KINDS)
    if kind == kinds[-1]:
        raise NothingAfter
    return kinds[kinds.index(kind) + 1]


def require(state: OrderState, wish: Wish) -> None:
    """Raises StepNotYours, StepNotAllowed, SameHand, WordsMissing, BlankLeft, NothingAfter, Unseen, TooLong."""
    _require_table(state, wish)
    if wish.step in (steps.VERIFY, steps.SEND_BACK) and wish.actor == state.issued_by:
        raise SameHand
    if wish.step in steps.SAYS_WHY and not wish.words.strip():
        raise WordsMissing(what=N_("回复的内容") if wish.step == steps.REPLY else N_("理由"))
    require_plain(wish.words, most=MOST_WORDS)
    if wish.step == steps.ISSUE:
        require_filled(f"{state.issuer}\n{state.title}\n{state.paper_number}\n{state.text}")
    if wish.step == steps.ESCALATE:
        next_kind(state.kind)


def possible(state: OrderState, *, role: str, actor: str) -> tuple[str, ...]:
    """The steps `actor` could take now in this role, apart from what they have to say."""
    found = [step for step, (roles, states, _to) in steps.TABLE.items() if role in roles and state.state in states]
    own = actor == state.issued_by
    last = state.kind == list(steps.KINDS)[-1]
    return tuple(
        step
        for step in found
        if not (own and step in (steps.VERIFY, steps.SEND_BACK)) and not (last and step == steps.ESCALATE)
    )


def due_on(calendar: Calendar, start: date, days: int) -> str:
    """The last day of a limit of so many working days, as an event keeps it. Raises YearUnknown."""
    return calendar.add_workdays(start, days).isoformat()


def is_late(state: OrderState, today: date) -> bool:
    """Whether the reply is missing after its day, and nobody has noticed yet."""
    return state.state == steps.ISSUED and not state.overdue and state.due_on is not None and today > state.due_on


def _require_table(state: OrderState, wish: Wish) -> None:
    if wish.step not in steps.TABLE:
        raise StepNotAllowed(state=steps.STATE_WORDS[state.state], step=steps.STEP_WORDS.get(wish.step, wish.step))
    roles, states, _to = steps.TABLE[wish.step]
    words = steps.STEP_WORDS[wish.step]
    if wish.role not in roles:
        raise StepNotYours(step=words, role=steps.ROLE_WORDS[wish.role])
    if state.state not in states:
        raise StepNotAllowed(state=steps.STATE_WORDS[state.state], step=words)
