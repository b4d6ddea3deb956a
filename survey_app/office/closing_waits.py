"""What of a round on its way to publication waits for whom, on the start page."""

from collections.abc import Iterator

from flask import url_for

from survey_app.domain import objections as rules
from survey_app.domain import rounds
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER, ROUND_OFFICER
from survey_app.office.standing import Standing, missing, standing_of
from survey_app.store import rounds as store
from survey_app.web import waiting
from survey_app.web.context import settings, today
from survey_app.web.language import say
from survey_app.web.people import Person
from survey_app.web.waiting import Line

waiting.place(
    N_("截止和公布"), "office.choose_closing", N_("开箱、计算、异议、公布、各版"), ROUND_OFFICER, REVIEWER, AUDITOR
)
waiting.place(
    N_("好差评"),
    "office.everyday",
    N_("各月的好评率、一个单位的走势"),
    ROUND_OFFICER,
    REVIEWER,
    AUDITOR,
    DISCIPLINE_OFFICER,
)


@waiting.lines(ROUND_OFFICER)
def _next_steps(_who: Person) -> Iterator[Line]:
    """For each closed round the first thing that is missing, or that nothing is."""
    for found in _closed():
        left = missing(found, today())
        page, words = ("closing", N_("轮评议等下一步")) if left else ("publishing", N_("轮评议可以公布了"))
        note = f"{found.round.name}　{left[0].text(say)}" if left else found.round.name
        yield Line(1, words, _to(found, page), note=note)


@waiting.lines(ROUND_OFFICER, REVIEWER)
def _to_decide(who: Person) -> Iterator[Line]:
    """Objections and flags that this person can deal with."""
    for found in _closed():
        if count := sum(_can_rule(who, one.state, one.proposed_by) for one in found.filed):
            yield Line(count, N_("条异议等裁定或确认"), _to(found, "objections_"), urgent=True, note=found.round.name)
        if count := sum(not one.is_settled and not _is_own(who, one.review) for one in found.flags):
            yield Line(count, N_("处提请复核"), _to(found, "flags"), note=found.round.name)


def _can_rule(who: Person, state: str, proposed_by: str) -> bool:
    return state == rules.FILED or (state == rules.PROPOSED and proposed_by != who.username)


def _is_own(who: Person, review: object) -> bool:
    return getattr(review, "reviewed_by", "") == who.username


def _closed() -> list[Standing]:
    found = [one for one in store.list_rounds() if one.status == rounds.CLOSED]
    return [standing_of(one, settings()) for one in found]


def _to(found: Standing, page: str) -> str:
    return url_for(f"office.{page}", round_code=found.round.code)
