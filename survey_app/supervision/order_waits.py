"""What of the orders waits for the office, on the start page."""

from collections.abc import Iterator

from flask import url_for

from survey_app.domain.errors import N_
from survey_app.domain.orders import steps
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.store import orders
from survey_app.supervision import origins
from survey_app.web import waiting
from survey_app.web.people import Person
from survey_app.web.waiting import Line

waiting.place(
    N_("督查件"), "supervision.orders", N_("整改通知、督办、台账，谁没有回复"), DISCIPLINE_OFFICER, REVIEWER, AUDITOR
)


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
