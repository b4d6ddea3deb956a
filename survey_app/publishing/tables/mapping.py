"""Which sheet a table is and which column holds which field: by name, by known other names, by what the user says."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from survey_app.domain.errors import N_, BadInput
from survey_app.publishing.tables.columns import UNIT, Column, Sheet, sheet_named, sheets
from survey_app.publishing.tables.sheet import Row, Table

HEADER_WITHIN = 10  # a title or a note may stand above the header
SKIP = "-"
# What other lists call our columns: the field, and then the names; the first sheet of a kind only.
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "unit": {
        "title": ("unit", "单位", "部门", "部门名称", "机构名称", "单位全称", "名称"),
        "class": ("类别", "unit_class"),
        "parent": ("上级单位", "主管部门"),
        "credit_code": ("信用代码", "社会信用代码"),
        "phone": ("电话", "联系电话"),
        "complaint_phone": ("投诉电话",),
        "hours": ("工作时间", "办理时间"),
    },
    "procedure": {
        UNIT: ("unit", "部门", "部门名称", "单位名称", "实施主体", "实施机构", "办理单位"),
        "title": ("item", "事项", "名称", "办事指南", "业务名称"),
        "code": ("item_code", "编码", "实施编码", "事项代码"),
        "group": ("main_item", "主项", "主项名称"),
        "link": ("网址", "链接", "办理地址链接"),
        "type": ("权力类型",),
        "basis": ("设定依据", "办理依据"),
        "conditions": ("受理条件", "办理条件"),
        "legal_limit_days": ("法定办结时限", "法定时限"),
        "promised_limit_days": ("承诺办结时限", "承诺时限"),
        "place": ("办理地点",),
        "phone": ("电话", "联系电话"),
        "complaint_phone": ("投诉电话",),
        "scope": ("受理范围", "服务对象范围"),
    },
    "commitment": {
        UNIT: ("unit", "部门", "单位名称"),
        "title": ("承诺名称", "标题", "服务承诺"),
        "phone": ("电话", "联系电话"),
    },
    "disclosure_item": {
        UNIT: ("unit", "单位", "责任单位", "责任部门"),
        "content": ("公开内容",),
        "channels": ("公开渠道",),
    },
}


@dataclass(frozen=True)
class Mapped:
    """A table whose columns are understood: position -> column; `unknown` are headers that led nowhere."""

    table: Table
    sheet: Sheet
    columns: dict[int, Column]
    header_row: int
    headers: tuple[str, ...]
    unknown: tuple[str, ...]
    skipped: tuple[str, ...]  # the user said: leave these out
    rows: tuple[Row, ...]


def plain(header: object) -> str:
    """A header as it is compared: without stars, blanks and notes in brackets of being required."""
    text = unicodedata.normalize("NFKC", str(header or "")).strip()
    return re.sub(r"[\s*]+|\((必填|选填|可空|多选)\)", "", text).lower()


@cache
def known_names() -> frozenset[str]:
    """Every header that leads somewhere without being asked."""
    own = {plain(name) for sheet in sheets() for column in sheet.columns for name in (column.title, column.key)}
    return frozenset(own | {name for fields in SYNONYMS.values() for names in fields.values() for name in names})


def map_table(table: Table, wishes: Mapping[str, str] | None = None, kind: str = "") -> Mapped:
    """Understand one table. `wishes`: header -> key, title or "-" to leave out. Raises BadInput."""
    wishes = {plain(header): wanted.strip() for header, wanted in (wishes or {}).items()}
    sheet, at = _sheet_of(table, wishes, kind)
    header, keys = table.rows[at], _keys_above(table, at)
    columns, unknown, skipped = _columns(table, sheet, header, keys, wishes)
    headers = tuple(str(cell).strip() if cell is not None else "" for cell in header.cells)
    below = tuple(row for row in table.rows[at + 1 :] if not _is_key_row(row))
    return Mapped(table, sheet, columns, header.number, headers, tuple(unknown), tuple(skipped), below)


def _sheet_of(table: Table, wishes: Mapping[str, str], kind: str) -> tuple[Sheet, int]:
    named = sheet_named(kind) or sheet_named(table.sheet)
    best = max(
        (
            (_score(sheet, row, wishes), sheet is named, -place, sheet)
            for sheet in ([named] if named else sheets())
            for place, row in enumerate(table.rows[:HEADER_WITHIN])
        ),
        key=lambda found: found[:3],
        default=None,
    )
    if best is None or best[0] < (1, 0):
        problem = N_("“%(sheet)s”：找不到表头。第一行要写列名，例如“单位”“事项名称”“事项编码”。请照模板填。")
        raise BadInput(file=table.file, problem=problem, sheet=table.sheet)
    return best[3], -best[2]


def _score(sheet: Sheet, row: Row, wishes: Mapping[str, str]) -> tuple[int, int]:
    """How well a row serves as this sheet's header: columns that say whose a row is first, then all that are known."""
    if _is_key_row(row):
        return (0, 0)
    names = {plain(cell) for cell in row.cells if cell is not None}
    keys = {column.key for name in names if (column := _known(sheet, wishes.get(name, name)))}
    needed = {"title"} if not sheet.field else {UNIT}
    telling = {"title", UNIT, "code"} if sheet.kind == "procedure" and not sheet.field else set()
    return (len(keys), len(keys & telling)) if needed <= keys else (0, 0)


