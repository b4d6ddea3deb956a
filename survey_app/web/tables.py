"""Any table of a page of the work side as Excel, read from the very page that its reader is shown.

A template writes `{{ table_link() }}` after a table. Asked for with `as=xlsx&table=N`, the page is drawn as ever,
behind its own door, and its N-th such table leaves as a workbook, logged like every download. Lists have an Excel of
their own (`web.lists`), with every row that fits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from lxml import html
from markupsafe import Markup

from survey_app.domain.errors import N_, Refusal
from survey_app.web.context import now, today
from survey_app.web.language import say
from survey_app.web.people import person
from survey_app.web.sending import XLSX, send_download
from survey_app.web.workbook import Percent, write_table

AS, TABLE = "as", "table"
LONGEST_NAME = 60
NUMBERS = frozenset({"p-num", "p-num-end"})  # classes of a cell that says a number
NO_VALUE = "–"
UNSAID = frozenset({"label", "button", "form"})  # asks for something instead of saying it
TYPED = frozenset({"text", "date", "time", "tel"})
APART = frozenset({"br", "div", "p", "li"})
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%?)")
_DAY = re.compile(r"(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})日?")
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
_LINK = Markup('<p class="p-small p-excel"><a href="{href}" data-table="{number}">{words}</a></p>')


@dataclass(frozen=True)
class Table:
    """A table as it stands on a page: numbers and days as what they are, all else as text."""

    title: str
    header: list[str]
    rows: list[list[object]]


def register(app: Flask) -> None:
    """Templates may offer a table, and a page that is asked for one answers with it."""
    app.jinja_env.globals["table_link"] = table_link
    app.after_request(_answer_with_table)


def table_link() -> Markup:
    """The link that downloads the table before it; nothing on a page that no address brings back."""
    if request.method != "GET":
        return Markup()
    g.tables_offered = number = g.get("tables_offered", 0) + 1
    asked = {name: values for name, values in request.args.lists() if name not in (AS, TABLE)}
    query = urlencode({**asked, AS: "xlsx", TABLE: number}, doseq=True)
    href = f"{request.script_root}{request.path}?{query}"
    return _LINK.format(href=href, number=number, words=say(N_("下载这张表（Excel）")))


def wanted() -> int | None:
    """Which table of its page the address asks for; None for none."""
    return request.args.get(TABLE, type=int) if request.args.get(AS) == "xlsx" else None


def _answer_with_table(response: Response) -> Response:
    number = wanted()
    if number is None or not _is_page(response):
        return response
    found = read(response.get_data(as_text=True), number)
    return _sent(found) if found else response


def _is_page(response: Response) -> bool:
    here = request.method == "GET" and response.status_code == 200 and person() is not None
    return here and response.mimetype == "text/html" and not response.is_streamed


def _sent(found: Table) -> Response:
    content = write_table(found.title, found.header, found.rows, now())
    name = f"{found.title.translate(_NOT_IN_NAMES)[:LONGEST_NAME]}-{today()}.xlsx"
    try:
        return send_download(content, name, XLSX, rows=len(found.rows), page=request.path)
    except Refusal as refusal:  # outside of a view nobody else would say it in words
        return current_app.make_response(current_app.handle_user_exception(refusal))


def read(page: str, number: int) -> Table | None:
    """The table that stands before this link of the page; None where the page offers no such table."""
    tables = html.fromstring(page).xpath("//a[@data-table=$number]/preceding::table[1]", number=str(number))
    if not tables:
        return None
    [table] = tables
    head, body = _grid(table.xpath("./thead/tr")), _grid(table.xpath("./tbody/tr"))
    rows = [[_value(cell) for cell in row] for row in body]
    return Table(_title(table), [_headings(column) for column in zip(*head, strict=True)], rows)


def _title(table: Any) -> str:
    captions = table.xpath("./caption") or table.xpath("preceding::*[self::h1 or self::h2 or self::h3][1]")
    return _text(captions[0]) if captions else say(N_("表格"))


def _headings(cells: Sequence[Any]) -> str:
    """What stands above a column, from top to bottom, each once."""
    return " ".join(dict.fromkeys(_text(cell) for cell in cells if cell is not None))


def _grid(rows: Sequence[Any]) -> list[list[Any]]:
    """Cells by row and column; one that spans several stands in each of them."""
    places: dict[tuple[int, int], Any] = {}
    for down, row in enumerate(rows):
        across = 0
        for cell in row.xpath("./th | ./td"):
            while (down, across) in places:
                across += 1
            high, wide = (int(cell.get(name, "1")) for name in ("rowspan", "colspan"))
            places |= {(down + y, across + x): cell for y in range(high) for x in range(wide)}
    width = max((across + 1 for _down, across in places), default=0)
    return [[places.get((down, across)) for across in range(width)] for down in range(len(rows))]


def _value(cell: Any) -> object:
    if cell is None:
        return None
    text = _text(cell)
    if text == NO_VALUE:
        return None
    return _number(text) if _says_number(cell) else _day(text)


def _says_number(cell: Any) -> bool:
    return bool(NUMBERS & set(cell.get("class", "").split()) or cell.xpath(".//input[@inputmode]"))


def _number(text: str) -> object:
    """12, 3,400, 71.4 or 71.4%; what is none of them stays as it is written."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    plain = text.rstrip("%").replace(",", "")
    if found[2]:
        return Percent(Decimal(plain) / 100)
    return float(plain) if found[1] else int(plain)


def _day(text: str) -> object:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else text
    except ValueError:
        return text


def _text(cell: Any) -> str:
    """The words of a cell as somebody hears them read; of a box, what is typed or chosen in it."""
    return " ".join(_said(cell).split())


def _said(node: Any) -> str:
    if node.tag in UNSAID or not isinstance(node.tag, str) or node.get("aria-hidden") == "true":
        return ""
    if node.tag == "input":
        return str(node.get("value", "")) if node.get("type", "text") in TYPED else ""
    if node.tag == "select":
        return "".join(chosen.text or "" for chosen in node.xpath(".//option[@selected]"))
    words = (node.text or "") + "".join(f"{_said(part)}{part.tail or ''}" for part in node)
    return f" {words} " if node.tag in APART else words
