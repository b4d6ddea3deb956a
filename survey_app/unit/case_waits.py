"""What of the cases waits for a unit, on its desk and on the start page."""

from collections.abc import Iterator
from dataclasses import replace

from flask import url_for

from survey_app.domain.cases import steps
from survey_app.domain.cases.state import TO_HEAD
from survey_app.domain.errors import N_
from survey_app.domain.roles import CASE_HANDLER, UNIT_HEAD
from survey_app.store.case_lists import OPEN, Wanted, count_cases
from survey_app.web import waiting
from survey_app.web.context import today
from survey_app.web.people import Person
from survey_app.web.waiting import Line

waiting.place(N_("本单位的办件"), "desk.cases", N_("核实、答复、整改"), CASE_HANDLER, UNIT_HEAD)


@waiting.lines(CASE_HANDLER, UNIT_HEAD)
def _cases(who: Person) -> Iterator[Line]:
    working = Wanted(unit=who.unit_slug, states=tuple(steps.WORKING))
    if late := count_cases(replace(working, overdue_on=today())):
        yield Line(late, N_("件办件已经逾期"), url_for("desk.cases", show="late"), urgent=True)
    if open_ := count_cases(working):
        yield Line(open_, N_("件办件要办"), url_for("desk.cases", show="working"))


@waiting.lines(UNIT_HEAD)
def _raised(who: Person) -> Iterator[Line]:
    if raised := count_cases(Wanted(unit=who.unit_slug, open=OPEN, raised=TO_HEAD)):
        yield Line(raised, N_("件办件报到了您这里"), url_for("desk.cases", show="raised"), urgent=True)
