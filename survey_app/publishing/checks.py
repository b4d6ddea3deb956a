"""What a single page and all pages together must keep, each as a small check that yields findings."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.book import Book
from survey_app.publishing.pages import PLACES, Page, scan_pages
from survey_app.publishing.schemas import check_schema

BANNED = ("其他有关材料", "其他有关资料", "其他相关材料", "其他材料", "其他条件", "等相关材料", "等有关材料")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CITIZEN_ID = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")
FOREIGN = re.compile(
    r"<(?:script|iframe|img|link|video|audio|embed|object)\b[^>]*(?:https?:)?//|!\[[^\]]*\]\((?:https?:)?//", re.I
)
LINK = re.compile(r"\]\(([^)\s]*)")
OUTSIDE = ("https://", "http://", "tel:", "mailto:", "#")
NO_PROSE = {"phone", "complaint_phone", "code", "credit_code", "link", "index_no", "method_sha256", "release_digest"}
Check = Callable[[Page, Book], Iterator[Finding]]


def check_pages(pages_dir: Path) -> list[Finding]:
    """Everything wrong with the pages in this folder, in order of path. An empty list: they can be built."""
    pages, found = scan_pages(pages_dir)
    found = [*found, *clashing_names(pages_dir)]
    sound = []
    for page in pages:
        own = [*check_schema(page), *out_of_place(page)]
        found.extend(own)
        sound.extend([] if own else [page])
    found.extend(_cross(sound, Book(pages)))
    return sorted(found, key=lambda finding: finding.path)


def _cross(sound: list[Page], book: Book) -> Iterator[Finding]:
    for page in sound:
        for check in CHECKS:
            yield from check(page, book)
    yield from same_index_no(sound)
    if not book.kind("home"):
        yield Finding("index.md", "文件", N_("没有首页。请补上index.md，写明地区名称和主办单位。"))


def out_of_place(page: Page) -> Iterator[Finding]:
    """A page's kind and its folder belong together; addresses are made from them."""
    place = PLACES.get(page.kind)
    if place and not place.fullmatch(page.path):
        yield Finding(page.path, "文件名", N_("这一类页面不放在这里，或文件名里有小写字母、数字和短横线以外的字。"))


def clashing_names(pages_dir: Path) -> Iterator[Finding]:
    """Two names that differ in case only are one file on many desktops."""
    seen: dict[str, str] = {}
    for file in sorted(pages_dir.rglob("*")):
        path = file.relative_to(pages_dir).as_posix()
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Finding(path, "文件名", N_("与“%(other)s”只差大小写，请改名。"), {"other": first})


def promise_within_law(page: Page, _book: Book) -> Iterator[Finding]:
    """A promised limit is no longer than the legal one."""
    promised, legal = page.data.get("promised_limit_days", 0), page.data.get("legal_limit_days", 0)
    if page.kind == "procedure" and promised > legal:
        message = N_("承诺%(promised)s个工作日比法定%(legal)s个工作日长，请改短。")
        yield Finding(page.path, "承诺办结时限", message, {"promised": promised, "legal": legal})


def known_units(page: Page, book: Book) -> Iterator[Finding]:
    """Every unit a page names has a page."""
    named = [("单位文件夹", page.unit), ("主管单位", page.data.get("parent", ""))]
    named += [("发布机构", page.data["unit"])] if page.kind == "notice" else []
    named += [("配合单位", slug) for slug in page.data.get("co_units", [])]
    named += [("公开主体", row["unit"]) for row in page.data["items"]] if page.kind == "catalogue" else []
    for field, slug in named:
        if slug and not book.unit(slug):
            message = N_("没有“%(slug)s”这个单位。请先写units/%(slug)s/index.md。")
            yield Finding(page.path, field, message, {"slug": slug})


def no_circle_of_parents(page: Page, book: Book) -> Iterator[Finding]:
    """Following parents ends."""
    if page.kind != "unit":
        return
    seen, slug = {page.unit}, page.data.get("parent", "")
    while slug and (above := book.unit(slug)):
        if slug in seen:
            yield Finding(page.path, "主管单位", N_("主管单位绕成了一圈，请改掉其中一个。"))
            return
        seen.add(slug)
        slug = above.data.get("parent", "")


def known_procedure(page: Page, book: Book) -> Iterator[Finding]:
    """A commitment's procedure is one of the same unit."""
    slug = page.data.get("procedure") if page.kind == "commitment" else None
    if slug and not book.procedure(page.unit, slug):
        message = N_("本单位没有“%(slug)s”这份办事指南。请改文件名，或删去这一行。")
        yield Finding(page.path, "对应的办事指南", message, {"slug": slug})


def known_branch(page: Page, _book: Book) -> Iterator[Finding]:
    """A branch leads back to a step that exists."""
    steps = page.data.get("steps", []) if page.kind == "procedure" else []
    for number, step in enumerate(steps, 1):
        back_to = step.get("branch", {}).get("back_to", 1)
        if back_to > len(steps):
            message = N_("回到第%(step)s步，可是只有%(count)s步。")
            yield Finding(page.path, f"怎么办，第{number}项", message, {"step": back_to, "count": len(steps)})


