"""The office's blueprint and the tabs above its pages: codes, paper cards, telephone."""

from flask import Blueprint, request, url_for

from survey_app.domain.errors import N_
from survey_app.domain.roles import (
    AUDITOR,
    DISCIPLINE_OFFICER,
    ENTRY_CLERK,
    INTERVIEWER,
    ISSUER,
    REVIEWER,
    ROLES,
    ROUND_OFFICER,
)
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
    (N_("评议轮次"), "office.list_rounds", {ROUND_OFFICER, AUDITOR, REVIEWER}),
    (N_("办件"), "office.cases", {REVIEWER, DISCIPLINE_OFFICER, AUDITOR}),
    (N_("替人录入办件"), "office.new_case", {INTERVIEWER, ENTRY_CLERK, REVIEWER}),
    (N_("评议码"), "office.choose_codes", {ISSUER, ROUND_OFFICER, AUDITOR}),
    (N_("纸卡录入"), "office.choose_paper", {ENTRY_CLERK, REVIEWER, ROUND_OFFICER, AUDITOR}),
    (N_("电话访问"), "office.choose_phone", {INTERVIEWER}),
    (N_("截止和公布"), "office.choose_closing", {ROUND_OFFICER, REVIEWER, AUDITOR}),
    (N_("好差评"), "office.everyday", {ROUND_OFFICER, REVIEWER, AUDITOR, DISCIPLINE_OFFICER}),
    (N_("密封信箱"), "office.sealed_inbox", {DISCIPLINE_OFFICER}),
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
    shown = {url_for(endpoint): title for title, endpoint, roles in TABS if roles & someone.roles}
    here = f"{request.script_root}{request.path}".replace("/office/plans", "/office/rounds")  # a plan is a round to be
    nearest = max((href for href in shown if here.startswith(href)), key=len, default="")
    return {"tabs": [{"title": say(title), "href": href, "here": href == nearest} for href, title in shown.items()]}
