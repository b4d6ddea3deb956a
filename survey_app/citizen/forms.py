"""Forms of the citizen's pages. WTForms checks; templates draw (its widgets cost twelve times a macro)."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from flask_babel import get_locale
from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from survey_app.domain import codes, receipts, scale
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.rounds import Named, Questionnaire
from survey_app.domain.words import parse_words
from survey_app.web.language import say

_CHOICES = {str(level): level for level in scale.LEVELS}


class CodeOrOpen(Refusal):
    code, status = "code-or-open", 422
    message = N_("请填评议码，在评议卡或短信里，10位。没有评议码的，请勾选“我没有评议码”。")


class CodeField(StringField):
    """A code or receipt as typed in `data`, and as meant in `canonical` once it has been checked."""

    canonical = ""


class LevelField(Field):
    """One question: a level, 不了解, or left open."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take one of the six answers; anything else earns one message and stays visible as unanswered."""
        self.data = None
        if valuelist and valuelist[0]:
            if valuelist[0] not in _CHOICES:
                raise ValueError(fill(N_("“%(label)s”请从六个选项里选一项。"), {"label": self.label.text}, say))
            self.data = _CHOICES[valuelist[0]]


class CodeForm(Form):
    """The code alone, on the way to a unit."""

    code = CodeField()

    def validate_code(self, field: CodeField) -> None:
        """Keep the canonical code; the check sign is tested before the database is asked."""
        canonical(field, codes.parse_code)


class ReceiptForm(Form):
    """A receipt, to see that its ballot is in the box."""

    receipt = CodeField()

    def validate_receipt(self, field: CodeField) -> None:
        """Keep the canonical receipt."""
        canonical(field, receipts.parse_receipt)


class WordsForm(Form):
    """Optional words after rating."""

    words = TextAreaField()

    def validate_words(self, field: TextAreaField) -> None:
        """Words must be there, short, and free of personal numbers."""
        try:
            parse_words(field.data or "")
        except Refusal as refusal:
            raise ValidationError(refusal.text(say)) from refusal


class RatingForm(Form):
    """A code or receipt, or the choice of the open channel; the form's mark; one LevelField a question."""

    code = CodeField()
    nonce = StringField()
    open = StringField()
    group = StringField()
    homepage = StringField()  # no person sees this field; a machine that fills every field gives itself away
    puzzle = StringField()
    dimensions: Sequence[Named] = ()
    groups: Sequence[Named] = ()
    takes_open = False

    def validate_code(self, field: CodeField) -> None:
        """A code admits; a receipt replaces. One field takes either, and may be empty in the open channel alone."""
        if self.is_open:
            return
        if self.takes_open and not (field.data or "").strip():
            raise ValidationError(CodeOrOpen().text(say))
        canonical(field, receipts.parse_receipt if self.is_replacement else codes.parse_code)

    def validate_group(self, field: StringField) -> None:
        """Without a code nobody else says which group this person belongs to."""
        if self.is_open and field.data not in {named.code for named in self.groups}:
            raise ValidationError(say(N_("请选您以什么身份评。")))

    def validate_homepage(self, field: StringField) -> None:
        """Some browsers fill fields nobody sees: so the person is asked to send once more, and nothing is lost."""
        refuse_filled(field, asked=self.is_open)

    @property
    def is_open(self) -> bool:
        """Whether this ballot comes without a code. One that has a code counts, whatever was ticked besides."""
        return self.takes_open and bool(self.open.data) and not (self.code.data or "").strip()

    @property
    def is_replacement(self) -> bool:
        """Whether a receipt stands in the code's place."""
        return receipts.looks_like_receipt(self.code.data or "")

    @property
    def questions(self) -> list[tuple[Named, LevelField]]:
        """Each dimension with its field, in the method's order."""
        return [(named, cast(LevelField, self[_field_name(named)])) for named in self.dimensions]

    @property
    def answers(self) -> Answers:
        """The answers in the method's order; None where left open."""
        return {named.code: field.data for named, field in self.questions}

    @property
    def unanswered(self) -> list[tuple[int, LevelField]]:
        """Questions left open, with their numbers; a remark, never an error."""
        return [(n, f) for n, (_, f) in enumerate(self.questions, 1) if f.data is None and not f.errors]

    def validate(self, extra_validators: object = None) -> bool:
        """Every field, then: a ballot without a single answer is no ballot."""
        fine = super().validate(extra_validators)  # type: ignore[arg-type]  # passed on as it came
        fields = [field for _, field in self.questions]
        if all(f.data is None for f in fields) and not any(f.errors for f in fields):
            fields[0].errors = [say(N_("还没有选。请至少选一题，不了解的可以选“不了解”。"))]
            return False
        return fine


def rating_form(questionnaire: Questionnaire) -> type[RatingForm]:
    """The form of one questionnaire in the reader's language."""
    return _made_form(questionnaire, str(get_locale()))


@lru_cache(maxsize=64)
def _made_form(questionnaire: Questionnaire, _language: str) -> type[RatingForm]:
    """Making a class of forms costs more than all the rest of the page."""
    fields: dict[str, object] = {_field_name(d): LevelField(say(d.zh)) for d in questionnaire.dimensions}
    facts = {
        "dimensions": questionnaire.dimensions,
        "groups": questionnaire.groups,
        "takes_open": questionnaire.takes_open,
    }
    return type("RatingFormOfRound", (RatingForm,), fields | facts)


def errors_of(form: BaseForm) -> list[tuple[str, str]]:
    """(field name, its one message) in the order of the page."""
    return [(field.name, str(field.errors[0])) for field in form if field.errors]


def _field_name(dimension: Named) -> str:
    return f"q-{dimension.code}"


def refuse_filled(field: StringField, *, asked: bool) -> None:
    """The field that people never see must be empty, where it is `asked` at all; it is emptied for the next try."""
    if asked and field.data:
        field.data = ""
        raise ValidationError(say(N_("还没有收下，请再按一次提交。")))


def canonical(field: CodeField, parse: Callable[[str], str]) -> None:
    """Keep the code or receipt as meant, or the one reason why it is none."""
    try:
        field.canonical = parse(field.data or "")
    except Refusal as refusal:
        raise ValidationError(refusal.text(say)) from refusal