def known_predecessor(page: Page, book: Book) -> Iterator[Finding]:
    """A notice supersedes one that exists and is older."""
    slug = page.data.get("supersedes") if page.kind == "notice" else None
    if slug and (f"notices/{slug}.md" not in book.by_path or slug >= page.slug):
        yield Finding(page.path, "替代哪一条", N_("没有更早的公告“%(slug)s”。请核对文件名。"), {"slug": slug})


def day_in_file_name(page: Page, _book: Book) -> Iterator[Finding]:
    """A notice's file name begins with the day of publication."""
    if page.kind == "notice" and not page.slug.startswith(page.data["published_on"] + "-"):
        message = N_("发布日期%(day)s与文件名开头的日期不同，请改成一样。")
        yield Finding(page.path, "发布日期", message, {"day": page.data["published_on"]})


def real_days(page: Page, _book: Book) -> Iterator[Finding]:
    """Each day exists in the calendar, and a later one does not stand before an earlier one."""
    days = {key: value for key, value in page.data.items() if key.endswith(("_on", "_by", "_from", "_to"))}
    for key, value in days.items():
        if isinstance(value, str) and not _is_day(value):
            yield Finding(page.path, key, N_("日历里没有%(day)s这一天。"), {"day": value})
    for first, second in ORDERED:
        if first in days and second in days and days[first] > days[second]:
            params = {"first": days[first], "second": days[second]}
            yield Finding(page.path, second, N_("%(second)s早于%(first)s，请核对两个日期。"), params)


ORDERED = (
    ("version_on", "review_by"),
    ("valid_from", "valid_to"),
    ("issued_on", "published_on"),
    ("published_on", "expires_on"),
    ("opens_on", "closes_on"),
)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def no_catch_all(page: Page, _book: Book) -> Iterator[Finding]:
    """A guide that asks for "other materials" asks for anything (norms.md §1.4)."""
    if page.kind not in ("procedure", "commitment"):
        return
    for field, text in texts(page.data):
        for phrase in BANNED:
            if phrase in text:
                message = N_("“%(phrase)s”不能用。请写明是哪一种，或删去。")
                yield Finding(page.path, field, message, {"phrase": phrase})
                break


def no_personal_numbers(page: Page, _book: Book) -> Iterator[Finding]:
    """No one's mobile or identity number is published by mistake; numbers to call stand in their own field."""
    for field, text in [*texts(page.data), *([("正文", page.body)] if page.kind == "page" else [])]:
        if found := MOBILE.search(text):
            message = N_("有一串像手机号的数字（%(start)s开头）。请删去，或写进电话一栏。")
            yield Finding(page.path, field, message, {"start": found[0][:3]})
        if CITIZEN_ID.search(text):
            yield Finding(page.path, field, N_("有一串像身份证号的数字。请删去。"))


def nothing_from_elsewhere(page: Page, _book: Book) -> Iterator[Finding]:
    """A page fetches nothing from another host, whoever wrote its text."""
    written = [page.body] if page.kind == "page" else []
    if any(FOREIGN.search(text) for text in [*written, *(text for _field, text in texts(page.data))]):
        yield Finding(page.path, "正文", N_("引用了别的网站的图片或程序。请把文件放到本站，再改成站内地址。"))


def links_lead_somewhere(page: Page, book: Book) -> Iterator[Finding]:
    """A link in a notice or on the home page goes to a page of this site, written from its root, or to an address."""
    links = LINK.findall(page.data["text"]) if page.kind == "notice" else []
    links += [f"/{item['href'].lstrip('/')}" for item in page.data["hot"]] if page.kind == "home" else []
    for link in links:
        path = link.split("#")[0].split("?")[0]
        if not link.startswith(OUTSIDE) and (path[:1] != "/" or path[1:] not in book.addresses):
            message = N_("链接“%(link)s”打不开。站内链接从/写起，例如/units/；站外链接写全https://。")
            yield Finding(page.path, "链接", message, {"link": link})


def same_index_no(pages: list[Page]) -> Iterator[Finding]:
    """An index number names one notice."""
    seen: dict[str, str] = {}
    for page in pages:
        if page.kind == "notice" and (first := seen.setdefault(page.data["index_no"], page.path)) != page.path:
            yield Finding(page.path, "索引号", N_("与“%(other)s”的索引号相同，请改一个。"), {"other": first})


def texts(data: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the data with the key it stands under, except numbers and addresses in fields of their own."""
    if isinstance(data, str):
        yield field, data
    elif isinstance(data, list):
        for value in data:
            yield from texts(value, field)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in NO_PROSE:
                yield from texts(value, field or str(key))


CHECKS: tuple[Check, ...] = (
    promise_within_law,
    known_units,
    no_circle_of_parents,
    known_procedure,
    known_branch,
    known_predecessor,
    day_in_file_name,
    real_days,
    no_catch_all,
    no_personal_numbers,
    nothing_from_elsewhere,
    links_lead_somewhere,
)
