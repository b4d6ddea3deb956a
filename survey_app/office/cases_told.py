"""A case told to the office: at its own window, on the telephone, or in a letter."""

from flask import url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import told
from survey_app.domain.cases import steps
from survey_app.office.desk import blueprint
from survey_app.web.doors import door, here


@blueprint.get("/cases/new")
@door("case_told_office")
def new_case() -> ResponseReturnValue:
    """The form to write down what somebody says."""
    return told.draw(action=url_for("office.take_case"))


@blueprint.post("/cases/new")
@door("case_told_office")
def take_case() -> ResponseReturnValue:
    """Keep it and show its code, to be read out or printed. The same form sent twice is one case."""
    return told.take(action=url_for("office.take_case"), actor=here().username, role=steps.OFFICE)
