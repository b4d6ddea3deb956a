"""A page that is not there yet: where it will stand, and what its unit has already said elsewhere."""

from collections.abc import Collection
from datetime import date
from typing import Any

from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.book import ANSWERED, Book
from survey_app.publishing.imports import slug
from survey_app.publishing.pages import Page, new_page
from survey_app.store import revisions as store

# What a desk may begin, and where it then stands.
FOLDERS = {
    "procedure": "units/{unit}/procedures/{slug}.md",
    "commitment": "units/{unit}/commitments/{slug}.md",
    "notice": "notices/{day}-{slug}.md",
    "disclosure_item": "disclosure/items/{slug}.md",
    "annual_report": "disclosure/annual-{year}{of_unit}.md",  # without a unit: the district's own
}
OF_THE_DISTRICT = frozenset({"annual_report"})  # the others are always some unit's
RESERVED = frozenset({"index", "map"})
FIRST_YEAR, LAST_YEAR = 2008, 2100


class TitleMissing(Refusal):
    code, status = "title-missing", 422
    message = N_("请写标题。网址由标题的拼音组成。")


class NoHome(Refusal):
    code, status = "page-without-unit", 403
    message = N_("这一类页面属于一个单位，由单位自己起草。您的账号没有写明单位，请让单位编辑来写。")


class NotAnswerable(Refusal):
    code, status = "notice-not-answerable", 404
    message = N_("本单位没有发过这条公告，不能替代或更正它。请从“公告”里打开要改的那一条，再点替代或更正。")


class YearTaken(Refusal):
    code, status = "year-taken", 409
    message = N_("%(year)s年的年报已经有了，请在那一份上改。")


class YearWrong(Refusal):
    code, status = "year-wrong", 422
    message = N_("年份写四位数字，例如2025。")


def new_data(kind: str, *, title: str, unit: str, book: Book, today: date, answers: str = "", how: str = "") -> Page:
    """A page with the title and what can be known without asking. `answers`: the notice it supersedes or corrects.

    Raises NoHome, TitleMissing, YearWrong, YearTaken, NotAnswerable.
    """
    require_home(kind, unit)
    if not title.strip():
        raise TitleMissing
    data = {"kind": kind, "title": title.strip(), **_known(kind, unit, book, today)}
    if kind == "annual_report":
        data["year"] = _year(title)
    if kind == "notice" and answers and how in ANSWERED:
        data |= _answering(answered(book, unit, answers), how)
    return new_page(_free_path(kind, data, unit, book, today), data)


def _known(kind: str, unit: str, book: Book, today: date) -> dict[str, Any]:
    page = book.unit(unit)
    said = page.data if page else {}
    if kind == "procedure":
        common: dict[str, Any] = {key: said[key] for key in ("phone", "complaint_phone") if key in said}
        where = {"place": said["address"]} if "address" in said else {}
        hours = {"hours": said["hours"]} if "hours" in said else {}
        return {"item_kind": "承诺件", **where, **hours, **common, "version_on": today.isoformat()}
    if kind == "commitment":
        return {"phone": said.get("complaint_phone", ""), "valid_from": today.isoformat()}
    if kind == "notice":
        day = today.isoformat()
        return {"unit": unit, "method": "主动公开", "issued_on": day, "published_on": day, "validity": "有效"}
    if kind == "disclosure_item":
        last = max((int(item.data.get("number", 0)) for item in book.items()), default=0)
        return {"number": last + 1, "unit": unit, "audience": "全社会", "method": "主动"}
    return {**({"unit": unit} if unit else {}), "published_on": today.isoformat()}


def require_home(kind: str, unit: str) -> None:
    """Raises NoHome where a page of this kind stands below a unit and there is none."""
    if not unit and kind not in OF_THE_DISTRICT:
        raise NoHome


def answered(book: Book, unit: str, slug: str) -> Page:
    """The notice of this unit, or of one that became part of it, that a new one answers. Raises NotAnswerable."""
    former = book.by_path.get(f"notices/{slug}.md")
    if former is None or former.data.get("unit") not in book.united(unit):
        raise NotAnswerable
    return former


def _answering(former: Page, how: str) -> dict[str, Any]:
    """A notice that answers another begins with what that one said."""
    kept: dict[str, Any] = {
        key: former.data[key] for key in ("category", "theme", "summary", "text") if key in former.data
    }
    return {how: former.slug, **kept}


def _year(title: str) -> int:
    digits = "".join(sign for sign in title if sign.isdecimal())[:4]
    if len(digits) < 4 or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        raise YearWrong
    return int(digits)


def _free_path(kind: str, data: dict[str, Any], unit: str, book: Book, today: date) -> str:
    of_unit = f"-{unit}" if unit else ""
    places = {"unit": unit, "day": today.isoformat(), "year": data.get("year", ""), "of_unit": of_unit}
    if kind == "annual_report":
        path = FOLDERS[kind].format(**places)
        if _is_taken(path, book):
            raise YearTaken(year=data["year"])
        return path
    tried: set[str] = set(RESERVED)
    while True:
        name = slug(str(data["title"]), tried)
        path = FOLDERS[kind].format(slug=name, **places)
        if not _is_taken(path, book):
            return path
        tried.add(name)


def _is_taken(path: str, book: Book) -> bool:
    """Also a draft holds its place, and a page taken down keeps its address for itself."""
    return path in book.by_path or store.is_known(path)


def titles(book: Book, kind: str, unit: str = "") -> Collection[tuple[str, str]]:
    """(slug, title) of what a chooser offers."""
    if kind == "unit":
        return [(page.unit, page.title) for page in book.live_units]
    if kind == "procedure":
        return [(page.slug, page.title) for page in book.procedures_of(unit)]
    own = book.united(unit)
    return [(page.slug, f"{page.slug[:10]} {page.title}") for page in book.notices if page.data.get("unit") in own]
