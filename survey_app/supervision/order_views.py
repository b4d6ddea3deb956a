"""Orders at the office's desk: what they can be drawn from, drawing, issuing, checking the reply; the paper."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import orderpage, showing
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.orders import rules, steps
from survey_app.domain.orders.rules import Text, Wish
from survey_app.domain.roles import DISCIPLINE_OFFICER, REVIEWER
from survey_app.domain.typed import require_plain
from survey_app.domain.workdays import read_calendar
from survey_app.store import orders as store
from survey_app.store.orders import Drawn, Order, Step
from survey_app.supervision import ledger, ledger_months, origins, paper, texts
from survey_app.supervision.desk import blueprint
from survey_app.web import lists
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.downloads import DOCX
from survey_app.web.language import say
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.sending import send_download

DRAWN = N_("草稿存好了，还没有发出。检查一遍，再发出。")
TAKEN = N_("记好了。")
FIRED, LATE_CASES = N_("触发的规则"), N_("逾期或两次不满意的办件")
NONE_FIRED = N_("现在没有触发的规则。一轮结果公布以后，触发的规则列在这里，可以据此起草督查件。")
NO_CASES = N_("现在没有这样的办件。逾期报到办公室的、本人两次不满意的，列在这里，可以据此起草督查件。")
FOLLOWED = N_("升级了，下一份督查件的草稿在这里，写好再发出。")


class UnitMissing(Refusal):
    code, status = "order-unit", 422
    message = N_("请选给哪个单位。")


@blueprint.get("/orders")
@door("orders")
def orders() -> ResponseReturnValue:
    """The ledger: all orders by unit, kind, state and day."""
    made = ledger.ledger(settings())
    find = lists.in_memory(made, store.listed())
    found = find(lists.ask(made))
    year = ledger_months.year_of([*found.fetch(found.count, 0)], store.passed_days(), today())
    return lists.answer(made, find, "supervision/orders.html", draws=_draws(), presets=ledger.presets(today()), **year)


@blueprint.get("/orders/sources")
@door("orders")
def order_sources() -> ResponseReturnValue:
    """What an order can be drawn from and has not been yet."""
    shown = ((FIRED, origins.unanswered(), NONE_FIRED), (LATE_CASES, origins.waiting_cases(), NO_CASES))
    unit = showing.names(settings()).unit
    return render_template("supervision/sources.html", shown=shown, unit_title=unit, draws=_draws())


@blueprint.get("/orders/new")
@door("discipline")
def new_order() -> ResponseReturnValue:
    """The form of a new order, begun from what it rests on."""
    return _form(origins.find(request.args.get("from", "")), request.args.get("kind", steps.RECTIFY))


@blueprint.post("/orders/new")
@door("discipline")
def draw_order() -> ResponseReturnValue:
    """Keep the draft; what was typed stays where it could not be kept."""
    origin, kind = origins.find(request.form.get("from", "")), request.form.get("kind", "")
    try:
        drawn = store.draw(_drawn(origin, kind), now=now(), today=today())
    except Refusal as refusal:
        return _form(origin, kind, refusal), refusal.status
    flash(say(DRAWN), "good")
    return redirect(url_for(".order", number=drawn.number), 303)


@blueprint.get("/orders/<number>")
@door("orders")
def order(number: str) -> ResponseReturnValue:
    """One order: what it says, what was done, what can be done now."""
    return _page(store.order(number))


@blueprint.post("/orders/<number>")
@door("order_steps")
def take_order_step(number: str) -> ResponseReturnValue:
    """Take a step of the office, or of who checks."""
    found = store.order(number)
    try:
        goes_on = _carry_out(found, request.form.get("step", ""))
    except Refusal as refusal:
        return _page(store.order(number), refusal), refusal.status
    flash(say(TAKEN if goes_on == number else FOLLOWED), "good")
    return redirect(url_for(".order", number=goes_on), 303)


@blueprint.get("/orders/<number>/paper.docx")
@door("orders")
def order_paper(number: str) -> ResponseReturnValue:
    """The order in Word."""
    found = store.order(number)
    content = paper.render(store.state(number), showing.names(settings()).unit(found.unit))
    return send_download(content, f"{found.number}-{say(steps.KINDS[found.kind].words)}.docx", DOCX)


@blueprint.get("/orders/<number>/files/<name>")
@door("orders")
def order_file(number: str, name: str) -> ResponseReturnValue:
    """A file of the unit's reply, saved and never shown."""
    return orderpage.file_answer(store.order(number), name)


