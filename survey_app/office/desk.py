"""The office's blueprint, who is at it, and its rounds."""

from flask import Blueprint

from survey_app.store import rounds
from survey_app.store.rounds import Round
from survey_app.web import officetabs, staff

blueprint = Blueprint("office", __name__, url_prefix="/office", template_folder="templates")
staff.equip(blueprint)
officetabs.equip(blueprint)


def running() -> list[Round]:
    """Rounds that are being prepared or take ballots, newest first."""
    return [round_ for round_ in rounds.list_rounds() if round_.status in ("draft", "open")]


def units_by_class(round_: Round) -> list[tuple[str, list[tuple[str, str]]]]:
    """Class name and its units, for a list to choose from."""
    found = [
        (one.zh, [(unit.slug, unit.zh) for unit in round_.units if unit.class_code == one.code])
        for one in round_.questionnaire.classes
    ]
    return [(zh, units) for zh, units in found if units]
