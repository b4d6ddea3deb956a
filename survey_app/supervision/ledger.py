"""The ledger of orders (台账): by unit with its subordinate units, kind, state and day; what is due in a period."""

from calendar import monthrange
from datetime import date

from flask import url_for

from survey_app.casework import orderpage, showing
from survey_app.config import Settings
from survey_app.domain.errors import N_
from survey_app.domain.orders import steps
from survey_app.publishing.book import Book
from survey_app.publishing.revisions import revising
from survey_app.store.orders import Order
from survey_app.web import lists
from survey_app.web.lists import Column, List

LATE, ALL_OPEN = "late", "open"


def with_children(book: Book, unit: str) -> frozenset[str]:
    """The unit and all below it: a parent answers for what its units are told."""
    found, waiting = set(), [unit]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [page.unit for page in book.children(one)]
    return frozenset(found)


def presets(today: date) -> list[tuple[str, dict[str, str]]]:
    """The periods the office asks for: this half of the month, this month; as conditions of the list."""
    last = monthrange(today.year, today.month)[1]
    first, end = (1, 15) if today.day <= 15 else (16, last)
    return [
        (N_("本半月到期"), {"due_from": str(today.replace(day=first)), "due_to": str(today.replace(day=end))}),
        (N_("本月到期"), {"due_from": str(today.replace(day=1)), "due_to": str(today.replace(day=last))}),
        (N_("过期没有回复"), {"state": LATE}),
    ]


def ledger(settings: Settings) -> List:
    """The list over orders; a chosen unit brings its subordinate units along."""
    book, names = revising.book_of(settings), showing.names(settings)
    return List(
        title=N_("督查件台账"),
        empty=N_("还没有督查件。纪检人员从“可以依据的事项”里选一条起草，或直接新建。"),
        columns=(
            Column(
                "number",
                N_("编号"),
                lambda one: one.number,
                href=lambda one: url_for("supervision.order", number=one.number),
            ),
            Column("kind", N_("种类"), lambda one: steps.KINDS[one.kind].words),
            Column("unit", N_("单位"), lambda one: names.unit(one.unit)),
            Column("state", N_("情况"), lambda one: _state(one), tag=_tag),
            Column("due_on", N_("最后一日"), lambda one: one.due_on),
            Column("left", N_("还有几天"), _left, sort=False),
            Column("title", N_("标题"), lambda one: one.title, on_page=False),
            Column("source", N_("依据什么"), lambda one: steps.SOURCE_WORDS[one.source], on_page=False),
            Column("basis", N_("依据"), lambda one: one.basis, on_page=False),
            Column("issued_on", N_("发出"), lambda one: one.issued_on),
            Column("replied_on", N_("回复"), lambda one: one.replied_on, on_page=False),
            Column("closed_on", N_("办结"), lambda one: one.closed_on),
        ),
        filters=(
            lists.choice(
                "unit", N_("单位（含下属）"), names.units(), lambda one, unit: one.unit in with_children(book, unit)
            ),
            lists.choice("kind", N_("种类"), _kinds(), lambda one, kind: one.kind == kind),
            lists.choice("state", N_("情况"), _states(), _in_state),
            lists.day("due_from", N_("最后一日从"), lambda one, day: one.due_on is not None and str(one.due_on) >= day),
            lists.day("due_to", N_("最后一日到"), lambda one, day: one.due_on is not None and str(one.due_on) <= day),
        ),
        order="",
    )


def _kinds() -> list[tuple[str, str]]:
    return [(code, kind.words) for code, kind in steps.KINDS.items()]


def _states() -> list[tuple[str, str]]:
    return [(ALL_OPEN, N_("没有办结的")), (LATE, N_("过期没有回复")), *steps.STATE_WORDS.items()]


def _in_state(one: Order, state: str) -> bool:
    if state == LATE:
        return one.overdue and one.state == steps.ISSUED
    return one.state in steps.OPEN if state == ALL_OPEN else one.state == state


def _state(one: Order) -> str:
    return N_("过期没有回复") if _in_state(one, LATE) else steps.STATE_WORDS[one.state]


def _tag(one: Order) -> str:
    if _in_state(one, LATE):
        return "bad"
    return {steps.CLOSED: "good", steps.ISSUED: "warn", steps.REPLIED: "warn"}.get(one.state, "")


def _left(one: Order) -> str | None:
    told = orderpage.countdown(one)
    return told.words if told else None
