"""The form of a report for the discipline officer. WTForms checks; templates draw."""

from wtforms import Field, Form, StringField, TextAreaField, ValidationError

from survey_app.citizen.forms import CodeField, canonical, refuse_filled
from survey_app.domain import sealed
from survey_app.domain.errors import Refusal
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.pingyi_sealed import Enclosed, Report
from survey_app.web.language import say


class ReportForm(Form):
    """What happened; whom or where it is about and a contact, both of which may be left open."""

    words = TextAreaField()
    about = StringField()
    contact = StringField()
    nonce = StringField()
    homepage = StringField()  # no person sees this field; a machine that fills every field gives itself away
    puzzle = StringField()

    def validate_words(self, field: TextAreaField) -> None:
        """Something must be written. Names and numbers are wanted here: nobody but the officer reads them."""
        if not tidy_text(field.data or ""):
            raise ValidationError(sealed.ReportEmpty().text(say))
        _plain(field, sealed.MOST_WORDS)

    def validate_about(self, field: StringField) -> None:
        """A line."""
        _plain(field, sealed.MOST_LINE)

    def validate_contact(self, field: StringField) -> None:
        """A line."""
        _plain(field, sealed.MOST_LINE)

    def validate_homepage(self, field: StringField) -> None:
        """As in every open form: the person is asked to send once more, and nothing is lost."""
        refuse_filled(field, asked=True)

    def report(self, code: str, files: tuple[Enclosed, ...]) -> Report:
        """What is to be sealed."""
        typed = {name: str(self[name].data or "") for name in ("words", "about", "contact")}
        return sealed.tidy_report(code, **typed, files=files)


class ReportCodeForm(Form):
    """The code of a report, to see whether it still waits."""

    code = CodeField()

    def validate_code(self, field: CodeField) -> None:
        """Keep the canonical code."""
        canonical(field, sealed.parse_code)


def _plain(field: Field, most: int) -> None:
    try:
        require_plain(tidy_text(field.data or ""), most=most)
    except Refusal as refusal:
        raise ValidationError(refusal.text(say)) from refusal