def _known(sheet: Sheet, name: str) -> Column | None:
    wanted = plain(name)
    for column in sheet.columns:
        if wanted in (plain(column.title), column.key.lower()):
            return column
    for key, others in (SYNONYMS.get(sheet.kind, {}) if not sheet.field else {}).items():
        if wanted in others:
            return sheet.column(key)
    return sheet.column(UNIT) if wanted == "unit" else None


def _is_key_row(row: Row) -> bool:
    cells = [cell for cell in row.cells if cell is not None and cell != ""]
    return bool(cells) and all(isinstance(cell, str) and cell.startswith("#") for cell in cells)


def _keys_above(table: Table, at: int) -> tuple[object, ...]:
    """The hidden row of keys above the header: it knows a column whose header was reworded."""
    return table.rows[at - 1].cells if at and _is_key_row(table.rows[at - 1]) else ()


def _columns(
    table: Table, sheet: Sheet, header: Row, keys: tuple[object, ...], wishes: Mapping[str, str]
) -> tuple[dict[int, Column], list[str], list[str]]:
    found: dict[int, Column] = {}
    unknown, skipped = [], []
    for place, cell in enumerate(header.cells):
        name = plain(cell)
        if not name:
            continue
        if wishes.get(name) in (SKIP, ""):
            skipped.append(str(cell).strip())
            continue
        column = _wished(table, sheet, name, wishes) or _known(sheet, name) or _by_key(sheet, keys, place)
        if column is None:
            unknown.append(str(cell).strip())
        elif column in found.values():
            problem = N_("“%(sheet)s”：有两列都是“%(name)s”。请删去一列，或改对应关系。")
            raise BadInput(file=table.file, problem=problem, sheet=table.sheet, name=column.title)
        else:
            found[place] = column
    return found, unknown, skipped


def _wished(table: Table, sheet: Sheet, name: str, wishes: Mapping[str, str]) -> Column | None:
    if name not in wishes:
        return None
    column = _known(sheet, wishes[name])
    if column is None:
        problem = N_("“%(sheet)s”表里没有“%(field)s”这一项，不能把“%(name)s”对过去。")
        raise BadInput(file=table.file, problem=problem, sheet=sheet.name, field=wishes[name], name=name)
    return column


def _by_key(sheet: Sheet, keys: tuple[object, ...], place: int) -> Column | None:
    key = str(keys[place] or "") if place < len(keys) else ""
    return sheet.column(key.removeprefix("#")) if key else None
