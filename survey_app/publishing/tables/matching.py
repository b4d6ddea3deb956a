"""Which page a row speaks of: by page name, then unit and code, then unit and title; else it is a new one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from survey_app.domain.errors import N_
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.tables.columns import CODES
from survey_app.publishing.tables.rows import unit_of


@dataclass
class Wanted:
    """One row of a main sheet as far as it says which page it is."""

    row: int
    unit: str
    slug: str
    code: str
    title: str
    page: Page | None = None
    problem: tuple[str, dict[str, object]] | None = None
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)


def match(kind: str, wanted: list[Wanted], book: Book) -> None:
    """Give each row its page, or a problem."""
    pages = book.kind(kind)
    by_slug = {(_home(page), _name(page)): page for page in pages}
    for one in wanted:
        one.page = (
            by_slug.get(("" if kind in ("unit", "disclosure_item") else one.unit, one.slug)) if one.slug else None
        )
    _by_code(kind, wanted, pages)
    _by_title(wanted, pages)
    _refuse_twins(wanted)


def _home(page: Page) -> str:
    return "" if page.kind in ("unit", "disclosure_item") else page.unit


def _name(page: Page) -> str:
    return page.unit if page.kind == "unit" else page.slug


def _by_code(kind: str, wanted: list[Wanted], pages: list[Page]) -> None:
    known = _index((unit_of(page), str(page.data.get(CODES.get(kind, ""), "")), page) for page in pages)
    for one in wanted:
        found = known.get((one.unit, one.code), []) if one.code and not one.page else []
        if len(found) == 1:
            one.page = found[0]
        elif found:
            one.problem = (
                N_("本单位有%(count)s页的编码都是“%(code)s”，不知道改哪一页。请填上页面名。"),
                {"count": len(found), "code": one.code},
            )


def _by_title(wanted: list[Wanted], pages: list[Page]) -> None:
    claimed = {one.page.path for one in wanted if one.page}
    known = _index((unit_of(page), page.title, page) for page in pages if page.path not in claimed)
    asked = Counter((one.unit, one.title) for one in wanted if not one.page and not one.problem)
    for one in wanted:
        if one.page or one.problem:
            continue
        found = known.get((one.unit, one.title), []) or _unit_titled(one, known)
        if len(found) == 1 and asked[one.unit, one.title] == 1:
            one.page = found[0]
        elif len(found) > 1 and not one.code:
            message = N_("本单位有%(count)s页叫“%(title)s”，不知道改哪一页。请填上编码或页面名。")
            one.problem = (message, {"count": len(found), "title": one.title})


def _unit_titled(one: Wanted, known: dict[tuple[str, str], list[Page]]) -> list[Page]:
    """A unit's own row knows no folder yet: every page with its name counts."""
    if one.unit:
        return []
    return [page for (_unit, title), pages in known.items() if title == one.title for page in pages]


def _index(rows: Iterable[tuple[str, str, Page]]) -> dict[tuple[str, str], list[Page]]:
    found: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for unit, name, page in rows:
        found[unit, name].append(page)
    return found


def _refuse_twins(wanted: list[Wanted]) -> None:
    """Two rows for one page, or two new rows of one unit with one code: nobody can say which is meant."""
    seen: dict[tuple[str, ...], Wanted] = {}
    for one in wanted:
        keys: list[tuple[str, ...]] = (
            [("page", one.page.path)] if one.page else [("slug", one.unit, one.slug)] if one.slug else []
        )
        keys += [("code", one.unit, one.code)] if one.code else []
        keys += [] if one.code or one.page else [("title", one.unit, one.title)]
        for key in keys:
            first = seen.setdefault(key, one)
            if first is not one:
                one.problem = (N_("与第%(row)s行说的是同一页。请删去一行。"), {"row": first.row})
                first.problem = first.problem or (N_("与第%(row)s行说的是同一页。请删去一行。"), {"row": one.row})


def namesakes(wanted: list[Wanted]) -> None:
    """New pages of one unit that bear one name are kept, and it is said."""
    first: dict[tuple[str, str], int] = {}
    for one in wanted:
        if one.page or one.problem:
            continue
        row = first.setdefault((one.unit, one.title), one.row)
        if row != one.row:
            one.notes.append((N_("与第%(row)s行重名，编码不同，两行都保留。请核对。"), {"row": row}))
