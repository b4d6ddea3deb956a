"""Words of findings and notes are looked through for people before they are kept: nothing kept is changed later."""

from collections.abc import Mapping

from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.checks.persons import traces

TICK = "nobody"


class PersonSeems(Refusal):
    code, status = "person-seems", 422
    message = N_("“%(trace)s”像是认得出人。请删去或改写；如果不是，请勾选“没有写到个人”再记一次。")


def require_asked(words: str, form: Mapping[str, str]) -> None:
    """Raises PersonSeems where the words seem to name somebody and the writer has not said that they do not."""
    if not form.get(TICK) and (found := traces(words)):
        raise PersonSeems(trace=found[0])
