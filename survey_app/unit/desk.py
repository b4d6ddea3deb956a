"""The unit desk's blueprint: whose pages a person may touch, and the tabs above every page."""

from collections.abc import Iterator

from flask import Blueprint, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_
from survey_app.domain.roles import CASE_HANDLER, PUBLICITY, UNIT_EDITOR, UNIT_HEAD
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.fields import FieldSpec, form_fields
from survey_app.store import revisions as store
from survey_app.store.case_lists import OPEN, Wanted, count_cases
from survey_app.store.revisions import Revision
from survey_app.web import staff, waiting
from survey_app.web.context import now, settings
from survey_app.web.language import say
from survey_app.web.people import NotYourUnit, Person, person
from survey_app.web.waiting import Line

blueprint = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
staff.equip(blueprint)

# The lists of the desk, in the order of the tabs.
KINDS = {
    "procedure": N_("办事指南"),
    "commitment": N_("服务承诺"),
    "notice": N_("公告"),
    "disclosure_item": N_("公开事项"),
    "annual_report": N_("公开年报"),
}
# Pages of the district itself: the publicity office writes them at the same desk.
DISTRICT_KINDS = ("home", "disclosure_block", "catalogue", "annual_report")


waiting.place(N_("本单位的待办"), "desk.home", N_("写、改、送审本单位的页面"), UNIT_EDITOR, UNIT_HEAD)


@waiting.lines(UNIT_EDITOR, UNIT_HEAD)
def _waiting(who: Person) -> Iterator[Line]:
    returned = store.count(states=[rules.RETURNED, rules.CONFLICT], unit_slug=who.unit_slug)
    if returned:
        yield Line(returned, N_("份修订稿退回来了或有冲突"), url_for("desk.home"), urgent=True)
    if drafts := store.count(states=[rules.DRAFT], unit_slug=who.unit_slug):
        yield Line(drafts, N_("份草稿没有写完"), url_for("desk.home"))


def here() -> Person:
    """The person at the desk; the door has seen to it that there is one."""
    found = person()
    if found is None:
        raise NotYourUnit
    return found


def require_unit() -> str:
    """The slug of the person's own unit. Raises NotYourUnit for those who have none."""
    if not here().unit_slug:
        raise NotYourUnit
    return here().unit_slug


def require_reach(book: Book, unit_slug: str) -> None:
    """A unit's pages are its own people's, and those of a unit merged into it; the district's are the office's."""
    who = here()
    if unit_slug:
        unit = book.unit(unit_slug)
        into = unit.data.get("merged_into") if unit else None
        if not who.unit_slug or who.unit_slug not in (unit_slug, into):
            raise NotYourUnit
    elif PUBLICITY not in who.roles:
        raise NotYourUnit


def own_revision(number: int) -> Revision:
    """The revision, to read, if it lies on this person's desk or is the office's own act and the person of the office.

    Raises RevisionUnknown, NotYourUnit.
    """
    revision = store.get(number)
    if not (revision.is_office_act and PUBLICITY in here().roles):
        require_reach(revising.book_of(settings()), revision.unit_slug)
    return revision


def own_paper(number: int) -> Revision:
    """The same, to take back, put away or bring back. Raises OfficeAct where it is the office's own act."""
    revision = own_revision(number)
    if revision.is_office_act and PUBLICITY not in here().roles:
        raise rules.OfficeAct
    return revision


def own_text(number: int) -> Revision:
    """The same, where its text may be written: an act, a withdrawal or a removal is no text.

    Raises OfficeAct, RevisionMoved.
    """
    revision = own_revision(number)
    if revision.is_office_act:
        raise rules.OfficeAct
    if revision.action != rules.PUBLISH:
        raise rules.RevisionMoved(state=rules.ACTION_WORDS[revision.action])
    return revision


def fields_for(kind: str) -> tuple[FieldSpec, ...]:
    """What this person may write of a kind: all that their form asks, their merges take and nothing else."""
    return form_fields(kind, office=PUBLICITY in here().roles)


def own_page(path: str) -> Page:
    """The published page, if it is this person's to change. Raises PageUnknown, NotYourUnit."""
    page = revising.require_page(settings(), f"{path}.md", now())
    require_reach(revising.book_of(settings()), revising.unit_of(page))
    return page


def address_of(page: Page) -> str:
    """Where the published page stands for everybody."""
    return url_for("site.page", path=page.url)


def edit_address(page: Page) -> str:
    """Where this page is changed."""
    return url_for("desk.edit_page", path=page.path.removesuffix(".md"))


@blueprint.record
def _lend_tabs(state: BlueprintSetupState) -> None:
    """Other rooms have pages at the desk, too, and know nothing of this one: they ask the app for its tabs."""
    state.app.config["DESK_TABS"] = tabs


@blueprint.context_processor
def _tabs() -> dict[str, object]:
    who = person()
    if who is None:
        return {}
    return {"tabs": tabs(who)}


def tabs(who: Person) -> list[dict[str, object]]:
    """The tabs of a person's desk: unit people see their unit, the office the district's own pages."""
    found = [_tab(N_("首页"), "office.start")]
    if {CASE_HANDLER, UNIT_HEAD} & who.roles:
        found.append(_tab(N_("办件"), "desk.cases", count=count_cases(Wanted(open=OPEN, unit=who.unit_slug))))
    if {CASE_HANDLER, UNIT_EDITOR, UNIT_HEAD} & who.roles:
        found.append(_tab(N_("督查件"), "desk.own_orders"))
        found.append(_tab(N_("替人录入办件"), "desk.new_case"))
    if {UNIT_EDITOR, UNIT_HEAD, PUBLICITY} & who.roles:
        found.append(_tab(N_("待办"), "desk.home", count=_open_count(who)))
    if {UNIT_EDITOR, UNIT_HEAD} & who.roles:
        found += [_tab(title, "desk.pages", name=kind) for kind, title in KINDS.items()]
        found += [
            _tab(N_("样表和附件"), "desk.files"),
            _tab(N_("单位信息"), "desk.unit"),
            _tab(N_("去向牌"), "desk.duty"),
            _tab(N_("表格导入导出"), "tables.index"),
            _tab(N_("评议结果"), "desk.results"),
        ]
    if PUBLICITY in who.roles:
        found += [_tab(N_("区级页面"), "desk.district"), _tab(N_("审核"), "review.queue")]
    return found


def _tab(title: str, endpoint: str, *, name: str | None = None, count: int = 0) -> dict[str, object]:
    href = url_for(endpoint, name=name)
    return {
        "title": say(title),
        "href": href,
        "here": request.path == href.removeprefix(request.script_root),
        "count": count,
    }


def _open_count(who: Person) -> int:
    """What waits for this desk: drafts, returned papers, conflicts."""
    return store.count(states=rules.EDITABLE, unit_slug=who.unit_slug)
