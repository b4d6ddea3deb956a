"""Paper from the same data as the page: the one-time notice of a procedure, and sheets with QR codes for the wall."""

import hashlib
import os
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Template

from survey_app.publishing.outputs import poster
from survey_app.publishing.outputs.built import Built
from survey_app.publishing.outputs.flow import width_of
from survey_app.publishing.outputs.poster import Poster, as_pdf, as_svg
from survey_app.publishing.outputs.qr import qr_svg
from survey_app.publishing.pages import Page
from survey_app.publishing.render import environment
from survey_app.publishing.words import saved, workdays

NOTICE, POSTERS, RATING = "notice/", ("poster.svg", "poster.pdf"), "rate.pdf"
ROOM = (17, 21)  # lines for materials, facts and steps on one sheet at the usual and at the middle size
LONGEST_FOOT = 90  # a longer address would run over the edge of a sheet
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def write(built: Built) -> None:
    """Notices and posters of all pages a change has a part in; those of pages that are no more go."""
    for path in built.gone():
        for name in (NOTICE, *POSTERS, RATING):
            built.drop(_folder(path) + name)
    kept: set[str] = set()
    for page in (*built.book.kind("procedure"), *built.book.kind("unit")):
        if built.touches(page):
            _write_notice(built, page)
            kept |= _write_posters(built, page)
    if built.everything:
        _forget(built, kept)


def _folder(path: str) -> str:
    return path.removesuffix(".md").removesuffix("/index") + "/"


def has_notice(page: Page) -> bool:
    """A procedure that says what to bring; one from a list that says nothing yet has none."""
    return page.kind == "procedure" and "materials" in page.data and "place" in page.data


def has_poster(page: Page) -> bool:
    """A page that answers what a passer-by asks; an imported one that is still empty does not go on a wall."""
    return has_notice(page) or (page.kind == "unit" and not page.data.get("imported"))


def _write_notice(built: Built, page: Page) -> None:
    if page.kind != "procedure":
        return
    if has_notice(page):
        built.put(f"{page.url}{NOTICE}index.html", notice_page(built, page))
    else:
        built.drop(page.url + NOTICE)


@cache
def _template() -> Template:
    return environment().get_template("notice_print.html.j2")


def notice_page(built: Built, page: Page) -> str:
    """One sheet of A4 with all that the applicant must know and the counter must tell."""
    return _template().render(
        page=page,
        d=page.data,
        unit=built.book.unit(page.unit),
        home=built.home,
        root="../" * (page.url.count("/") + 1),
        code=qr_svg(built.root + page.url, "本事项网页的二维码") if built.root else "",
        size=size_of(page),
        CIRCLED=CIRCLED,
    )


def size_of(page: Page) -> str:
    """Smaller type for long notices, so that they fit one sheet."""
    lines = lines_on(page.data)
    return "usual" if lines <= ROOM[0] else "middle" if lines <= ROOM[1] else "long"


def lines_on(data: dict[str, Any]) -> int:
    """How many lines the parts take that differ from notice to notice, counted in full-width characters."""
    rows = [
        max(_lines(m["name"], 10), _lines(f"{m['form']}，{m['copies']}", 10), _lines(m.get("note") or m["source"], 14))
        for m in data["materials"]
    ]
    fee = data.get("fee", {})
    pairs = [
        max(_lines(data["place"], 10), _lines(data.get("hours", ""), 17)),
        _lines(f"{fee.get('amount', '')}（{fee.get('note', '')}）", 17),
        max(_lines(str(data.get("visits_note", "")), 16), _lines(str(data.get("result", "")), 17)),
    ]
    steps = sum(width_of(step["name"] + step.get("time", "")) + 5 for step in data.get("steps", []))
    return sum(rows) + sum(pairs) + ceil(steps / 40) + _lines(data.get("notice_note", ""), 42)


def _lines(text: str, room: int) -> int:
    return ceil(width_of(text) / room)


