"""A ledger narrowed before it is taken, by period, class, unit, way of rating; the conditions stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.scale import CLASSES
from survey_app.office.desk import blueprint
from survey_app.web import ledgers
from survey_app.web.context import settings
from survey_app.web.doors import door, here
from survey_app.web.downloads import INSTRUMENTS, NoSuchFile, Offer
from survey_app.web.language import say
from survey_app.web.ledgers import Ledger, Narrowed


class ConditionUnknown(Refusal):
    code, status = "ledger-condition", 422
    message = N_("“%(what)s”里没有这一项，请重新选。")


class DayWrong(Refusal):
    code, status = "ledger-day", 422
    message = N_("日期不对，请写成2026-07-01这样。")


class PeriodCrossed(Refusal):
    code, status = "ledger-crossed", 422
    message = N_("“从哪天”在“到哪天”以后。请对调，或空着一个。")


class UnitOutsideClass(Refusal):
    code, status = "ledger-unit-class", 422
    message = N_("%(unit)s不在所选的类别里，这样一行也没有。请只选一个。")


class NoInstrument(Refusal):
    code, status = "ledger-instrument", 422
    message = N_("“%(ledger)s”不能这样按评议方式找。请把“评议方式”改成“全部”。")


@dataclass(frozen=True)
class _Choices:
    """What can be chosen; an own unit's person chooses no unit."""

    ledgers: list[Ledger]
    units: dict[str, str] = field(default_factory=dict)


@blueprint.get("/ledgers")
@door("signed_in")
def narrow_ledger() -> ResponseReturnValue:
    """The conditions; once they are chosen, the files that follow from them."""
    choices, status, problem = _choices(), 200, ""
    offers: list[Offer] = []
    try:
        offers = _offers(choices, request.args) if request.args.get("ledger") else []
    except Refusal as refusal:
        problem, status = refusal.text(say), refusal.status
    more = {"classes": CLASSES, "instruments": INSTRUMENTS, "typed": request.args}
    return render_template("office/ledgers.html", choices=choices, offers=offers, problem=problem, **more), status


def narrowed_offer(name: str) -> Offer:
    """A narrowed ledger by its name. Raises NoSuchFile, also where no such unit or class is."""
    wanted = ledgers.narrowed(name)
    if wanted.unit not in {"", *_units()} or wanted.unit_class not in {"", *CLASSES}:
        raise NoSuchFile
    return ledgers.offer_named(here(), name)


def _choices() -> _Choices:
    found = ledgers.open_to(here())
    return _Choices(found, {} if all(one.own_unit for one in found) else _units())


def _units() -> dict[str, str]:
    return dict(showing.names(settings()).units())


def _offers(choices: _Choices, typed: Mapping[str, str]) -> list[Offer]:
    """The files of the ledger chosen. Raises the refusals above."""
    ledger = next((one for one in choices.ledgers if one.code == typed["ledger"]), None)
    if ledger is None:
        raise ConditionUnknown(what=N_("哪种台账"))
    wanted = _wanted(ledger, typed)
    return [ledgers.offer(ledger, wanted, ending) for ending in ledger.endings]


def _wanted(ledger: Ledger, typed: Mapping[str, str]) -> Narrowed:
    since, until = _day(typed.get("since", "")), _day(typed.get("until", ""))
    if since and until and since > until:
        raise PeriodCrossed
    instrument = _one_of(INSTRUMENTS, typed.get("instrument", ""), N_("评议方式"))
    if instrument and instrument not in ledger.instruments:
        raise NoInstrument(ledger=ledger.title)
    if ledger.own_unit:
        return Narrowed(ledger.code, since, until, instrument=instrument, unit=here().unit_slug)
    unit_class = _one_of(CLASSES, typed.get("class", ""), N_("评议类别"))
    return Narrowed(ledger.code, since, until, unit_class, instrument, _unit(typed.get("unit", ""), unit_class))


def _unit(typed: str, unit_class: str) -> str:
    units = _units()
    unit = _one_of(units, typed, N_("单位"))
    if unit and unit_class and unit not in showing.names(settings()).of_class(unit_class):
        raise UnitOutsideClass(unit=units[unit])
    return unit


def _one_of(choices: Mapping[str, str], typed: str, what: str) -> str:
    if typed and typed not in choices:
        raise ConditionUnknown(what=what)
    return typed


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError as error:
        raise DayWrong from error
