"""What stands in which sheet and column, derived from the schemas: one sheet a kind, one more for each list of rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from survey_app.domain.errors import N_
from survey_app.publishing.schemas import kinds, validator
from survey_app.publishing.words import CLASSES, STATES

TABLE_KINDS = {
    "unit": N_("单位"),
    "procedure": N_("办事指南"),
    "commitment": N_("服务承诺"),
    "disclosure_item": N_("公开事项"),
}
# Set by the portal itself, when a unit is renamed or merged and when gaps are filled.
OWN = {"kind", "imported", "former_slugs", "merged_into", "ended_on"}
REFERENCES = {("unit", "parent"), ("procedure", "co_units"), ("disclosure_item", "unit")}
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# The field that tells two rows of one unit apart, where the title is not it.
CODES = {"procedure": "code", "disclosure_item": "number"}
UNIT, SLUG = "@unit", "@slug"
LABELS = {"class": CLASSES, "state": {code: word for code, (_sign, word) in STATES.items()}}


@dataclass(frozen=True)
class Column:
    """One column. `key` is the place in the front matter, or starts with @ where it is none.

    `kind`: text, lines, enum, enums, integer, number, flag, day, unit, units, procedure.
    """

    key: str
    title: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    single_line: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        """The key as steps into the data."""
        return tuple(self.key.split("."))


@dataclass(frozen=True)
class Sheet:
    """One table: `field` is empty for the pages themselves, else the list that stands in a sheet of its own."""

    name: str
    kind: str
    field: str
    columns: tuple[Column, ...]
    may_be_none: bool = False  # the list may be said to be empty, which is not the same as not said

    def column(self, key: str) -> Column | None:
        """The column with this key."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns that hold data of this sheet, without those that only say whose it is."""
        whose = {UNIT, SLUG} if not self.field else {UNIT, "@code", "@title"}
        return tuple(column for column in self.columns if column.key not in whose)


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet of a workbook, in order."""
    return tuple(sheet for kind in TABLE_KINDS if kind in kinds() for sheet in _of_kind(kind))


def sheet_named(name: str) -> Sheet | None:
    """The sheet that bears this name."""
    return next((sheet for sheet in sheets() if sheet.name == name.strip()), None)


def main_sheet(kind: str) -> Sheet:
    """The sheet of the pages of one kind."""
    return next(sheet for sheet in sheets() if sheet.kind == kind and not sheet.field)


def lists_of(kind: str) -> list[Sheet]:
    """The sheets that belong to the pages of one kind."""
    return [sheet for sheet in sheets() if sheet.kind == kind and sheet.field]


def _of_kind(kind: str) -> Iterator[Sheet]:
    schema: Any = validator(kind).schema
    name, properties = TABLE_KINDS[kind], schema["properties"]
    required = {*schema["required"], *schema.get("then", {}).get("required", [])}
    columns = [] if kind == "unit" else [_whose_unit(kind)]
    lists = []
    for key, field in properties.items():
        if key in OWN or (kind == "disclosure_item" and key == "unit"):
            continue
        if field.get("type") == "array" and field["items"].get("type") == "object":
            lists.append((key, field))
        else:
            columns += _flat(kind, key, field, key in required)
    yield Sheet(name, kind, "", (*columns, _slug_column()))
    for key, field in lists:
        yield _list_sheet(name, kind, key, field, properties)


def _whose_unit(kind: str) -> Column:
    title = N_("公开主体") if kind == "disclosure_item" else N_("单位")
    return Column(UNIT, title, "unit", N_("单位全称，与“单位”表里写的一样。"), required=True)


def _slug_column() -> Column:
    return Column(SLUG, N_("页面名"), hint=N_("导出时自动写好，不要改；新增的一行空着。"))


def _list_sheet(name: str, kind: str, key: str, field: dict[str, Any], properties: dict[str, Any]) -> Sheet:
    item = field["items"]
    required = set(item.get("required", []))
    columns = [Column(UNIT, N_("单位"), "unit", N_("与“%(sheet)s”表里写的一样。") % {"sheet": name}, required=True)]
    if kind != "unit":
        columns += list(_whose_page(kind, name, properties))
    for inner, below in item["properties"].items():
        columns += _flat(kind, inner, below, inner in required)
    short = item.get("title") or field["title"]
    return Sheet(f"{name}·{short}", kind, key, tuple(columns), field.get("minItems", 0) == 0)


def _whose_page(kind: str, name: str, properties: dict[str, Any]) -> Iterator[Column]:
    hint = N_("与“%(sheet)s”表里写的一样。") % {"sheet": name}
    if code := CODES.get(kind):
        yield Column("@code", properties[code]["title"], hint=hint, required=True)
    yield Column("@title", properties["title"]["title"], hint=hint, required=not code)


def _flat(kind: str, key: str, field: dict[str, Any], required: bool, above: str = "") -> list[Column]:
    title = above + (field.get("title") or key)
    if field.get("type") == "object":
        inner, must = field["properties"], set(field.get("required", []))
        found = []
        for name, below in inner.items():
            found += _flat(kind, f"{key}.{name}", below, required and name in must, f"{title}：")
        return found
    return [_column(kind, key, title, field, required)]


def _column(kind: str, key: str, title: str, field: dict[str, Any], required: bool) -> Column:
    options: tuple[tuple[str, str], ...] = ()
    choices = field.get("enum") or field.get("items", {}).get("enum")
    if choices:
        labels = LABELS.get(key, {})
        options = tuple((code, labels.get(code, code)) for code in choices)
    return Column(key, title, _kind(kind, key, field), field.get("description", ""), required, options)


def _kind(kind: str, key: str, field: dict[str, Any]) -> str:
    many = field.get("type") == "array"
    if (kind, key) in REFERENCES:
        return "units" if many else "unit"
    if (kind, key) == ("commitment", "procedure"):
        return "procedure"
    if "enum" in field or "enum" in field.get("items", {}):
        return "enums" if many else "enum"
    if field.get("pattern") == DAY:
        return "day"
    return {"array": "lines", "integer": "integer", "number": "number", "boolean": "flag"}.get(
        str(field.get("type")), "text"
    )
