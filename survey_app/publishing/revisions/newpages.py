"""A page that is not there yet: where it will stand, and what its unit has already said elsewhere."""

from collections.abc import Collection
from datetime import date
from typing import Any

from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.book import Book
from survey_app.publishing.imports import slug
from survey_app.publishing.pages import Page, new_page
from survey_app.store import revisions as store

# What a desk may begin, and where it then stands.
FOLDERS = {
    "procedure": "units/{unit}/procedures/{slug}.md",
    "commitment": "units/{unit}/commitments/{slug}.md",
    "notice": "notices/{day}-{slug}.md",
    "disclosure_item": "disclosure/items/{slug}.md",
    "annual_report": "disclosure/annual-{year}.md",
}
RESERVED = frozenset({"index", "map"})
FIRST_YEAR, LAST_YEAR = 2008, 2100


class TitleMissing(Refusal):
    code, status = "title-missing", 422
    message = N_("请写标题。网址由标题的拼音组成。")


class YearTaken(Refusal):
    code, status = "year-taken", 409
    message = N_("%(year)s年的年报已经有了，请在那一份上改。")


class YearWrong(Refusal):
    code, status = "year-wrong", 422
    message = N_("年份写四位数字，例如2025。")


def new_data(kind: str, *, title: str, unit: str, book: Book, today: date, answers: str = "", how: str = "") -> Page:
    """A page with the title and what can be known without asking. `answers`: the notice it supersedes or corrects.

    Raises TitleMissing, YearWrong, YearTaken.
    """
    if not title.strip():
        raise TitleMissing
    data = {"kind": kind, "title": title.strip(), **_known(kind, unit, book, today)}
    if kind == "annual_report":
        data["year"] = _year(title)
    if answers and how in ("supersedes", "corrects"):
        data |= _answering(book, answers, how)
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
    return {"unit": unit, "published_on": today.isoformat()}


def _answering(book: Book, answers: str, how: str) -> dict[str, Any]:
    """A notice that answers another begins with what that one said."""
    former = book.by_path.get(f"notices/{answers}.md")
    if former is None:
        return {}
    kept: dict[str, Any] = {
        key: former.data[key] for key in ("category", "theme", "summary", "text") if key in former.data
    }
    return {how: answers, **kept}


def _year(title: str) -> int:
    digits = "".join(sign for sign in title if sign.isdecimal())[:4]
    if len(digits) < 4 or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        raise YearWrong
    return int(digits)


def _free_path(kind: str, data: dict[str, Any], unit: str, book: Book, today: date) -> str:
    places = {"unit": unit, "day": today.isoformat(), "year": data.get("year", "")}
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
    return [(page.slug, f"{page.slug[:10]} {page.title}") for page in book.notices_of(unit)]
