"""A case told at a unit's own window, on its telephone, or in a letter to it."""

from flask import url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import told
from survey_app.domain.cases import steps
from survey_app.unit.desk import blueprint, here, require_unit
from survey_app.web.doors import door


@blueprint.get("/cases/new")
@door("case_told_unit")
def new_case() -> ResponseReturnValue:
    """The form to write down what somebody says of this unit."""
    return told.draw(action=url_for("desk.take_case"), unit=require_unit())


@blueprint.post("/cases/new")
@door("case_told_unit")
def take_case() -> ResponseReturnValue:
    """Keep it and show its code, to be read out or printed. The same form sent twice is one case."""
    return told.take(action=url_for("desk.take_case"), actor=here().username, role=steps.UNIT, unit=require_unit())
