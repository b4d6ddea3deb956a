"""What clerks and interviewers send: a code, and one sign for each question."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.domain import codes, scale
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.store.rounds import Round
from survey_app.web.language import say

WRONG_SIGN = N_("“%(question)s”只能填5、4、3、2、1或0，没勾的空着。")
_LEVELS = {str(level): level for level in scale.LEVELS}


@dataclass
class Reading:
    """A card or an interview as it was sent: canonical code, answers, and a message for each field that is wrong."""

    code: str = ""
    answers: Answers = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def answer_of(self, name: str) -> str:
        """What was typed for a question, to be shown again."""
        return self.typed.get(f"q-{name}", "")


def read_card(round_: Round, form: Mapping[str, str]) -> Reading:
    """Everything that was sent, with what is wrong in it; asks no database."""
    reading = Reading(typed=form)
    try:
        reading.code = codes.parse_code(form.get("code", ""))
    except Refusal as refusal:
        reading.errors["code"] = refusal.text(say)
    for named in round_.questionnaire.dimensions:
        sign = unicodedata.normalize("NFKC", form.get(f"q-{named.code}", "")).strip()
        reading.answers[named.code] = _LEVELS.get(sign)
        if sign and sign not in _LEVELS:
            reading.errors[f"q-{named.code}"] = fill(WRONG_SIGN, {"question": named.zh}, say)
    return reading
