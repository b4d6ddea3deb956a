"""Cases at the office's desk: all of them, the overdue first; assigning, rulings, what a unit may not decide."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.casework import desks, figures, showing
from survey_app.casework.caselist import Listing
from survey_app.casework.desks import Desk
from survey_app.casework.figures import Line
from survey_app.domain.cases import steps
from survey_app.domain.cases.kinds import COMPLAINT
from survey_app.domain.cases.state import TO_OFFICE
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, REVIEWER
from survey_app.office import case_months
from survey_app.office.desk import blueprint
from survey_app.publishing.revisions import revising
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.store import cases as store
from survey_app.store.case_lists import OPEN, Wanted
from survey_app.store.cases import Case
from survey_app.web.context import settings, today
from survey_app.web.doors import NotYourDoor, door, here
from survey_app.web.language import say
from survey_app.web.sending import CSV, send_download

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
SHOWS: Mapping[str, tuple[str, Wanted]] = {
    "raised": (N_("报到办公室的"), Wanted(open=OPEN, raised=TO_OFFICE)),
    "unassigned": (N_("还没有交给单位的"), Wanted(open=OPEN, without_unit=True)),
    "extension": (N_("等批延期的"), Wanted(open=OPEN, extensions=True)),
    "dispute": (N_("等裁定异议的"), Wanted(disputes=True)),
    "refused": (N_("本人两次不满意的"), Wanted(open=OPEN, refused_twice=True)),
    "reply": (N_("等本人回音的"), Wanted(states=tuple(steps.REPLY))),
}


def _desk() -> Desk:
    """A reviewer acts; the discipline office and auditors read."""
    return Desk("office", here(), steps.OFFICE if REVIEWER in here().roles else "")


def _kinds() -> frozenset[str]:
    """What this person may read: the discipline office complaints, the others all kinds. Empty: all."""
    return frozenset() if {REVIEWER, AUDITOR} & here().roles else frozenset({COMPLAINT})


@blueprint.get("/cases")
@door("cases")
def cases() -> ResponseReturnValue:
    """All cases, with the escalated and overdue first."""
    units = showing.names(settings()).units()
    return Listing(_desk(), SHOWS, units, _kinds()).answer()


@blueprint.get("/cases/<number>")
@door("cases")
def case(number: str) -> ResponseReturnValue:
    """One case on one screen."""
    return _show(_desk(), _readable(number))


@blueprint.post("/cases/<number>")
@door("reviewer")
def take_case_step(number: str) -> ResponseReturnValue:
    """Take a step of the office: assign, rule, confirm, close."""
    desk = _desk()
    return desks.take(desk, _readable(number), partial(_show, desk))


@blueprint.get("/cases/<number>/files/<name>")
@door("cases")
def case_file(number: str, name: str) -> ResponseReturnValue:
    """A file of the case, saved and never shown."""
    return desks.send_file(_readable(number), name)


@blueprint.get("/cases/figures")
@door("cases")
def case_figures() -> ResponseReturnValue:
    """How the cases closed in a month were handled, by unit and kind."""
    month, found = _figures()
    names = showing.names(settings())
    cells = [figures.as_cells(month, line, names.unit, say) for line in found]
    year = case_months.year_of(revising.book_of(settings()), _kinds(), today())
    return render_template("office/case_figures.html", month=month, heads=figures.COLUMNS, rows=cells, **year)


@blueprint.get("/cases/figures.csv")
@door("cases")
def case_figures_file() -> ResponseReturnValue:
    """The same as a table to be saved, for spreadsheets."""
    month, found = _figures()
    names = showing.names(settings())
    cells = [figures.as_cells(month, line, names.unit, say) for line in found]
    content = write_csv([say(column) for column in figures.COLUMNS], cells)
    return send_download(content, f"cases-{month}.csv", CSV, rows=len(cells))


def _figures() -> tuple[str, list[Line]]:
    """The month asked for, or the present one, and its lines for the kinds this person may read."""
    asked = request.args.get("month", "")
    month = asked if MONTH.fullmatch(asked) else f"{today():%Y-%m}"
    found = figures.handled_in(month, settings())
    return month, figures.lines([case for case in found if not _kinds() or case.kind in _kinds()])


def _readable(number: str) -> Case:
    """The case, if this person may read its kind. Raises CaseUnknown, NotYourDoor."""
    found = store.case(number)
    if _kinds() and found.kind not in _kinds():
        raise NotYourDoor
    return found


def _show(desk: Desk, found: Case, **how: Any) -> str:
    return desks.page(desk, found, publishing=[], **how)
