"""The blueprint of supervision (督查): orders, their ledger, what the discipline office makes of results."""

from flask import Blueprint

from survey_app.web import officetabs, staff

blueprint = Blueprint("supervision", __name__, url_prefix="/office", template_folder="templates")
staff.equip(blueprint)
officetabs.equip(blueprint)
