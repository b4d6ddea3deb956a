"""The office's blueprint and the tabs above its pages: codes, paper cards, telephone."""

from flask import Blueprint, request, url_for

from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, ENTRY_CLERK, INTERVIEWER, ISSUER, REVIEWER, ROLES, ROUND_OFFICER
from survey_app.store import rounds
from survey_app.store.rounds import Round
from survey_app.web import staff
from survey_app.web.doors import NotYourDoor
from survey_app.web.language import say
from survey_app.web.people import Person, person

blueprint = Blueprint("office", __name__, url_prefix="/office", template_folder="templates")
staff.equip(blueprint)

TABS = (
    (N_("首页"), "office.start", set(ROLES)),
    (N_("评议码"), "office.choose_codes", {ISSUER, ROUND_OFFICER, AUDITOR}),
    (N_("纸卡录入"), "office.choose_paper", {ENTRY_CLERK, REVIEWER, ROUND_OFFICER, AUDITOR}),
    (N_("电话访问"), "office.choose_phone", {INTERVIEWER}),
    (N_("下载"), "office.all_downloads", set(ROLES)),
)


def here() -> Person:
    """The person of the office; the door has seen to it that there is one."""
    found = person()
    if found is None:
        raise NotYourDoor
    return found


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


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    someone = person()
    if someone is None:
        return {}
    return {"tabs": [_tab(title, endpoint) for title, endpoint, roles in TABS if roles & someone.roles]}


def _tab(title: str, endpoint: str) -> dict[str, object]:
    href = url_for(endpoint)
    at = f"{request.script_root}{request.path}"
    inside = at == href if endpoint == "office.start" else at.startswith(href)
    return {"title": say(title), "href": href, "here": inside, "count": 0}
