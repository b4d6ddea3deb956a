"""Forms of whoever follows a case by its code: the code, more words, satisfied or not, a rating of the handling."""

from collections.abc import Mapping

from wtforms import Form, MultipleFileField, StringField, TextAreaField, ValidationError

from survey_app.casework.forms import MOST_WORDS, checked
from survey_app.citizen.everyday_forms import ServiceLevelField
from survey_app.citizen.forms import CodeField, canonical
from survey_app.domain.cases import codes
from survey_app.domain.errors import N_
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.web.language import say

YES, NO = "yes", "no"
SATISFIED: Mapping[str, str] = {YES: N_("满意，解决了"), NO: N_("不满意，没有解决")}


class CaseCodeForm(Form):
    """The code of a case."""

    code = CodeField()

    def validate_code(self, field: CodeField) -> None:
        """Keep the canonical code; the check sign is tested before the database is asked."""
        canonical(field, codes.parse_case_code)


class StepForm(Form):
    """What every step of the person carries: the form's mark, and how far the case was when the page was drawn."""

    nonce = StringField()
    version = StringField()

    @property
    def seen_version(self) -> int:
        """The number of the last event the person saw; 0, which fits no case, for what is no number."""
        typed = (self.version.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class AddForm(StepForm):
    """More words, or files, or both."""

    words = TextAreaField()
    files = MultipleFileField()

    def validate_words(self, field: TextAreaField) -> None:
        """Something must be said, in at most `MOST_WORDS` signs."""
        _require_said(field, N_("还没有写。请写下要补充的话，一两句也可以。"))


class JudgeForm(StepForm):
    """Satisfied or not; a no says why."""

    satisfied = StringField()
    why = TextAreaField()

    def validate_satisfied(self, field: StringField) -> None:
        """One of the two; neither is chosen beforehand."""
        if field.data not in SATISFIED:
            raise ValidationError(say(N_("还没有选。请选满意或不满意。")))

    def validate_why(self, field: TextAreaField) -> None:
        """The unit cannot mend what nobody names."""
        if self.satisfied.data == NO:
            _require_said(field, N_("不满意的，请写哪里没有解决，一两句也可以。"))
        checked(field, lambda typed: require_plain(tidy_text(typed), most=MOST_WORDS))


class HandlingForm(StepForm):
    """How well the case was handled, in the five levels."""

    level = ServiceLevelField()

    def validate_level(self, field: ServiceLevelField) -> None:
        """A rating without a level is none."""
        if field.data is None:
            raise ValidationError(say(N_("还没有选满意不满意，请从五个等级里选一个。")))


def _require_said(field: TextAreaField, missing: str) -> None:
    if not tidy_text(field.data or ""):
        raise ValidationError(say(missing))
    checked(field, lambda typed: require_plain(tidy_text(typed), most=MOST_WORDS))
