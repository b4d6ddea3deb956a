"""Front matter against site/schemas: what is wrong, in the field's Chinese name, and what a good value looks like.

Every property of a schema has a Chinese `title` and a `description` that says what a good answer looks like; the desk
shows both. What a form needs beyond JSON Schema stands in these keywords (no check reads them but `x-widget`):

x-widget  how the value is asked for: textarea, markdown, date, time, datetime, tel, url, email, number, checkbox,
          checks, file (a path below the pages folder, such as files/tax/form.pdf), text, and the choosers unit (slug
          of a unit), procedure (slug of a procedure of the same unit), notice (slug of a notice). Without it the type
          decides: enum = select, integer and number = number, array of objects = repeating rows, array of strings =
          one a line.
x-group   the heading under which a top-level field stands in the form and in the difference; fields keep their order.
x-labels  code -> Chinese, for an enum whose values are codes.
x-row     the field that names a row of a repeating group.
x-empty   an empty list says something ("no materials at all") and is kept; elsewhere an empty list is left out.
x-hidden  never shown and never changed in a form.
x-system  written by the portal (a withdrawal, a round), not by hand.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from survey_app.config import HOME
from survey_app.domain.errors import N_, Finding
from survey_app.publishing.pages import Page

SCHEMAS = HOME / "site" / "schemas"
TYPES = {
    "string": "文字（数字和日期要加引号）",
    "integer": "整数",
    "number": "数字",
    "array": "列表，每行以“- ”开头",
    "object": "几个小项",
    "boolean": "true或false",
}
Answer = tuple[str, dict[str, object]]


@cache
def validator(kind: str) -> Draft202012Validator:
    """The contract of one kind of page."""
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8")))


@cache
def kinds() -> frozenset[str]:
    """All kinds of page that have a contract."""
    return frozenset(file.stem for file in SCHEMAS.glob("*.json"))


def check_schema(page: Page) -> Iterator[Finding]:
    """One finding for each thing that does not keep the contract."""
    if page.kind not in kinds():
        message = N_("kind写成了“%(kind)s”。只能写：%(good)s。")
        yield Finding(page.path, "页面种类", message, _kinds_of(page), at=("kind",))
        return
    checker = validator(page.kind)
    for error in sorted(checker.iter_errors(page.data), key=lambda e: [str(part) for part in e.absolute_path]):
        yield from _findings(page, checker.schema, error)


def _kinds_of(page: Page) -> dict[str, object]:
    return {"kind": page.kind, "good": "、".join(sorted(kinds()))}


def _findings(page: Page, schema: Any, error: ValidationError) -> Iterator[Finding]:
    path = tuple(error.absolute_path)
    names, at = walk(schema, list(path))
    value: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required":
        for name in [key for key in wanted if key not in value]:
            yield _missing(page, path, at, name)
    elif error.validator == "additionalProperties":
        for name in sorted(str(key) for key in value if key not in at.get("properties", {})):
            message = N_("这里没有“%(name)s”这一项，请删去或改名。")
            yield Finding(page.path, _place([*names, name]), message, {"name": name}, at=(*path, name))
    elif error.validator == "dependentRequired":
        for name in sorted({need for key, needs in wanted.items() if key in value for need in needs} - set(value)):
            yield _missing(page, path, at, name)
    else:
        answer, params = ANSWERS.get(str(error.validator), _other)(error)
        yield Finding(page.path, _place(names), answer, {**params, "hint": at.get("description", "")}, at=path)


def _missing(page: Page, path: tuple[str | int, ...], at: dict[str, Any], name: str) -> Finding:
    wanted = at.get("properties", {}).get(name, {})
    title = wanted.get("title") or name
    params = {"name": title, "key": name, "hint": wanted.get("description", "")}
    place = field_name(page.kind, (*path, name))
    return Finding(page.path, place, N_("缺“%(name)s”（%(key)s）。%(hint)s"), params, at=(*path, name))


def field_name(kind: str, at: tuple[str | int, ...]) -> str:
    """The Chinese words for a place in a page's data: 要带什么，第3项，说明."""
    if kind not in kinds():
        return _place([str(part) for part in at])
    names, _schema = walk(validator(kind).schema, list(at))  # type: ignore[arg-type]  # ours are objects, never true
    return _place(names)


def walk(schema: dict[str, Any], path: list[str | int]) -> tuple[list[str], dict[str, Any]]:
    """Follow a path into the data; return the fields' Chinese names and the schema that stands there."""
    names: list[str] = []
    for part in path:
        if isinstance(part, int):
            names.append(f"第{part + 1}项")
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part, {})
            names.append(schema.get("title") or part)
    return names, schema


def _place(names: list[str]) -> str:
    return "，".join(names) or "数据"


def _type(error: ValidationError) -> Answer:
    return N_("要写成%(wanted)s。%(hint)s"), {
        "wanted": TYPES.get(str(error.validator_value), str(error.validator_value))
    }


def _enum(error: ValidationError) -> Answer:
    allowed: Any = error.validator_value
    good = "、".join(str(value) for value in allowed)
    return N_("“%(value)s”不在可选的里面。只能写：%(good)s。%(hint)s"), {"value": error.instance, "good": good}


def _pattern(error: ValidationError) -> Answer:
    return N_("“%(value)s”写法不对。%(hint)s"), {"value": error.instance}


def _short(_error: ValidationError) -> Answer:
    return N_("不能空着。%(hint)s"), {}


def _long(error: ValidationError) -> Answer:
    return N_("写了%(count)s个字，最多%(most)s个。%(hint)s"), {
        "count": len(str(error.instance)),
        "most": error.validator_value,
    }


def _small(error: ValidationError) -> Answer:
    return N_("%(value)s太小，最小%(least)s。%(hint)s"), {"value": error.instance, "least": error.validator_value}


def _large(error: ValidationError) -> Answer:
    return N_("%(value)s太大，最大%(most)s。%(hint)s"), {"value": error.instance, "most": error.validator_value}


def _few(error: ValidationError) -> Answer:
    return N_("至少写%(least)s项。%(hint)s"), {"least": error.validator_value}


def _twice(_error: ValidationError) -> Answer:
    return N_("有一项写了两遍，请删去一个。%(hint)s"), {}


def _const(error: ValidationError) -> Answer:
    return N_("只能写“%(good)s”。%(hint)s"), {"good": error.validator_value}


def _other(_error: ValidationError) -> Answer:
    return N_("写法不对。%(hint)s"), {}


ANSWERS: dict[str, Callable[[ValidationError], Answer]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _short,
    "maxLength": _long,
    "minimum": _small,
    "maximum": _large,
    "minItems": _few,
    "uniqueItems": _twice,
    "const": _const,
}
