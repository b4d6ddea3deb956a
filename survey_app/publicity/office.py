"""The publicity office's blueprint and the tabs above its pages."""

from collections.abc import Iterator

from flask import Blueprint, request, url_for

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, PUBLICITY
from survey_app.store import revisions as store
from survey_app.web import staff, waiting
from survey_app.web.language import say
from survey_app.web.people import NotYourUnit, Person, person
from survey_app.web.waiting import Line

blueprint = Blueprint("review", __name__, url_prefix="/desk/review", template_folder="templates")
staff.equip(blueprint)

TABS = (
    (N_("首页"), "office.start"),
    (N_("待审核"), "review.queue"),
    (N_("公布情况"), "review.builds"),
    (N_("更新提醒"), "review.reminders"),
    (N_("全部单位"), "review.units"),
    (N_("区级页面"), "desk.district"),
    (N_("表格导入导出"), "tables.index"),
)


waiting.place(N_("审核"), "review.queue", N_("单位送来的修订稿"), PUBLICITY, AUDITOR)
waiting.place(N_("公布情况"), "review.builds", N_("公布了什么、什么没有公布成"), PUBLICITY)
waiting.place(N_("更新提醒"), "review.reminders", N_("该更新、该改的页面"), PUBLICITY)
waiting.place(N_("全部单位"), "review.units", N_("改名、换类别、合并"), PUBLICITY)


@waiting.lines(PUBLICITY)
def _waiting(_who: Person) -> Iterator[Line]:
    if count := store.count(states=rules.WAITING):
        yield Line(count, N_("份修订稿等审核"), url_for("review.queue"))
    failed = sum(bool(revision.failure) for revision in store.approved())
    if failed:
        yield Line(failed, N_("份审过了，没有公布成"), url_for("review.builds"), urgent=True)
    if clashes := store.count(states=[rules.CONFLICT]):
        yield Line(clashes, N_("份和现在公布的有冲突"), url_for("review.builds"))


def here() -> Person:
    """The person of the office; the door has seen to it that there is one."""
    found = person()
    if found is None:
        raise NotYourUnit
    return found


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    who = person()
    return {"tabs": tabs(who)} if who else {}


def tabs(who: Person) -> list[dict[str, object]]:
    """The office's tabs; how many wait stands on the first. The desk is not open to an auditor."""
    counts = {"review.queue": store.count(states=rules.WAITING)}
    return [
        _tab(title, endpoint, counts.get(endpoint, 0))
        for title, endpoint in TABS
        if PUBLICITY in who.roles or endpoint.startswith(("review.", "office."))
    ]


def _tab(title: str, endpoint: str, count: int) -> dict[str, object]:
    href = url_for(endpoint)
    is_here = request.path == href.removeprefix(request.script_root)
    return {"title": say(title), "href": href, "here": is_here, "count": count}
