"""What of the orders waits for the office, on the start page; their ledger among the downloads."""

from collections.abc import Callable, Iterator

from flask import url_for

from survey_app.domain.errors import N_
from survey_app.domain.orders import steps
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.store import assessments, inspections, orders
from survey_app.supervision import assessment_views, inspection_views, ledger, origins
from survey_app.web import downloads, lists, waiting
from survey_app.web.context import settings, today
from survey_app.web.downloads import LEDGER, Offer
from survey_app.web.language import say
from survey_app.web.people import Person
from survey_app.web.waiting import Line

waiting.place(
    N_("督查件"), "supervision.orders", N_("整改通知、督办、台账，谁没有回复"), DISCIPLINE_OFFICER, REVIEWER, AUDITOR
)


@downloads.source(DISCIPLINE_OFFICER, REVIEWER, AUDITOR)
def _ledger() -> Iterator[Offer]:
    yield _offer("orders", N_("督查件台账"), lambda: lists.table(ledger.ledger(settings()), orders.listed()))


@downloads.source(DISCIPLINE_OFFICER, AUDITOR)
def _collected() -> Iterator[Offer]:
    """Assessments and findings as they stand today."""
    yield _offer("assessments", N_("民主测评"), lambda: lists.table(assessment_views.made(), assessments.standings()))
    yield _offer("findings", N_("督查发现"), lambda: lists.table(inspection_views.made(), inspections.findings()))


def _offer(code: str, title: str, make: Callable[[], bytes]) -> Offer:
    return Offer(f"{code}-{today():%Y%m%d}.xlsx", say(title), LEDGER, str(today().year), today(), make=make)


@waiting.lines(DISCIPLINE_OFFICER, REVIEWER)
def _orders(who: Person) -> Iterator[Line]:
    found = orders.listed(states=steps.OPEN)
    replied = [one for one in found if one.state == steps.REPLIED and one.issued_by != who.username]
    if replied:
        yield Line(len(replied), N_("份督查件已回复，等您核查"), url_for("supervision.orders", state=steps.REPLIED))
    late = [one for one in found if one.overdue and one.state == steps.ISSUED]
    if late and DISCIPLINE_OFFICER in who.roles:
        yield Line(len(late), N_("份督查件过期没有回复"), url_for("supervision.orders", state="late"), urgent=True)


@waiting.lines(DISCIPLINE_OFFICER)
def _sources(_who: Person) -> Iterator[Line]:
    """Rules alone: they are few, and each is to be answered."""
    if found := origins.unanswered():
        yield Line(len(found), N_("条触发的规则还没有起草督查件"), url_for("supervision.order_sources"))
