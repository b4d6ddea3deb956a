"""Rate a unit, keep a receipt, change the rating, say something more."""

import shutil

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.citizen import cookies
from survey_app.citizen.forms import CodeForm, RatingForm, ReceiptForm, WordsForm, errors_of, rating_form
from survey_app.citizen.portal import portal
from survey_app.domain import codes as code_words
from survey_app.domain import receipts, scale
from survey_app.domain.checksign import tidy
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import RoundClosed, RoundNotYetOpen
from survey_app.store import ballots, codes, rounds, words
from survey_app.store.database import StorageUnavailable
from survey_app.store.rounds import RatedUnit, Round
from survey_app.web.context import keys, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

blueprint = Blueprint("citizen", __name__, template_folder="templates")
MIN_FREE_BYTES = 50 * 1024 * 1024


class NothingOpen(Refusal):
    code, status = "nothing-open", 409
    message = N_("现在没有正在进行的评议可以评这个单位。下一轮的日期会登在首页。")


@blueprint.app_context_processor
def _portal() -> dict[str, object]:
    return {"portal": portal()}


@blueprint.route("/r", methods=["GET", "POST"])
@door("public")
def enter() -> ResponseReturnValue:
    """A code, from a card or the home page, leads to the unit it is for."""
    if code := request.args.get("code"):
        return cookies.keep_code(_see(url_for(".enter")), code)
    if unit_slug := request.args.get("unit"):
        return _see(_address_of_unit(unit_slug))
    form = CodeForm(request.form)
    if request.method == "GET":
        form.code.data = _kept_code()
    elif form.validate():
        try:
            round_, admission = codes.find_admission(code=form.code.canonical, keys=keys(), today=today())
            return cookies.keep_code(_see(_address(round_, admission.unit_slug)), form.code.canonical)
        except codes.CodeUnknown as refusal:
            form.code.errors = [refusal.text(say)]
    status = 422 if form.errors else 200
    page = render_template("citizen/enter.html", form=form, rounds=rounds.open_rounds(today()), errors=errors_of(form))
    return page, status


@blueprint.get("/rate/<round_code>")
@door("public")
def choose_unit(round_code: str) -> ResponseReturnValue:
    """The units of a round, by class."""
    round_ = rounds.get_round(round_code)
    round_.require_rating_time(today())
    classes = [(c, [u for u in round_.units if u.class_code == c.code]) for c in round_.questionnaire.classes]
    return render_template("citizen/choose_unit.html", round=round_, classes=[(c, us) for c, us in classes if us])


