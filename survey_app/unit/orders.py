"""Orders at the unit's desk: what the unit is told to mend and by when, and its reply."""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
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
from survey_app.web import waiting
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.marks import sent_mark
from survey_app.web.people import Person
from survey_app.web.waiting import Line

TAKEN = N_("回复收到了，等核查。结果在这一页看得到。")
UNSEEN = (steps.DRAFT, steps.DROPPED)  # the office's own papers


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
    left = {one.number: orderpage.countdown(one) for one in found}
    return render_template("desk/orders.html", found=found, left=left, kinds=steps.KINDS, states=steps.STATE_WORDS)


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
    return orderpage.page(found, "desk", role, here().username, refusal)


def _own(number: str) -> Order:
    """The order, if this unit was given it. Another unit's is unknown here, and the try is written down."""
    found = store.order(number)
    if found.unit != require_unit() or found.state in UNSEEN:
        with write():
            audit.record(actor=here().username, action="order.refused", subject=number, now=now())
        raise OrderUnknown
    return found
