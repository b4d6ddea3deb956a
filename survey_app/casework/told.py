"""A case told at a window, on the telephone or on paper: written down for the person, its code given to them."""

from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict
from wtforms import StringField, ValidationError

from survey_app.casework import intake
from survey_app.casework.forms import CaseForm, over_units
from survey_app.casework.plain import shown
from survey_app.domain.cases.codes import spoken
from survey_app.domain.cases.kinds import (
    CHANNEL_WORDS,
    COMPLAINT,
    KIND_WORDS,
    PAPER,
    PHONE,
    QUESTION,
    SUGGESTION,
    WINDOW,
)
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.formmark import FormExpired, FormForeign, FormMark, new_mark, read_mark
from survey_app.publishing.services import unit_choices
from survey_app.store import cases as store
from survey_app.store.cases import Received
from survey_app.web.context import keys, now, settings
from survey_app.web.language import say

KINDS, CHANNELS = (QUESTION, COMPLAINT, SUGGESTION), (WINDOW, PHONE, PAPER)


class ToldForm(CaseForm):
    """The citizen's form, and what only the writer knows: which kind, and how it came."""

    kind = StringField()
    channel = StringField()
    order = ("kind", "channel", *CaseForm.order)

    def validate_kind(self, field: StringField) -> None:
        """One of the three; a low rating is no kind that is told."""
        if field.data not in KINDS:
            raise ValidationError(say(N_("请选是咨询、投诉还是建议。")))

    def validate_channel(self, field: StringField) -> None:
        """One of the three ways that lead past the web."""
        if field.data not in CHANNELS:
            raise ValidationError(say(N_("请选是怎么来的：窗口、电话还是书面。")))


def draw(*, action: str, unit: str = "") -> str:
    """The empty form; `unit`: whose window it is, empty at the office, which may know of none."""
    form = _form()()
    form.nonce.data = new_mark(keys().receipt, now())
    return _page(form, action, unit)


def take(*, action: str, actor: str, role: str, unit: str = "") -> ResponseReturnValue:
    """Store the case and show its code to be read out or printed; or say what is wrong and keep what was typed."""
    form = _form()(CombinedMultiDict([request.files, request.form]))
    form.unit.data = unit or form.unit.data
    try:
        mark = read_mark(keys().receipt, form.nonce.data or "", now=now(), hours=settings().form_hours)
        if not form.validate():
            return _page(form, action, unit), 422
        received = _take_in(form, mark, actor, role)
    except Refusal as refusal:
        return _given_back(form, refusal, action, unit)
    return render_template(
        "cases/told_code.html", case=shown(store.case(received.number)), code=spoken(received.code), again=action
    )


def _take_in(form: ToldForm, mark: FormMark, actor: str, role: str) -> Received:
    told = {"kind": form.kind.data or "", "channel": form.channel.data or ""}
    return intake.take_in(form, **told, form_nonce=mark.nonce, actor=actor, role=role)


def _given_back(form: ToldForm, refusal: Refusal, action: str, unit: str) -> ResponseReturnValue:
    if isinstance(refusal, (FormForeign, FormExpired)):
        form.nonce.data = new_mark(keys().receipt, now())
    if intake.is_of_files(refusal):
        form.files.errors = [refusal.text(say)]
        return _page(form, action, unit), refusal.status
    return _page(form, action, unit, refusal.text(say)), refusal.status


def _form() -> type[ToldForm]:
    return over_units(ToldForm, intake.units_of_today())


def _page(form: ToldForm, action: str, unit: str, notice: str = "") -> str:
    return render_template(
        "cases/told.html",
        form=form,
        action=action,
        notice=notice,
        errors=form.messages,
        picks=(
            (form.kind, say(N_("这是什么")), _choices(KINDS, KIND_WORDS)),
            (form.channel, say(N_("怎么来的")), _choices(CHANNELS, CHANNEL_WORDS)),
        ),
        classes=[] if unit else unit_choices(settings()),
        **intake.bounds(),
    )


def _choices(values: Sequence[str], words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, say(words[value])) for value in values]