def _draws() -> bool:
    return DISCIPLINE_OFFICER in here().roles


def _role() -> str:
    return steps.OFFICE if _draws() else steps.SECOND if REVIEWER in here().roles else ""


def _page(found: Order, refusal: Refusal | None = None) -> str:
    since = origins.figures_since(found.source_ref, found.unit) if found.source in (steps.RULE, steps.RESULT) else []
    return orderpage.page(found, "supervision", _role(), here().username, refusal, since=since)


def _form(origin: origins.Origin, kind: str, refusal: Refusal | None = None) -> str:
    chosen = kind if kind in steps.KINDS else steps.RECTIFY
    names, days = showing.names(settings()), steps.KINDS[chosen].days
    last = store.listed()[-1:]
    begun = {
        "unit": origin.unit,
        "basis": origin.basis,
        "issuer": store.state(last[0].number).issuer if last else "",
        "title": texts.title(chosen, names.unit(origin.unit)),
        "paper_number": "",
        "text": texts.text(chosen, origin.basis, days),
        "days": days,
    }
    return render_template(
        "supervision/order_new.html",
        origin=origin,
        kind=chosen,
        kinds=steps.KINDS,
        sources=steps.SOURCE_WORDS,
        typed=request.form if refusal else begun,
        problem=refusal.text(say) if refusal else "",
        units=names.units(),
        unit_title=names.unit,
        mark=page_mark(),
    )


def _drawn(origin: origins.Origin, kind: str) -> Drawn:
    unit = origin.unit or request.form.get("unit", "")
    if unit not in dict(showing.names(settings()).units()) and not origin.unit:
        raise UnitMissing
    basis = origin.basis or request.form.get("basis", "").strip()
    if not basis:
        raise rules.WordsMissing(what=N_("依据"))
    require_plain(basis, most=rules.MOST_WORDS)
    text = rules.typed_text({**request.form, **_filled(unit, basis)})
    return Drawn(kind, unit, origin.source, basis, text, sent_mark(), here().username, source_ref=origin.ref)


def _filled(unit: str, basis: str) -> dict[str, str]:
    """Title and text with unit and basis in the places that were left for them before both were chosen."""
    name = showing.names(settings()).unit(unit)
    title = request.form.get("title", "").replace(texts.UNIT_BLANK, name)
    return {"title": title, "text": request.form.get("text", "").replace(texts.BASIS_BLANK, basis.rstrip("。"))}


def _carry_out(found: Order, step: str) -> str:
    """Take the step; the number of the order to go on with."""
    wish = Wish(step, here().username, _role(), request.form.get("words", ""), _detail(step))
    asked = Step(wish, sent_mark(), request.form.get("version", -1, int))
    if step != steps.ESCALATE:
        store.take(found.number, asked, now=now(), today=today())
        return found.number
    return store.escalate(found.number, asked, _next(found), now=now(), today=today()).number


def _detail(step: str) -> dict[str, object]:
    """What a step says besides words. Raises DaysWrong, YearUnknown and what `typed_text` raises."""
    if step == steps.REDRAW:
        return rules.typed_text(request.form).as_detail()
    if step not in (steps.ISSUE, steps.EXTEND, steps.SEND_BACK):
        return {}
    days = rules.typed_days(request.form.get("days", ""))
    return {"days": days, "due_on": rules.due_on(read_calendar(settings().holidays), today(), days)}


def _next(found: Order) -> Drawn:
    kind = rules.next_kind(found.kind)
    days, state = steps.KINDS[kind].days, store.state(found.number)
    told = f"{state.paper_number or found.number}《{state.title}》"
    basis = f"{found.basis}。{told}没有按要求办理" if not found.overdue else f"{found.basis}。{told}到期没有回复"
    title = texts.title(kind, showing.names(settings()).unit(found.unit))
    text = Text(state.issuer, title, rules.NUMBER_BLANK, texts.text(kind, basis, days), days)
    same = {"source": steps.EARLIER, "source_ref": found.number, "previous": found.number}
    return Drawn(kind, found.unit, basis=basis, text=text, mark=f"{sent_mark()}-next", by=here().username, **same)
