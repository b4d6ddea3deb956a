"""Every list of the site as CSV and JSON at an address that stays, described in the words of the schemas."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from survey_app.publishing.book import Book
from survey_app.publishing.outputs.built import Built
from survey_app.publishing.pages import Page
from survey_app.publishing.schemas import validator
from survey_app.publishing.words import limit

FOLDER = "data"
NO_COLUMN = {"kind", "text", "imported"}  # the body of a notice stands on its page; the rest is of no use to a reader
ADDRESS = ("url", "网址", "这一页在本站的地址，从网站首页算起。")
UNIT = ("unit", "单位代号", "单位在网址里的名字，各表用它相连。")
UNIT_TITLE = ("unit_title", "单位名称", "")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Column = tuple[str, str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class List:
    """One list: its name in addresses, its title, what it holds, and the kind of page it comes from."""

    name: str
    title: str
    about: str
    kind: str
    part: str = ""  # a field that is a list of its own: one row per entry

    def rows(self, book: Book) -> Iterator[Row]:
        """All rows in order of path."""
        return (row for page in book.kind(self.kind) for row in self._rows_of(book, page))

    def _rows_of(self, book: Book, page: Page) -> Iterator[Row]:
        head = _head(book, page)
        if not self.part:
            yield {**head, **{key: value for key, value in page.data.items() if key not in NO_COLUMN}}
            return
        for number, entry in enumerate(page.data.get(self.part, []), 1):
            yield {**head, "title": page.title, "number": number, **entry}


LISTS = (
    List("units", "单位", "每个单位的地址、电话、办公时间、职责和窗口。", "unit"),
    List("procedures", "办事指南", "每件事的条件、时限、收费、地点和依据。", "procedure"),
    List("materials", "申请材料", "每件事要带的材料，一种一行。", "procedure", "materials"),
    List("commitments", "服务承诺", "承诺什么、怎么算做到、没做到怎么办。", "commitment"),
    List("kept", "承诺兑现率", "最近一个月，办过事的人说各条承诺做到没有。", "kept_rates", "rates"),
    List("answers", "答复过的问题", "大家问过的问题和单位的答复，经人改写和审核。", "answers", "questions"),
    List("mended", "评议后整改", "大家反映的问题和后来改了什么。", "answers", "mended"),
    List("handling", "办理情况", "每个月各单位办结的办件：按时、多久、满意不满意。", "handling", "units"),
    List("notices", "公示公告", "每条公告的索引号、日期、类别和有效性。", "notice"),
    List("disclosure", "基层政务公开标准目录", "公开什么、谁公开、多久更新一次、到哪里看。", "disclosure_item"),
    List("results", "评议轮次", "各轮评议的起止日期和状态；得分和计数在每一轮的结果页里。", "round"),
)


@dataclass(frozen=True)
class Described:
    """What the page of the lists says about one of them."""

    name: str
    title: str
    about: str
    count: int
    columns: tuple[Column, ...]


def described(book: Book) -> list[Described]:
    """All lists with their number of rows and their columns, for the page 数据下载."""
    counts = {each.name: sum(1 for _row in each.rows(book)) for each in LISTS}
    return [Described(each.name, each.title, each.about, counts[each.name], columns(each.name)) for each in LISTS]


def _head(book: Book, page: Page) -> Row:
    """Where the row comes from and whose it is."""
    unit = page.unit or str(page.data.get("unit", ""))
    own = {"unit": unit} if unit else {}
    return {"url": page.url, **own, **({"unit_title": book.unit_title(unit)} if unit and page.kind != "unit" else {})}


def _fields(wanted: List) -> dict[str, Any]:
    schema: Any = validator(wanted.kind).schema
    fields: dict[str, Any] = schema["properties"]
    return fields


@cache
def columns(name: str) -> tuple[Column, ...]:
    """The columns of a list, in the order of the schema: name, what people call it, what it means."""
    wanted = next(each for each in LISTS if each.name == name)
    fields = _fields(wanted)
    head = {"round": [ADDRESS], "unit": [ADDRESS, UNIT]}.get(wanted.kind, [ADDRESS, UNIT, UNIT_TITLE])
    if wanted.part:
        head += [("title", fields["title"]["title"], ""), ("number", "序号", "在这一页里的第几行。")]
        fields = fields[wanted.part]["items"]["properties"]
    taken = {column[0] for column in head} | NO_COLUMN
    own = [(key, at.get("title", key), at.get("description", "")) for key, at in fields.items() if key not in taken]
    return (*head, *own)


def write(built: Built) -> None:
    """All lists that a change has a part in; a unit's name stands in every one."""
    for each in LISTS:
        if not built.touches_kind(each.kind, "unit"):
            continue
        rows = list(each.rows(built.book))
        built.put(f"{FOLDER}/{each.name}.csv", as_csv(each, rows))
        built.put(f"{FOLDER}/{each.name}.json", as_json(rows))
        if built.everything:
            built.put(f"{FOLDER}/{each.name}.csv-metadata.json", _pretty(metadata(each)))
            built.put(f"{FOLDER}/{each.name}.schema.json", _pretty(row_schema(each)))


def as_csv(wanted: List, rows: list[Row]) -> bytes:
    """UTF-8 with a mark, as desktops in China read it; the first line says what people call each column.

    Threat: a cell that begins like a formula is one to a spreadsheet. An apostrophe makes it text.
    """
    names = [column[0] for column in columns(wanted.name)]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column[1] for column in columns(wanted.name)])
    writer.writerows([[cell(row.get(name), name) for name in names] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def cell(value: Any, name: str = "") -> str:
    """One value as text: parts of a thing after a comma, things after a semicolon."""
    if name == "limit" and isinstance(value, dict):
        return limit(value)
    text = _flat(value)
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(_flat(each) for each in value)
    if isinstance(value, dict):
        return "，".join(_flat(each) for each in value.values())
    return str(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_json(rows: list[Row]) -> str:
    """One row a line, so that two versions can be compared; values as they stand in the pages."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def metadata(wanted: List) -> dict[str, Any]:
    """The table described for machines (W3C CSV on the Web)."""
    told = [
        {"name": name, "titles": title, **({"dc:description": about} if about else {})}
        for name, title, about in columns(wanted.name)
    ]
    key = ["url", "number"] if wanted.part else "url"
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": f"{wanted.name}.csv",
        "dc:title": wanted.title,
        "dc:description": wanted.about,
        "tableSchema": {"columns": told, "primaryKey": key},
    }


def row_schema(wanted: List) -> dict[str, Any]:
    """The contract of the JSON: the schema of its pages, and where each row comes from."""
    fields = _fields(wanted)
    own = fields[wanted.part]["items"]["properties"] if wanted.part else fields
    told = {name: {"title": title, "description": about} for name, title, about in columns(wanted.name)}
    known = {name: {**told[name], **own.get(name, {})} for name in told}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": wanted.title,
        "type": "array",
        "items": {"type": "object", "required": ["url"], "properties": known},
    }


def _pretty(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