def _write_posters(built: Built, page: Page) -> set[str]:
    """The page's own sheet in two files and the one that asks for a rating; returns under which names PDFs are kept."""
    if not built.root or not has_poster(page):
        for name in (*POSTERS, RATING):
            built.drop(page.url + name)
        return set()
    made = poster_of(built, page)
    built.put(page.url + POSTERS[0], as_svg(made))
    kept = {_write_pdf(built, page.url + POSTERS[1], made)}
    if page.data.get("merged_into"):
        built.drop(page.url + RATING)
        return kept
    return kept | {_write_pdf(built, page.url + RATING, rating_poster_of(built, page))}


def _write_pdf(built: Built, path: str, made: Poster) -> str:
    name = f"{hashlib.sha256(_drawing() + as_svg(made).encode()).hexdigest()}.pdf"
    built.put(path, _kept_pdf(_cache(built) / name, made))
    return name


@cache
def _drawing() -> bytes:
    """How sheets are drawn: a kept PDF is of no use after this changed."""
    return Path(poster.__file__).read_bytes()


def poster_of(built: Built, page: Page) -> Poster:
    """What the sheet of a unit or of a procedure says."""
    district, address = str(built.home.get("district", "")), built.root + page.url
    foot = address if len(address) < LONGEST_FOOT else built.root
    if page.kind == "unit":
        call, owner, facts = "扫码看办什么事、谁在岗，也可以评议", district, unit_facts(page)
    else:
        call, owner = "扫码看要带什么、怎么办", district + built.book.unit_title(page.unit)
        facts = procedure_facts(page)
    return Poster(owner, page.title, address, call, tuple(fact for fact in facts if fact), foot)


def rating_address(root: str, unit: str, procedure: str = "") -> str:
    """Where one service is rated; `root` is the site's address with a slash at its end."""
    return f"{root}rate/service/{unit}" + (f"/{procedure}" if procedure else "")


def rating_poster_of(built: Built, page: Page) -> Poster:
    """The sheet for the window: who was asked there says so by the address."""
    procedure = page.slug if page.kind == "procedure" else ""
    address = rating_address(built.root, page.unit, procedure) + "?from=window"
    owner = str(built.home.get("district", "")) + (built.book.unit_title(page.unit) if procedure else "")
    facts = ("好不好由您说，回家再评也可以", "有办事码的填上，评价才计入得分")
    foot = address if len(address) < LONGEST_FOOT else built.root
    return Poster(owner, page.title, address, "扫码评这次服务", facts, foot)


def unit_facts(page: Page) -> tuple[str, ...]:
    """When it is open and whom to call."""
    phone = f"咨询{page.data['phone']}" if page.data.get("phone") else ""
    return (str(page.data.get("hours", "")), phone)


def procedure_facts(page: Page) -> tuple[str, ...]:
    """The promise first, then what it costs and whom to ask."""
    data = page.data
    promise = f"承诺{workdays(data['promised_limit_days'])}" if "promised_limit_days" in data else ""
    spared = saved(data) if "legal_limit_days" in data and promise else ""
    fee = f"收费：{data['fee']['amount']}" if data.get("fee") else ""
    phone = f"咨询{data['phone']}" if data.get("phone") else ""
    return (promise + (f"（{spared}）" if spared else ""), fee, phone)


def _kept_pdf(file: Path, made: Poster) -> bytes:
    """The PDF of an unchanged sheet is kept from build to build: drawing it is the dearest part of a poster."""
    if file.is_file():
        return file.read_bytes()
    pdf = as_pdf(made)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(pdf)
    part.replace(file)
    return pdf


def _forget(built: Built, kept: set[str]) -> None:
    """Remove PDFs of sheets that are no more."""
    for file in _cache(built).glob("*"):
        if file.name not in kept:
            file.unlink()


def _cache(built: Built) -> Path:
    return built.settings.var / "cache" / "posters"
