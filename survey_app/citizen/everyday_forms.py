"""The form of an everyday rating. WTForms checks; templates draw."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from wtforms import BooleanField, Field, Form, StringField, TextAreaField, ValidationError

from survey_app.citizen.forms import CodeField, canonical, errors_of, refuse_filled
from survey_app.domain import everyday
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.everyday import KEPT_WORDS, LEVELS, Rating
from survey_app.domain.typed import require_plain
from survey_app.domain.visit_codes import parse_visit_code
from survey_app.domain.words import parse_words
from survey_app.publishing.services import Promise, Service
from survey_app.publishing.ticks import Group
from survey_app.web.language import say

_LEVELS = {str(level): level for level in LEVELS}
_KEPT = {name: name for name in KEPT_WORDS}


class ChoiceField(Field):
    """One of a few values, or nothing; anything else earns one message."""

    choices: ClassVar[Mapping[str, object]] = {}
    message = ""
    data: object

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what the value stands for."""
        self.data = None
        if valuelist and valuelist[0]:
            if valuelist[0] not in self.choices:
                raise ValueError(fill(self.message, {"label": self.label.text}, say))
            self.data = self.choices[valuelist[0]]


class ServiceLevelField(ChoiceField):
    """The five levels: who was served can say, so 不了解 is not among them."""

    choices = _LEVELS
    message = N_("请从五个等级里选一个。")


class KeptField(ChoiceField):
    """Whether a commitment was kept; may be left open."""

    choices = _KEPT
    message = N_("“%(label)s”请从三个选项里选一项。")


class TicksField(Field):
    """Codes that were ticked, under whatever level; `known` is what the page offered."""

    data: list[str]
    known: frozenset[str] = frozenset()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Each once, in the order of the page's file."""
        self.data = [code for code in dict.fromkeys(valuelist) if code in self.known]
        if set(valuelist) - self.known:
            raise ValueError(say(N_("有的选项不在这张表里，已经去掉。请看一遍再提交。")))


class ServiceForm(Form):
    """Level, ticks, commitments (fields made by `service_form`), words, the wish for an answer, a visit code."""

    level = ServiceLevelField()
    ticks = TicksField()
    words = TextAreaField()
    wish = BooleanField(false_values=(False, "", "0"))
    contact = StringField()
    code = CodeField()
    nonce = StringField()
    homepage = StringField()  # no person sees this field; a machine that fills every field gives itself away
    promises: Sequence[Promise] = ()
    groups: Sequence[Group] = ()

    def validate_level(self, field: ServiceLevelField) -> None:
        """A rating without a level is none."""
        if field.data is None:
            raise ValidationError(say(N_("还没有选满意不满意，请从五个等级里选一个。")))

    def validate_words(self, field: TextAreaField) -> None:
        """Short, and free of personal numbers; the contact has a field of its own."""
        if (field.data or "").strip():
            _checked(field, lambda typed: require_plain(parse_words(typed)))

    def validate_contact(self, field: StringField) -> None:
        """A contact goes with the wish for an answer; the wish may go without one, for the answer is found by code."""
        _checked(field, lambda typed: require_plain(everyday.tidy_contact(typed)))
        given = bool((field.data or "").strip())
        if given and not self.wish.data:
            raise ValidationError(say(N_("填了联系方式，没有勾“请答复我”。要答复请勾上，不要答复请删去联系方式。")))

    def validate_homepage(self, field: StringField) -> None:
        """As in the form of a round: the person is asked to send once more, and nothing is lost."""
        refuse_filled(field, asked=self.is_open)

    def validate_code(self, field: CodeField) -> None:
        """May be left open; the check sign is tested before the database is asked."""
        canonical(field, parse_visit_code)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(field name, its one message) in the order of the page."""
        order = ["level", "ticks", *(field.name for _, field in self.kept), "words", "contact", "homepage", "code"]
        return sorted(errors_of(self), key=lambda error: order.index(error[0]))

    @property
    def is_open(self) -> bool:
        """Whether this rating comes without a visit code."""
        return not (self.code.data or "").strip()

    @property
    def kept(self) -> list[tuple[Promise, KeptField]]:
        """Each commitment with its field."""
        return [(promise, self[_name(promise)]) for promise in self.promises]  # type: ignore[misc]  # made below

    def rating(self, service: Service, *, prompted: bool) -> Rating:
        """What was said. Ticks under another level than the one chosen are not meant: the page does not show them."""
        level = self.level.data
        offered = [tick.code for group in self.groups if level in group.levels for tick in group.ticks]
        answers = {promise.slug: str(field.data) for promise, field in self.kept if field.data}
        return Rating(
            unit=service.unit,
            procedure=service.procedure,
            level=int(str(level)),
            prompted=prompted,
            ticks=tuple(code for code in offered if code in self.ticks.data),
            kept=answers,
            words=(self.words.data or "").replace("\r\n", "\n").strip(),
            wish=bool(self.wish.data),
            contact=everyday.tidy_contact(self.contact.data or ""),
        )


def service_form(promises: Sequence[Promise], groups: Sequence[Group]) -> type[ServiceForm]:
    """The form of one service: one KeptField a commitment, and the ticks that the district offers."""
    known = frozenset().union(*(group.codes for group in groups))
    ticks = type("TicksOfDistrict", (TicksField,), {"known": known})
    fields: dict[str, object] = {_name(promise): KeptField(promise.title) for promise in promises}
    return type("FormOfService", (ServiceForm,), {**fields, "ticks": ticks(), "promises": promises, "groups": groups})


def _name(promise: Promise) -> str:
    return f"k-{promise.slug}"


def _checked(field: Field, check: Callable[[str], None]) -> None:
    try:
        check(field.data or "")
    except Refusal as refusal:
        raise ValidationError(refusal.text(say)) from refusal
