"""What of the cases waits for the office, on the start page."""

from collections.abc import Iterator, Mapping

from flask import url_for

from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.office.cases import SHOWS
from survey_app.store.case_lists import count_cases
from survey_app.web import waiting
from survey_app.web.people import Person
from survey_app.web.waiting import Line

WAITS: Mapping[str, str] = {
    "raised": N_("件办件逾期，报到了办公室"),
    "unassigned": N_("件办件还没有交给单位"),
    "extension": N_("件办件等批延期"),
    "dispute": N_("件差评等裁定异议"),
    "refused": N_("件办件本人两次不满意"),
}
URGENT = frozenset({"raised", "refused"})

waiting.place(N_("办件"), "office.cases", N_("提问、投诉、差评，办到哪一步"), REVIEWER, DISCIPLINE_OFFICER, AUDITOR)


@waiting.lines(REVIEWER)
def _cases(_who: Person) -> Iterator[Line]:
    for show, words in WAITS.items():
        if count := count_cases(SHOWS[show][1]):
            yield Line(count, words, url_for("office.cases", show=show), urgent=show in URGENT)
