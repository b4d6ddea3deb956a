"""From an answered case to the public pages: a draft that begins with the answer, written and approved by people."""

from collections.abc import Mapping

from survey_app.domain.cases import steps
from survey_app.domain.cases.kinds import BAD_RATING, COMPLAINT, QUESTION, SUGGESTION
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.publishing.revisions import growing
from survey_app.store import audit
from survey_app.store import cases as store
from survey_app.store.cases import Case
from survey_app.store.database import write
from survey_app.store.revisions import Revision
from survey_app.web.context import now, settings, today
from survey_app.web.language import say

FAQ, ANSWERED, MENDED = "faq", "question", "mended"
WORDS: Mapping[str, str] = {
    FAQ: N_("写成这件事的常见问题"),
    ANSWERED: N_("写进“答复过的问题”"),
    MENDED: N_("写进“评议后整改”"),
}
_SOURCES = {BAD_RATING: "rating", COMPLAINT: "complaint", SUGGESTION: "suggestion"}
NOTE = N_("来自办件%(number)s")


class NothingToTell(Refusal):
    code, status = "case-nothing-to-tell", 409
    message = N_("这个办件还没有答复，或这一类办件不写到那里，没有做草稿。")


def offered(case: Case) -> list[tuple[str, str]]:
    """Where an answered case may go: code and words, the nearest first; none before there is an answer."""
    if not last_answer(case.number):
        return []
    places = [FAQ] if case.kind == QUESTION and case.procedure else []
    places += [ANSWERED] if case.kind in (QUESTION, SUGGESTION) else []
    places += [MENDED] if case.kind in _SOURCES else []
    return [(place, WORDS[place]) for place in places]


def last_answer(number: str) -> str:
    """The public words of the newest answer; empty where none was given."""
    answers = [event.public for event in store.events_of(number) if event.step == steps.ANSWERED]
    return answers[-1] if answers else ""


def begin(case: Case, place: str, *, by: str) -> Revision:
    """A draft with the answer in it. Raises NothingToTell, PageUnknown, RevisionOpen."""
    if place not in dict(offered(case)):
        raise NothingToTell
    made = _draft(case, place, last_answer(case.number), by)
    with write():
        detail = {"into": place, "revision": made.number}
        audit.record(actor=by, action="case.told", subject=case.number, detail=detail, now=now())
    return made


def _draft(case: Case, place: str, answer: str, by: str) -> Revision:
    note = fill(NOTE, {"number": case.number}, say)
    if place == FAQ:
        found = {"procedure": case.procedure, "answer": answer}
        return growing.grow_faq(settings(), unit=case.unit, by=by, now=now(), note=note, **found)
    if place == ANSWERED:
        return growing.add_question(
            settings(), unit=case.unit, answer=answer, today=today(), by=by, now=now(), note=note
        )
    source = _SOURCES[case.kind]
    return growing.add_mended(
        settings(), unit=case.unit, source=source, done=answer, today=today(), by=by, now=now(), note=note
    )
