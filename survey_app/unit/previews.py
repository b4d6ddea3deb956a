"""A draft exactly as it will look, under the site's own security policy."""

from flask import abort, send_file
from flask.typing import ResponseReturnValue

from survey_app.publishing.building.previewing import preview_file
from survey_app.unit.desk import blueprint, own_revision
from survey_app.web.context import settings
from survey_app.web.doors import door


@blueprint.get("/revision/<int:number>/preview/")
@blueprint.get("/revision/<int:number>/preview/<path:path>")
@door("desk")
def preview(number: int, path: str = "") -> ResponseReturnValue:
    """The page of the draft at its own place; around it the site as it is."""
    found = preview_file(settings(), own_revision(number), path)
    if found is None:
        abort(404)
    file, policy = found
    response = send_file(file)
    response.headers["Cache-Control"] = "no-store"
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response
