"""What a desk has to do, and its pages as lists."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import revisions as rules
from survey_app.domain.errors import Finding
from survey_app.domain.roles import PUBLICITY
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.fields import kind_title
from survey_app.store import revisions as store
from survey_app.store.revisions import Revision
from survey_app.unit.desk import DISTRICT_KINDS, KINDS, blueprint, here, require_reach
from survey_app.web import waiting
from survey_app.web.context import settings, today
from survey_app.web.doors import door

PER_PAGE = 50
RECENT = 8


@dataclass(frozen=True)
class Listed:
    """A page of a list with its unfinished revision, if it has one. `page` None: not published yet."""

    page: Page | None
    revision: Revision | None

    @property
    def title(self) -> str:
        """What people call it."""
        return self.revision.title if self.revision else self.page.title if self.page else ""


@blueprint.get("/")
@door("desk")
def home() -> ResponseReturnValue:
    """What waits for this person."""
    who = here()
    if not who.unit_slug and PUBLICITY in who.roles:
        return redirect(url_for("review.queue"), 303)
    book = revising.book_of(settings())
    mine = store.listed(states=rules.OPEN, unit_slug=who.unit_slug)
    to_do = [r for r in mine if r.state in rules.EDITABLE and not r.is_office_act]
    return render_template(
        "desk/home.html",
        returned=[r for r in to_do if r.state != rules.DRAFT],
        drafts=[r for r in to_do if r.state == rules.DRAFT],
        waiting=[r for r in mine if r.state in rules.WAITING],
        going=[r for r in mine if r.state == rules.APPROVED],
        done=store.listed(states=[rules.PUBLISHED], unit_slug=who.unit_slug, limit=RECENT),
        findings=_findings(pages_of(book, who.unit_slug), book),
        unit=book.unit(who.unit_slug),
        kinds=KINDS,
        lines=[line for line in waiting.waits_for(who) if line.href != url_for("desk.home")],
    )


def pages_of(book: Book, unit: str) -> list[Page]:
    """All pages a unit answers for."""
    return [page for page in book.pages if revising.unit_of(page) == unit and page.kind != "round"]


def _findings(pages: Iterable[Page], book: Book) -> list[tuple[Page, Finding]]:
    found = [(page, finding) for page in pages for finding in check_page(page, book, today())]
    return sorted(found, key=lambda one: (one[1].level != "error", one[0].path))


@blueprint.get("/list/<name>")
@door("desk")
def pages(name: str) -> ResponseReturnValue:
    """The unit's pages of one kind, found by words of their title or number."""
    if name not in KINDS:
        raise revising.PageUnknown
    who, book = here(), revising.book_of(settings())
    require_reach(book, who.unit_slug)
    listed = _listed(name, who.unit_slug, book)
    return _list_page(name, listed, title=KINDS[name], new=True)


@blueprint.get("/unit")
@door("desk")
def unit() -> ResponseReturnValue:
    """The unit's own page."""
    return redirect(url_for(".edit_page", path=f"units/{here().unit_slug}/index"), 303)


@blueprint.get("/district")
@door("desk")
def district() -> ResponseReturnValue:
    """Pages that belong to no unit: the publicity office's own."""
    book = revising.book_of(settings())
    require_reach(book, "")
    listed = [one for kind in DISTRICT_KINDS for one in _listed(kind, "", book)]
    return _list_page("", listed, title=kind_title("home"), new=False)


def _listed(kind: str, unit: str, book: Book) -> list[Listed]:
    standing = {r.page: r for r in store.listed(states=rules.OPEN, unit_slug=unit) if r.kind == kind}
    pages = [page for page in book.kind(kind) if revising.unit_of(page) == unit]
    if kind == "notice":
        pages.reverse()
    published = [Listed(page, standing.get(page.path)) for page in pages]
    known = {page.path for page in pages}
    return [*(Listed(None, r) for path, r in standing.items() if path not in known), *published]


def _list_page(name: str, listed: list[Listed], *, title: str, new: bool) -> str:
    words = request.args.get("q", "").strip()
    found = [one for one in listed if _matches(one, words)]
    count = max(1, -(-len(found) // PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), count)
    return render_template(
        "desk/list.html",
        name=name,
        title=title,
        new=new,
        all=len(listed),
        found=len(found),
        rows=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        words=words,
        number=number,
        count=count,
    )


def _matches(one: Listed, words: str) -> bool:
    data = one.page.data if one.page else one.revision.data if one.revision else {}
    known = [one.title, *(str(data.get(key, "")) for key in ("official_title", "code", "index_no", "doc_no", "number"))]
    text = " ".join([*known, *map(str, data.get("synonyms") or [])]).lower()
    return all(word in text for word in words.lower().split())
