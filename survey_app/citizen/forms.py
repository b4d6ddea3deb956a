"""Forms of the citizen's pages. WTForms checks; templates draw (its widgets cost twelve times a macro)."""

import re
import secrets
from collections.abc import Callable, Sequence
from typing import cast

from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from survey_app.domain import codes, receipts, scale
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.rounds import Named
from survey_app.domain.words import parse_words
from survey_app.web.language import say

NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_CHOICES = {str(level): level for level in scale.LEVELS}


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
    """A code or receipt, a form nonce, and one LevelField a question (made by `rating_form`)."""

    code = CodeField()
    nonce = StringField()
    dimensions: Sequence[Named] = ()

    def validate_code(self, field: CodeField) -> None:
        """A code admits; a receipt replaces. One field takes either."""
        parse = receipts.parse_receipt if self.is_replacement else codes.parse_code
        canonical(field, parse)

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

    @property
    def form_nonce(self) -> str:
        """The nonce the form was drawn with: the same form sent twice is one ballot."""
        sent = self.nonce.data or ""
        return sent if NONCE.fullmatch(sent) else secrets.token_urlsafe(24)

    def validate(self, extra_validators: object = None) -> bool:
        """Every field, then: a ballot without a single answer is no ballot."""
        fine = super().validate(extra_validators)  # type: ignore[arg-type]  # passed on as it came
        fields = [field for _, field in self.questions]
        if all(f.data is None for f in fields) and not any(f.errors for f in fields):
            fields[0].errors = [say(N_("还没有选。请至少选一题，不了解的可以选“不了解”。"))]
            return False
        return fine


def rating_form(dimensions: Sequence[Named]) -> type[RatingForm]:
    """The form of one questionnaire."""
    fields: dict[str, object] = {_field_name(d): LevelField(say(d.zh)) for d in dimensions}
    return type("RatingFormOfRound", (RatingForm,), fields | {"dimensions": tuple(dimensions)})


def errors_of(form: BaseForm) -> list[tuple[str, str]]:
    """(field name, its one message) in the order of the page."""
    return [(field.name, str(field.errors[0])) for field in form if field.errors]


def _field_name(dimension: Named) -> str:
    return f"q-{dimension.code}"


def canonical(field: CodeField, parse: Callable[[str], str]) -> None:
    """Keep what `parse` makes of the typed code; its refusal is the field's one message."""
    try:
        field.canonical = parse(field.data or "")
    except Refusal as refusal:
        raise ValidationError(refusal.text(say)) from refusal
