"""Orders at the unit's desk: what the unit is told to mend and by when, and its reply."""

from collections.abc import Iterator

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import attachments, orderpage
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.orders import steps
from survey_app.domain.orders.rules import OrderUnknown, Wish
from survey_app.domain.roles import UNIT_HEAD
from survey_app.store import audit, handed_in
from survey_app.store import orders as store
from survey_app.store.database import write
from survey_app.store.orders import Order, Step
from survey_app.unit.desk import blueprint, here, require_unit
from survey_app.web import lists, waiting
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.lists import Column, List
from survey_app.web.marks import sent_mark
from survey_app.web.people import Person
from survey_app.web.waiting import Line

TAKEN = N_("回复收到了，等核查。结果在这一页看得到。")
UNSEEN = (steps.DRAFT, steps.DROPPED)  # the office's own papers
KINDS = tuple((code, kind.words) for code, kind in steps.KINDS.items())
SEEN = tuple((code, words) for code, words in steps.STATE_WORDS.items() if code not in UNSEEN)
TONES = {steps.CLOSED: "good", steps.ISSUED: "warn", steps.REPLIED: "warn"}


@waiting.lines(UNIT_HEAD)
def _waits(who: Person) -> Iterator[Line]:
    for one in store.listed(unit=who.unit_slug, states=[steps.ISSUED]):
        told = orderpage.countdown(one)
        late = bool(told and told.tone in ("bad", "warn"))
        note = f"{say(steps.KINDS[one.kind].words)}　{told.words if told else ''}"
        yield Line(1, N_("份督查件要回复"), url_for("desk.own_order", number=one.number), urgent=late, note=note)


@blueprint.get("/orders")
@door("unit_orders")
def own_orders() -> ResponseReturnValue:
    """The orders of this unit, the earliest day first."""
    found = [one for one in store.listed(unit=require_unit()) if one.state not in UNSEEN]
    return lists.answer(OWN, lists.in_memory(OWN, found))


@blueprint.get("/orders/<number>")
@door("unit_orders")
def own_order(number: str) -> ResponseReturnValue:
    """One order: what it says, what was done, the reply."""
    return _page(_own(number))


@blueprint.post("/orders/<number>")
@door("unit_head")
def reply_to_order(number: str) -> ResponseReturnValue:
    """The head's reply with files: kept whole, or refused with what was typed."""
    found = _own(number)
    try:
        _reply(found)
    except Refusal as refusal:
        return _page(_own(number), refusal), refusal.status
    flash(say(TAKEN), "good")
    return redirect(url_for(".own_order", number=number), 303)


@blueprint.get("/orders/<number>/files/<name>")
@door("unit_orders")
def own_order_file(number: str, name: str) -> ResponseReturnValue:
    """A file of the unit's own reply."""
    return orderpage.file_answer(_own(number), name)


def _reply(found: Order) -> None:
    chosen, most = request.files.getlist("files"), settings().unit_files_mib * 2**20
    handed_in.require_room(found.unit, attachments.weight(chosen), most=most, today=today())
    files = attachments.take(chosen, keys=keys(), settings=settings())
    wish = Wish(steps.REPLY, here().username, steps.UNIT, request.form.get("words", ""))
    mark = sent_mark()
    step = Step(wish, mark, request.form.get("version", -1, int), files)
    store.take(found.number, step, now=now(), today=today())


def _page(found: Order, refusal: Refusal | None = None) -> str:
    role = steps.UNIT if UNIT_HEAD in here().roles else ""
    return orderpage.page(found, "desk", role, here().username, refusal, hides=steps.WRITING)


def _own(number: str) -> Order:
    """The order, if this unit was given it. Another unit's is unknown here, and the try is written down."""
    found = store.order(number)
    if found.unit != require_unit() or found.state in UNSEEN:
        with write():
            audit.record(actor=here().username, action="order.refused", subject=number, now=now())
        raise OrderUnknown
    return found


def _left(one: Order) -> str | None:
    told = orderpage.countdown(one)
    return told.words if told else None


OWN = List(
    N_("督查件"),
    N_("没有督查件。收到整改通知、督办通知单时列在这里，由单位负责人回复。"),
    columns=(
        Column("number", N_("编号"), lambda one: one.number, href=lambda one: url_for(".own_order", number=one.number)),
        Column("kind", N_("种类"), lambda one: steps.KINDS[one.kind].words),
        Column("title", N_("标题"), lambda one: one.title),
        Column("state", N_("情况"), lambda one: steps.STATE_WORDS[one.state], tag=lambda one: TONES.get(one.state, "")),
        Column("due_on", N_("最后一日"), lambda one: one.due_on),
        Column("left", N_("还有几天"), _left, sort=False),
        Column("closed_on", N_("办结"), lambda one: one.closed_on, on_page=False),
    ),
    filters=(
        lists.choice("kind", N_("种类"), KINDS, lambda one, kind: one.kind == kind),
        lists.choice("state", N_("情况"), SEEN, lambda one, state: one.state == state),
        lists.day("due_from", N_("最后一日从"), lambda one, day: one.due_on is not None and str(one.due_on) >= day),
        lists.day("due_to", N_("最后一日到"), lambda one, day: one.due_on is not None and str(one.due_on) <= day),
    ),
)
