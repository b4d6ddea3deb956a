"""The blueprint of supervision (督查): orders, their ledger, what the discipline office makes of results."""

from flask import Blueprint

from survey_app.web import officetabs, staff
from survey_app.web.doors import NotYourDoor
from survey_app.web.people import Person, person

blueprint = Blueprint("supervision", __name__, url_prefix="/office", template_folder="templates")
staff.equip(blueprint)
officetabs.equip(blueprint)


def here() -> Person:
    """The person of the office; the door has seen to it that there is one."""
    found = person()
    if found is None:
        raise NotYourDoor
    return found
