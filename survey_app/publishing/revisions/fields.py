"""What a kind of page asks for: its schema as fields in the schema's order, ready for forms and differences."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from survey_app.publishing.revisions import dutyboard
from survey_app.publishing.schemas import SCHEMAS

Shape = Literal["text", "number", "choice", "checks", "checkbox", "lines", "points", "group", "rows"]
LONG = frozenset({"textarea", "markdown"})
CHOOSERS = frozenset({"unit", "procedure", "notice"})
COUNTED_IN = re.compile(r"^(?P<name>.+)（(?P<unit>工作日|天|小时|分钟|元|件|份|次|趟)）$")

# What decides a unit's place in the district is the publicity office's to write; a desk shows it and leaves it.
OFFICE_ONLY: Mapping[str, frozenset[str]] = {
    "unit": frozenset({"title", "class", "parent", "former_names", "former_slugs", "merged_into", "ended_on"}),
    "notice": frozenset({"unit"}),
    "disclosure_item": frozenset({"unit", "number"}),
    "disclosure_block": frozenset({"unit"}),
    "annual_report": frozenset({"unit"}),
}
# Written by the duty board in two taps, never in a long form that may be hours old.
DUTY_ONLY: Mapping[str, frozenset[str]] = {"unit": frozenset({dutyboard.AT})}


@dataclass(frozen=True)
class FieldSpec:
    """One thing asked for. `parts`: fields of a group, or of one row."""

    name: str
    title: str
    help: str
    shape: Shape
    widget: str = "text"
    required: bool = False
    unit: str = ""
    group: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    parts: tuple["FieldSpec", ...] = ()
    row_title: str = ""  # what one row is called
    row_name: str = ""  # the part that names a row
    keeps_empty: bool = False
    whole: bool = False  # of numbers: no fraction
    longest: int = 0
    hidden: bool = False

    def part(self, name: str) -> "FieldSpec | None":
        """One of its parts by name."""
        return next((part for part in self.parts if part.name == name), None)


@cache
def schema(kind: str) -> dict[str, Any]:
    """The kind's schema as written."""
    found: dict[str, Any] = json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8"))
    return found


@cache
def kind_title(kind: str) -> str:
    """What people call this kind of page."""
    return str(schema(kind)["title"])


@cache
def all_fields(kind: str) -> tuple[FieldSpec, ...]:
    """Every field of the kind in the schema's order, hidden ones too."""
    return tuple(_fields(schema(kind)))


def form_fields(kind: str, *, office: bool = False) -> tuple[FieldSpec, ...]:
    """The fields a form shows: to the publicity office, or to a unit's desk."""
    left = DUTY_ONLY.get(kind, frozenset()) | (frozenset() if office else OFFICE_ONLY.get(kind, frozenset()))
    shown = (field for field in all_fields(kind) if not field.hidden and field.name not in left)
    return tuple(_without_duty(field) if kind == "unit" else field for field in shown)


def office_changes(kind: str, base: Mapping[str, Any] | None, data: Mapping[str, Any], unit_slug: str) -> list[str]:
    """Titles of the fields that only the office writes and in which `data` differs from the published page.

    Of a new page (`base` None) only whose it is, is settled; a new unit is the office's altogether.
    """
    only = OFFICE_ONLY.get(kind, frozenset())
    if base is None and kind != "unit":
        base, only = {"unit": unit_slug}, only & {"unit"}
    ground = base or {}
    changed = (field for field in all_fields(kind) if field.name in only)
    return [field.title for field in changed if data.get(field.name) != ground.get(field.name)]


def _without_duty(field: FieldSpec) -> FieldSpec:
    if field.name != dutyboard.WINDOWS:
        return field
    return replace(field, parts=tuple(part for part in field.parts if part.name not in dutyboard.PARTS))


def by_group(fields: tuple[FieldSpec, ...]) -> list[tuple[str, list[FieldSpec]]]:
    """Fields under their headings, in the order in which the headings first appear."""
    found: dict[str, list[FieldSpec]] = {}
    for field in fields:
        found.setdefault(field.group, []).append(field)
    return list(found.items())


def merged(
    kind: str, base: Mapping[str, Any], typed: Mapping[str, Any], shown: tuple[FieldSpec, ...]
) -> dict[str, Any]:
    """The page's data: what the form shows from `typed`, the rest from `base`, in the schema's order.

    What the schema does not know stays, at the end, for the checks to speak of.
    """
    asked = {field.name for field in shown}
    source = {field.name: typed if field.name in asked else base for field in all_fields(kind)}
    data = {name: where[name] for name, where in source.items() if name in where}
    made = {"kind": kind, **data, **{name: value for name, value in base.items() if name not in source}}
    return dutyboard.with_board(made, base) if kind == "unit" else made


def _fields(node: Mapping[str, Any]) -> Iterator[FieldSpec]:
    required = _required(node)
    for name, prop in node["properties"].items():
        yield _field(name, prop, name in required)


def _required(node: Mapping[str, Any]) -> set[str]:
    """What is asked of a finished page; a page just imported may still lack it, and its checks know."""
    return {*node.get("required", ()), *node.get("then", {}).get("required", ())}


def _field(name: str, prop: Mapping[str, Any], required: bool) -> FieldSpec:
    title, unit = _counted(str(prop.get("title", name)))
    return FieldSpec(
        name=name,
        title=title,
        help=str(prop.get("description", "")),
        shape=_shape(prop),
        widget=_widget(prop),
        required=required,
        unit=unit,
        group=str(prop.get("x-group", "")),
        choices=_choices(prop),
        parts=_parts(prop),
        row_title=str(prop.get("items", {}).get("title", "")),
        row_name=str(prop.get("x-row", "")),
        keeps_empty=bool(prop.get("x-empty")),
        whole=prop.get("type") == "integer",
        longest=int(prop.get("maxLength", 0)),
        hidden=bool(prop.get("x-hidden") or prop.get("x-system")),
    )


def _counted(title: str) -> tuple[str, str]:
    """承诺办结时限（工作日）: the name, and the unit that stands behind the box."""
    found = COUNTED_IN.match(title)
    return (found["name"], found["unit"]) if found else (title, "")


def _shape(prop: Mapping[str, Any]) -> Shape:
    plain: dict[str, Shape] = {"integer": "number", "number": "number", "boolean": "checkbox", "object": "group"}
    if prop.get("type") == "array":
        return _list_shape(prop["items"])
    return "choice" if "enum" in prop else plain.get(str(prop.get("type")), "text")


def _list_shape(items: Mapping[str, Any]) -> Shape:
    if "enum" in items:
        return "checks"
    if items.get("type") == "array":
        return "points"
    simple = items.get("type") == "string" and items.get("x-widget", "text") in {"text"}
    return "lines" if simple else "rows"


def _widget(prop: Mapping[str, Any]) -> str:
    return str(prop.get("x-widget", "text"))


def _choices(prop: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    values = prop.get("enum") or prop.get("items", {}).get("enum") or ()
    labels = prop.get("x-labels") or prop.get("items", {}).get("x-labels") or {}
    return tuple((str(value), str(labels.get(value, value))) for value in values)


def _parts(prop: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    node = prop.get("items", {}) if prop.get("type") == "array" else prop
    if "properties" in node:
        return tuple(_fields(node))
    if prop.get("type") == "array" and _list_shape(prop["items"]) == "rows":
        return (_field(ITEM, node, required=True),)
    return ()


ITEM = "item"  # the one part of a row that is a plain value
