"""The form of a new case, for citizens and for whoever writes down what they are told. WTForms checks, pages draw."""

from collections.abc import Callable, Collection
from typing import TypeVar, cast

from wtforms import BooleanField, Field, Form, MultipleFileField, StringField, TextAreaField, ValidationError

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.everyday import tidy_contact
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.web.language import say

MOST_WORDS = 2000
Drawn = TypeVar("Drawn", bound="CaseForm")
_FALSE = (False, "", "0")


def checked(field: Field, check: Callable[[str], object]) -> None:
    """Refuse what the rule refuses, in its words."""
    try:
        check(field.data or "")
    except Refusal as refusal:
        raise ValidationError(refusal.text(say)) from refusal


class CaseForm(Form):
    """What happened, whose matter it is, files, a contact, the wish to report a breach of discipline instead."""

    words = TextAreaField()
    unit = StringField()
    procedure = StringField()
    files = MultipleFileField()
    contact = StringField()
    sealed = BooleanField(false_values=_FALSE)  # 我要反映违纪问题
    plain = BooleanField(false_values=_FALSE)  # the sealed way was offered, and the person goes on without it
    nonce = StringField()
    puzzle = StringField()
    homepage = StringField()  # no person sees this field; a machine that fills every field gives itself away
    heading = ""  # a first line above the words, set by the view
    known_units: Collection[str] = ()
    order: tuple[str, ...] = ("words", "unit", "files", "contact", "homepage")
    missing = N_("还没有写。请写下要说的事，一两句也可以。")

    def validate_words(self, field: TextAreaField) -> None:
        """Something must be said, in at most `MOST_WORDS` signs."""
        if not tidy_text(field.data or ""):
            raise ValidationError(say(self.missing))
        checked(field, lambda typed: require_plain(tidy_text(typed), most=MOST_WORDS))

    def validate_unit(self, field: StringField) -> None:
        """One of the list, or none where the person does not know."""
        if field.data and field.data not in self.known_units:
            raise ValidationError(say(N_("没有这个单位，可能刚改了名。请重新选，或选“不知道是哪个单位”。")))

    def validate_contact(self, field: StringField) -> None:
        """May be left open; on one line where it is given."""
        checked(field, lambda typed: require_plain(tidy_contact(typed)))

    def validate_homepage(self, field: StringField) -> None:
        """The person is asked to send once more, and nothing is lost."""
        if field.data:
            field.data = ""
            raise ValidationError(say(N_("还没有收下，请再按一次提交。")))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(field name, its one message) in the order of the page."""
        return [(name, str(self[name].errors[0])) for name in self.order if self[name].errors]

    @property
    def said(self) -> str:
        """The words as they are kept."""
        return "\n".join(filter(None, (self.heading, tidy_text(self.words.data or ""))))


def over_units(form: type[Drawn], units: Collection[str], **more: object) -> type[Drawn]:
    """The same form over today's units."""
    return cast(type[Drawn], type(form.__name__, (form,), {"known_units": frozenset(units), **more}))
