"""The publicity office's blueprint and the tabs above its pages."""

from flask import Blueprint, request, url_for

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_
from survey_app.store import revisions as store
from survey_app.web import staff
from survey_app.web.language import say
from survey_app.web.people import NotYourUnit, Person, person

blueprint = Blueprint("review", __name__, url_prefix="/desk/review", template_folder="templates")
staff.equip(blueprint)

TABS = (
    (N_("待审核"), "review.queue"),
    (N_("公布情况"), "review.builds"),
    (N_("更新提醒"), "review.reminders"),
    (N_("全部单位"), "review.units"),
    (N_("区级页面"), "desk.district"),
    (N_("表格导入导出"), "tables.index"),
)


def here() -> Person:
    """The person of the office; the door has seen to it that there is one."""
    found = person()
    if found is None:
        raise NotYourUnit
    return found


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    return {"tabs": tabs()} if person() else {}


def tabs() -> list[dict[str, object]]:
    """The office's tabs; how many wait stands on the first."""
    counts = {"review.queue": store.count(states=rules.WAITING)}
    return [_tab(title, endpoint, counts.get(endpoint, 0)) for title, endpoint in TABS]


def _tab(title: str, endpoint: str, count: int) -> dict[str, object]:
    href = url_for(endpoint)
    is_here = request.path == href.removeprefix(request.script_root)
    return {"title": say(title), "href": href, "here": is_here, "count": count}
