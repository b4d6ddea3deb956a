"""The way in: a code from a card, a unit's page, the list of a round's units."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.citizen import cookies
from survey_app.citizen.forms import CodeForm, errors_of
from survey_app.citizen.pages import as_printed, blueprint, see
from survey_app.citizen.sitting import Sitting, choose
from survey_app.domain import receipts
from survey_app.domain.errors import N_, Refusal
from survey_app.store import codes, rounds
from survey_app.store.rounds import Round
from survey_app.web import limits
from survey_app.web.context import keys, today
from survey_app.web.doors import door
from survey_app.web.language import say


class NothingOpen(Refusal):
    code, status = "nothing-open", 409
    message = N_("现在没有正在进行的评议可以评这个单位。下一轮的日期会登在首页。")


@blueprint.route("/r", methods=["GET", "POST"])
@door("public")
def enter() -> ResponseReturnValue:
    """A code, from a card or the home page, leads to the unit it is for."""
    if code := request.args.get("code"):
        return cookies.keep_code(see(url_for(".enter")), code)
    if unit_slug := request.args.get("unit"):
        return see(_address_of_unit(unit_slug))
    form, status = CodeForm(request.form), 422
    if request.method == "GET":
        form.code.data = _kept_code()
    elif form.validate():
        try:
            return _admitted(form.code.canonical)
        except (codes.CodeUnknown, limits.TooManyTries) as refusal:
            form.code.errors, status = [refusal.text(say)], 429 if refusal.status == 429 else 422
    page = render_template("citizen/enter.html", form=form, rounds=rounds.open_rounds(today()), errors=errors_of(form))
    return page, status if form.errors else 200


@blueprint.get("/rate/<round_code>")
@door("public")
def choose_unit(round_code: str) -> ResponseReturnValue:
    """The units of a round, by class, to be ticked."""
    round_ = _require_open(round_code)
    return _choosing_page(round_, cookies.kept_sitting(round_))


@blueprint.post("/rate/<round_code>")
@door("public")
def begin(round_code: str) -> ResponseReturnValue:
    """The units ticked, in the order of the page; on to the first of them."""
    round_ = _require_open(round_code)
    ticked = request.form.getlist("unit")
    units = [unit.slug for unit in in_order(round_) if unit.slug in ticked]
    for slug in ticked:
        round_.unit(slug)  # raises UnitNotRated: nobody's unit is left out in silence
    try:
        sitting = choose(cookies.kept_sitting(round_), units)
    except Refusal as refusal:
        return _choosing_page(round_, cookies.kept_sitting(round_), ticked, refusal.text(say)), refusal.status
    first = url_for(".rate_unit", round_code=round_.code, unit_slug=sitting.rest[0])
    return cookies.keep_sitting(see(first), sitting)


def in_order(round_: Round) -> list[rounds.RatedUnit]:
    """The units as the page lists them: by class, in the method's order."""
    return [u for c in round_.questionnaire.classes for u in round_.units if u.class_code == c.code]


def _choosing_page(round_: Round, sitting: Sitting, ticked: list[str] | None = None, error: str = "") -> str:
    classes = [(c, [u for u in round_.units if u.class_code == c.code]) for c in round_.questionnaire.classes]
    return render_template(
        "citizen/choose_unit.html",
        round=round_,
        classes=[(c, units) for c, units in classes if units],
        ticked=sitting.rest if ticked is None else ticked,
        rated=sitting.receipts,
        errors=[("units", error)] if error else [],
    )


def _admitted(code: str) -> ResponseReturnValue:
    """On to what this code admits to. Raises CodeUnknown, TooManyTries."""
    with limits.one_guess():
        round_, admission = codes.find_admission(code=code, keys=keys(), today=today())
    return cookies.keep_code(see(_address(round_, admission.unit_slug)), code)


def _require_open(round_code: str) -> Round:
    round_ = rounds.get_round(round_code)
    round_.require_rating_time(today())
    return round_


def _address_of_unit(unit_slug: str) -> str:
    for round_ in rounds.open_rounds(today()):
        if any(unit.slug == unit_slug for unit in round_.units):
            return _address(round_, unit_slug)
    raise NothingOpen


def _address(round_: Round, unit_slug: str | None) -> str:
    if unit_slug:
        return url_for(".rate_unit", round_code=round_.code, unit_slug=unit_slug)
    return url_for(".choose_unit", round_code=round_.code)


def _kept_code() -> str:
    """The code of a link on its way to its unit; a receipt has no business in this field."""
    kept = request.cookies.get(cookies.CODE, "")
    return "" if receipts.looks_like_receipt(kept) else as_printed(kept)
