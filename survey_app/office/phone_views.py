"""The interviewer's screen: the exact words to read out, one code for one person, the receipt to read to them."""

import re
import secrets

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain import receipts, scale
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.rounds import PHONE
from survey_app.office.desk import blueprint, running, units_by_class
from survey_app.office.reading import Reading, read_card
from survey_app.store import ballots, rounds
from survey_app.store.rounds import RatedUnit, Round
from survey_app.web.context import keys, today
from survey_app.web.doors import door
from survey_app.web.language import say

NOTHING_SAID = N_("还没有选。请至少选一题，对方不了解的选“不了解”。")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


@blueprint.get("/phone")
@door("interviewer")
def choose_phone() -> ResponseReturnValue:
    """The rounds that are asked by telephone."""
    found = [r for r in running() if r.status == "open" and PHONE in r.questionnaire.counted_channels]
    return render_template("office/choose.html", rounds=found, heading=N_("电话访问"), endpoint="office.phone_units")


@blueprint.get("/phone/<round_code>")
@door("interviewer")
def phone_units(round_code: str) -> ResponseReturnValue:
    """Which unit the person is asked about."""
    round_ = rounds.get_round(round_code)
    return render_template("office/phone_units.html", round=round_, classes=units_by_class(round_))


@blueprint.get("/phone/<round_code>/<unit_slug>")
@door("interviewer")
def interview(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """The words to read out and the answers to mark."""
    round_ = rounds.get_round(round_code)
    round_.require_rating_time(today())
    return _page(round_, round_.unit(unit_slug), Reading())


@blueprint.post("/phone/<round_code>/<unit_slug>")
@door("interviewer")
def answer(round_code: str, unit_slug: str) -> ResponseReturnValue:
    """Store the ballot and show its receipt. The same form sent twice is one ballot."""
    round_ = rounds.get_round(round_code)
    unit, reading = round_.unit(unit_slug), read_card(round_, request.form)
    if not reading.errors and all(level is None for level in reading.answers.values()):
        reading.errors[f"q-{round_.questionnaire.dimensions[0].code}"] = say(NOTHING_SAID)
    if reading.errors:
        return _page(round_, unit, reading), 422
    try:
        receipt = _cast(round_, unit, reading)
    except Refusal as refusal:
        reading.errors["code"] = refusal.text(say)
        return _page(round_, unit, reading), refusal.status
    return render_template("office/phone_receipt.html", round=round_, unit=unit, receipt=receipts.spoken(receipt))


def _cast(round_: Round, unit: RatedUnit, reading: Reading) -> str:
    return ballots.cast_ballot(
        round_=round_,
        unit_slug=unit.slug,
        code=reading.code,
        form_nonce=_nonce(),
        answers=reading.answers,
        keys=keys(),
        today=today(),
        way=PHONE,
    )


def _nonce() -> str:
    """The nonce the form was drawn with, kept so that a retry finds its own ballot."""
    sent = request.form.get("nonce", "")
    return sent if _NONCE.fullmatch(sent) else secrets.token_urlsafe(24)


def _page(round_: Round, unit: RatedUnit, reading: Reading) -> str:
    return render_template(
        "office/interview.html",
        round=round_,
        unit=unit,
        reading=reading,
        nonce=_nonce(),
        questions=round_.questionnaire.dimensions,
        hints={code: say(hint) for code, hint in scale.HINTS.items()},
        levels=[(str(level), say(text)) for level, text in scale.LEVELS.items()],
    )