@blueprint.get("/rate/<round_code>/<unit_slug>")
@door("public")
def rate_unit(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """The empty form; a code in the address moves to a cookie at once."""
    if code := request.args.get("code"):
        return cookies.keep_code(_see(url_for(".rate_unit", round_code=round_code, unit_slug=unit_slug)), code)
    round_, unit = _require_rating(round_code, unit_slug)
    form = rating_form(round_.questionnaire.dimensions)()
    form.code.data = _as_printed(request.cookies.get(cookies.CODE, ""))
    return cookies.probe(make_response(_rating_page(round_, unit, form)))


@blueprint.post("/rate/<round_code>/<unit_slug>")
@door("public")
def cast(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """Store the ballot and show its receipt; or say what is wrong and keep what was chosen."""
    round_, unit = _require_rating(round_code, unit_slug)
    form = rating_form(round_.questionnaire.dimensions)(request.form)
    if not form.validate():
        return _rating_page(round_, unit, form), 422
    try:
        receipt = _store(round_, unit, form)
    except (RoundClosed, RoundNotYetOpen):
        raise
    except StorageUnavailable as refusal:
        return _rating_page(round_, unit, form, notice=refusal.text(say)), refusal.status
    except Refusal as refusal:
        form.code.errors = [refusal.text(say)]
        return _rating_page(round_, unit, form), 409 if refusal.status == 409 else 422
    return _remember_for_next_unit(_receipt_answer(receipt), form)


@blueprint.route("/receipt", methods=["GET", "POST"])
@door("public")
def receipt() -> ResponseReturnValue:
    """The receipt of this browser's last ballot, or a field to type one."""
    if request.method == "GET" and (kept := request.cookies.get(cookies.RECEIPT)):
        return _kept_receipt(kept)
    form = ReceiptForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            ballots.find_by_receipt(form.receipt.canonical)
            return _receipt_answer(form.receipt.canonical)
        except receipts.ReceiptUnknown as refusal:
            form.receipt.errors = [refusal.text(say)]
    return _find_page(form), 422 if form.errors else 200


@blueprint.post("/receipt/change")
@door("public")
def change() -> ResponseReturnValue:
    """Back to the form, with the receipt in the place of the code."""
    known = receipts.parse_receipt(request.form.get("receipt", ""))
    found = ballots.find_by_receipt(known)
    address = url_for(".rate_unit", round_code=found.round_code, unit_slug=found.unit_slug)
    return cookies.keep_code(_see(address), known)


@blueprint.post("/receipt/words")
@door("public")
def add_words() -> ResponseReturnValue:
    """Optional words, a form of their own."""
    known = receipts.parse_receipt(request.form.get("receipt", ""))
    form = WordsForm(request.form)
    if not form.validate():
        return _receipt_page(known, form), 422
    try:
        words.add_words(receipt=known, typed=form.words.data or "", keys=keys(), today=today())
    except StorageUnavailable as refusal:
        form.words.errors = [refusal.text(say)]
        return _receipt_page(known, form), refusal.status
    return _receipt_answer(known, said=1)


@blueprint.post("/receipt/forget")
@door("public")
def forget() -> ResponseReturnValue:
    """Clear this browser of code and receipt."""
    return cookies.forget(_see(url_for(".receipt")))


@blueprint.get("/health")
@door("public")
def health() -> ResponseReturnValue:
    """For the operator's monitor: the database answers and the disk has room."""
    free = shutil.disk_usage(settings().var).free
    rounds.list_rounds()
    fine = free >= MIN_FREE_BYTES
    return jsonify(status="ok" if fine else "disk-full", free_mib=free // 2**20), 200 if fine else 503


def _store(round_: Round, unit: RatedUnit, form: RatingForm) -> str:
    given = form.code.canonical
    if form.is_replacement:
        return ballots.replace_ballot(
            round_=round_, unit_slug=unit.slug, receipt=given, answers=form.answers, today=today()
        )
    return ballots.cast_ballot(
        round_=round_,
        unit_slug=unit.slug,
        code=given,
        form_nonce=form.form_nonce,
        answers=form.answers,
        keys=keys(),
        today=today(),
    )


def _require_rating(round_code: str, unit_slug: str) -> tuple[Round, RatedUnit]:
    round_ = rounds.get_round(round_code)
    unit = round_.unit(unit_slug)
    round_.require_rating_time(today())
    return round_, unit


def _rating_page(round_: Round, unit: RatedUnit, form: RatingForm, notice: str = "") -> str:
    return render_template(
        "citizen/rate_unit.html",
        round=round_,
        unit=unit,
        form=form,
        levels=[(level, say(text)) for level, text in scale.LEVELS.items()],
        hints={code: say(hint) for code, hint in scale.HINTS.items()},
        errors=errors_of(form),
        notice=notice,
    )


def _receipt_answer(receipt_: str, said: int | None = None) -> Response:
    """Redirect, so that a reload sends nothing again; a browser without cookies gets the page at once."""
    if not cookies.keeps_cookies():
        return make_response(_receipt_page(receipt_))
    return cookies.keep_receipt(_see(url_for(".receipt", said=said)), receipt_)


def _remember_for_next_unit(response: Response, form: RatingForm) -> Response:
    """The code fills the form of the next unit; a receipt that has done its work is put away."""
    code = "" if form.is_replacement else form.code.canonical
    return cookies.keep_code(response, code) if code else cookies.drop_code(response)


def _receipt_page(receipt_: str, form: WordsForm | None = None) -> str:
    found = ballots.find_by_receipt(receipt_)
    return render_template(
        "citizen/receipt.html",
        found=found,
        receipt=receipts.spoken(receipt_),
        open=found.status == "open" and today() <= found.closes_on,
        said="said" in request.args,
        form=form or WordsForm(),
        errors=errors_of(form) if form else [],
    )


def _kept_receipt(receipt_: str) -> ResponseReturnValue:
    """A cookie may outlive its ballot, or be somebody's invention: then ask for the receipt instead."""
    try:
        return _receipt_page(receipt_)
    except receipts.ReceiptUnknown:
        return cookies.forget(make_response(_find_page(ReceiptForm())))


def _find_page(form: ReceiptForm) -> str:
    return render_template("citizen/find_receipt.html", form=form, errors=errors_of(form))


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
    return "" if receipts.looks_like_receipt(kept) else _as_printed(kept)


def _as_printed(given: str) -> str:
    tidied = tidy(given)
    return receipts.spoken(tidied) if receipts.looks_like_receipt(tidied) else code_words.spoken(tidied)


def _see(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]  # Flask's own Response, typed as werkzeug's
