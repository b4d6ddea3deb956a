"""What a unit sees of its own at its desk: its row of the year-end sheet, its promises and how often they were kept."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_
from survey_app.domain.roles import UNIT_EDITOR, UNIT_HEAD
from survey_app.supervision import promise_views, yearend_views
from survey_app.web import staff, waiting
from survey_app.web.context import today
from survey_app.web.doors import door, here
from survey_app.web.people import NotYourUnit, person

blueprint = Blueprint("own", __name__, url_prefix="/desk", template_folder="templates")
staff.equip(blueprint)

waiting.place(N_("本单位年终考核"), "own.year_end", N_("各项得分、依据、怎么算"), UNIT_EDITOR, UNIT_HEAD)
waiting.place(N_("本单位承诺和兑现"), "own.commitments", N_("每条承诺一年里兑现了多少"), UNIT_EDITOR, UNIT_HEAD)


@blueprint.context_processor
def _tabs() -> dict[str, Any]:
    """Those of the desk, which is another room's."""
    who = person()
    return {"tabs": current_app.config["DESK_TABS"](who)} if who else {}


@blueprint.get("/year-end")
@door("unit_editor")
def year_end() -> ResponseReturnValue:
    """This year's row."""
    return redirect(url_for(".year_end_of", number=today().year), 303)


@blueprint.get("/year-end/<int:number>")
@door("unit_editor")
def year_end_of(number: int) -> ResponseReturnValue:
    """The unit's row of a year, each component with where it comes from; nothing of any other unit."""
    return render_template("supervision/own_year.html", **yearend_views.unit_part(number, _unit()))


@blueprint.get("/commitments")
@door("unit_editor")
def commitments() -> ResponseReturnValue:
    """The unit's promises, and how often each was kept in the year chosen."""
    return promise_views.listing("supervision/own_promises.html", _unit())


def _unit() -> str:
    """Raises NotYourUnit for who has none: an empty slug would mean every unit."""
    if not here().unit_slug:
        raise NotYourUnit
    return here().unit_slug
