"""Cases at the unit's desk: what is due, one case on one screen, what goes from it to the public pages."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import access, desks, telling
from survey_app.casework.caselist import Listing
from survey_app.casework.desks import Desk
from survey_app.domain.cases import steps
from survey_app.domain.cases.state import TO_HEAD, TO_OFFICE
from survey_app.domain.errors import N_
from survey_app.domain.roles import UNIT_EDITOR, UNIT_HEAD
from survey_app.store import case_private
from survey_app.store import cases as store
from survey_app.store.case_lists import OPEN, Wanted
from survey_app.store.cases import Case
from survey_app.unit.desk import blueprint, here, require_unit
from survey_app.web.context import keys, now
from survey_app.web.doors import door
from survey_app.web.language import say

SHOWS: Mapping[str, tuple[str, Wanted]] = {
    "working": (N_("要办的"), Wanted(states=tuple(steps.WORKING))),
    "raised": (N_("报到负责人的"), Wanted(open=OPEN, raised=TO_HEAD)),
    "office": (N_("报到办公室的"), Wanted(open=OPEN, raised=TO_OFFICE)),
    "reply": (N_("等本人回音的"), Wanted(states=tuple(steps.REPLY))),
}
DRAFTED = N_("做成了草稿，还没有公开。请把【请……】写好再送审。")
HANDED_ON = N_("做成了草稿，放在本单位编辑的“待办”里，由编辑写好送审。")


def _desk() -> Desk:
    who = here()
    role = steps.HEAD if UNIT_HEAD in who.roles else steps.UNIT
    return Desk("desk", who, role, require_unit(), sees_contact=True)


@blueprint.get("/cases")
@door("unit_cases")
def cases() -> ResponseReturnValue:
    """The unit's cases, what is due first."""
    return Listing(_desk(), SHOWS).answer()


@blueprint.get("/cases/<number>")
@door("unit_cases")
def case(number: str) -> ResponseReturnValue:
    """One case on one screen."""
    return _show(_desk(), _own(number))


@blueprint.post("/cases/<number>")
@door("unit_cases")
def take_step(number: str) -> ResponseReturnValue:
    """Take a step; where that cannot be done, the screen comes back with what was typed."""
    desk, found = _desk(), _own(number)
    return desks.take(desk, found, partial(_show, desk))


@blueprint.post("/cases/<number>/contact")
@door("unit_cases")
def case_contact(number: str) -> ResponseReturnValue:
    """Show how the person can be reached, while somebody has to reach them; every look is recorded."""
    desk, found = _desk(), _own(number)
    desks.require_contact_needed(found)
    return _show(desk, found, contact=case_private.contact_of(number, by=here().username, keys=keys(), now=now()))


@blueprint.get("/cases/<number>/files/<name>")
@door("unit_cases")
def case_file(number: str, name: str) -> ResponseReturnValue:
    """A file of the case, saved and never shown."""
    return desks.send_file(_own(number), name)


@blueprint.post("/cases/<number>/publish")
@door("unit_cases")
def publish_case(number: str) -> ResponseReturnValue:
    """Begin a draft of a public page from the answer."""
    draft = telling.begin(_own(number), request.form.get("into", ""), by=here().username)
    if UNIT_EDITOR in here().roles or UNIT_HEAD in here().roles:
        flash(say(DRAFTED), "good")
        return redirect(url_for("desk.edit_revision", number=draft.number), 303)
    flash(say(HANDED_ON), "good")
    return redirect(url_for("desk.case", number=number), 303)


def _own(number: str) -> Case:
    """The case, if it is this unit's or one it works on with another. Raises CaseUnknown, NotYourCase."""
    who = here()
    access.state_for_unit(number, unit=require_unit(), by=who.username, now=now())
    return store.case(number)


def _show(desk: Desk, found: Case, **how: Any) -> str:
    contact = {"contact": "", "may_contact": desks.needs_contact(found), "contact_endpoint": "desk.case_contact"}
    offered = telling.offered(found) if found.unit == desk.unit else []
    return desks.page(desk, found, **{**contact, "publishing": offered, "publish_endpoint": "desk.publish_case", **how})
