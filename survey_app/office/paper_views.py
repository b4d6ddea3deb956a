"""Paper cards on the web: two clerks type each card without seeing what the other typed; differences are settled."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import paper as rules
from survey_app.domain import scale
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import ENTRY_CLERK, REVIEWER
from survey_app.office.desk import blueprint, running, units_by_class
from survey_app.office.reading import Reading, read_card
from survey_app.store import paper, rounds
from survey_app.store.paper import Comparison, Staged
from survey_app.store.rounds import Round
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say

FIRST = N_("第一遍录好了，编号%(number)s。请用铅笔在卡角写上%(number)s，放进“等第二遍”一叠。")
AGREED = N_("第二遍录好了，%(number)s号卡两遍一致。请放进“录完”一叠。")
DIFFER = N_("第二遍录好了，%(number)s号卡两遍有不同。请把卡放进“要核对”一叠，和录第一遍的人一起核对。")
SETTLED = N_("%(number)s号卡核对好了。请放进“录完”一叠。")
HALF_SETTLED = N_("您对%(number)s号卡的选择记下了。请另一位录入员也来核对一次，两人选得一样才算核对好。")
SET_ASIDE = N_("%(number)s号卡已剔出，不计票。卡和剔出的理由请一并存档。")
NOT_TICKED = "none"
WORDS_OF = {rules.ENTERED: FIRST, rules.SETTLED: AGREED, rules.DIFFERING: DIFFER}


@blueprint.get("/paper")
@door("paper")
def choose_paper() -> ResponseReturnValue:
    """The rounds that take paper cards."""
    found = [round_ for round_ in running() if round_.status == "open"]
    return render_template("office/choose.html", rounds=found, heading=N_("纸卡录入"), endpoint="office.paper_cards")


@blueprint.get("/paper/<round_code>")
@door("paper")
def paper_cards(round_code: str) -> ResponseReturnValue:
    """Which cards wait for what, by number; no answer is shown."""
    round_ = rounds.get_round(round_code)
    cards = paper.list_staged(round_)
    return render_template(
        "office/paper.html",
        round=round_,
        waiting=[card for card in cards if card.state == rules.ENTERED],
        differing=[card for card in cards if card.state == rules.DIFFERING],
        settled=sum(card.state == rules.SETTLED for card in cards),
        lot=max(settings().paper_lot, round_.questionnaire.min_n),
        can_enter=ENTRY_CLERK in here().roles,
        can_settle=_may_settle,
        is_reviewer=REVIEWER in here().roles,
    )


@blueprint.get("/paper/<round_code>/card")
@door("entry_clerk")
def card(round_code: str) -> ResponseReturnValue:
    """An empty card to type; the unit of the last one is kept for the next."""
    round_ = rounds.get_round(round_code)
    return _card_page(round_, Reading(typed={"unit": request.args.get("unit", "")}))


@blueprint.post("/paper/<round_code>/card")
@door("entry_clerk")
def enter(round_code: str) -> ResponseReturnValue:
    """Take one reading of a card; whether it is the first or the second, the code tells."""
    round_ = rounds.get_round(round_code)
    reading = read_card(round_, request.form)
    if reading.errors:
        return _card_page(round_, reading), 422
    unit = request.form.get("unit", "")
    try:
        staged = paper.enter_card(
            round_=round_,
            code=reading.code,
            unit_slug=unit,
            answers=reading.answers,
            keys=keys(),
            by=here().username,
            today=today(),
        )
    except Refusal as refusal:
        reading.errors["code"] = refusal.text(say)
        return _card_page(round_, reading), refusal.status
    flash(fill(WORDS_OF[staged.state], {"number": staged.number}, say), _tone(staged))
    _cast_full_lot(round_)
    return redirect(url_for(".card", round_code=round_code, unit=unit or None), 303)


@blueprint.get("/paper/<round_code>/settle/<int:number>")
@door("settler")
def compare(round_code: str, number: int) -> ResponseReturnValue:
    """Where two readings of a card differ. Only those who may settle it see them."""
    round_ = rounds.get_round(round_code)
    return _settle_page(round_, _comparison(round_, number))


@blueprint.post("/paper/<round_code>/settle/<int:number>")
@door("settler")
def settle(round_code: str, number: int) -> ResponseReturnValue:
    """Choose what the card really shows."""
    round_ = rounds.get_round(round_code)
    found = _comparison(round_, number)
    try:
        answers, unit = _choices(round_, found)
        done = paper.settle_card(
            round_=round_,
            number=number,
            answers=answers,
            unit_slug=unit,
            keys=keys(),
            by=here().username,
            is_reviewer=REVIEWER in here().roles,
            now=now(),
        )
    except Refusal as refusal:
        return _settle_page(round_, found, refusal.text(say)), refusal.status
    flash(fill(SETTLED if done else HALF_SETTLED, {"number": number}, say), "good")
    _cast_full_lot(round_)
    return redirect(url_for(".paper_cards", round_code=round_code), 303)


@blueprint.post("/paper/<round_code>/aside/<int:number>")
@door("reviewer")
def set_aside(round_code: str, number: int) -> ResponseReturnValue:
    """Take a card out that cannot be settled, with a reason."""
    round_ = rounds.get_round(round_code)
    paper.set_aside(round_, number, reason=request.form.get("reason", ""), by=here().username, now=now())
    flash(fill(SET_ASIDE, {"number": number}, say), "good")
    return redirect(url_for(".paper_cards", round_code=round_code), 303)


def _cast_full_lot(round_: Round) -> None:
    paper.cast_full_lot(round_, lot=settings().paper_lot, keys=keys(), now=now(), today=today())


def _tone(staged: Staged) -> str:
    return "bad" if staged.state == rules.DIFFERING else "good"


def _may_settle(card: Staged) -> bool:
    return REVIEWER in here().roles or here().username in (card.first_by, card.second_by)


def _comparison(round_: Round, number: int) -> Comparison:
    found = paper.compare(round_, number, keys())
    if not _may_settle(found.card):
        raise rules.NotBetweenTheSame(number=number)
    return found


def _choices(round_: Round, found: Comparison) -> tuple[Answers, str]:
    """What was chosen for every field in question. Raises ChoiceMissing, UnitNotRated."""
    answers: Answers = {}
    unit = ""
    for name, _first, _second in found.fields:
        choice = request.form.get(f"c-{name}", "")
        if name == rules.UNIT:
            unit = round_.unit(choice).slug if choice else ""
        if not choice or (name != rules.UNIT and choice not in (NOT_TICKED, *map(str, scale.LEVELS))):
            raise rules.ChoiceMissing(question=_names(round_)[name])
        if name != rules.UNIT:
            answers[name] = None if choice == NOT_TICKED else int(choice)
    return answers, unit


def _names(round_: Round) -> dict[str, str]:
    return {rules.UNIT: say(N_("单位")), **{named.code: say(named.zh) for named in round_.questionnaire.dimensions}}


def _card_page(round_: Round, reading: Reading) -> str:
    return render_template(
        "office/card.html",
        round=round_,
        reading=reading,
        questions=round_.questionnaire.dimensions,
        classes=units_by_class(round_),
        levels=[(level, say(text)) for level, text in scale.LEVELS.items()],
    )


def _settle_page(round_: Round, found: Comparison, problem: str = "") -> str:
    levels = [(str(level), say(text)) for level, text in scale.LEVELS.items()]
    return render_template(
        "office/settle.html",
        round=round_,
        found=found,
        names=_names(round_),
        levels=[*levels, (NOT_TICKED, say(N_("没有勾")))],
        units={unit.slug: unit.zh for unit in round_.units},
        problem=problem,
        given=request.form,
        not_ticked=NOT_TICKED,
        is_reviewer=REVIEWER in here().roles,
    )
