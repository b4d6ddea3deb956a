"""Reading the plan of a round: a TOML file that names its dates, its method file and its units."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from survey_app.domain.errors import N_, BadInput
from survey_app.domain.plans import SIZES
from survey_app.domain.rounds import read_questionnaire
from survey_app.exports import analysis
from survey_app.publishing.pages import Page
from survey_app.store.rounds import RatedUnit

REQUIRED = ("format", "code", "name", "opens_on", "closes_on", "method")
KNOWN = (*REQUIRED, "instrument", "unit")
CODE_LENGTH = 100
CODE = rf"[a-z0-9-]{{1,{CODE_LENGTH}}}"
TAKEN = re.compile(r"service|everyday-.*")  # addresses and folders of everyday ratings
KNOWN_OF_UNIT = ("slug", *SIZES)


@dataclass(frozen=True)
class Plan:
    """A plan that can be stored as a draft round."""

    code: str
    name: str
    instrument: str
    opens_on: date
    closes_on: date
    method_toml: bytes
    units: tuple[RatedUnit, ...]


def read_plan(file: Path, pages: Sequence[Page]) -> Plan:
    """The plan in `file`, its units taken from the published `pages`. Raises BadInput; analysis checks the method."""
    table = _load(file)
    for name in REQUIRED:
        if name not in table:
            raise _bad(file, N_("缺少“%(field)s”这一项。"), field=name)
    for name in table:
        if name not in KNOWN:
            raise _bad(file, N_("不认识“%(field)s”这一项，请删去或改正拼写。"), field=name)
    _check_facts(file, table)
    method = file.parent / str(table["method"])
    if not method.is_file():
        raise _bad(file, N_("找不到评议办法文件：%(method)s。"), method=method.name)
    analysis.check_method(method)
    return Plan(
        code=table["code"],
        name=table["name"],
        instrument=table.get("instrument", "campaign"),
        opens_on=_day(file, table, "opens_on"),
        closes_on=_day(file, table, "closes_on"),
        method_toml=method.read_bytes(),
        units=_units(file, table, pages, method.read_bytes()),
    )


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise _bad(file, N_("没有这个文件，请核对路径。")) from error
    except UnicodeDecodeError as error:
        raise _bad(file, N_("不是UTF-8编码，请另存为UTF-8。")) from error
    except tomllib.TOMLDecodeError as error:
        raise _bad(file, N_("不是合格的TOML：%(detail)s。"), detail=error) from error


def _check_facts(file: Path, table: Mapping[str, Any]) -> None:
    code = table["code"]
    if not isinstance(code, str) or not re.fullmatch(CODE, code):
        problem = N_("“%(field)s”只能用小写字母、数字和短横，最多%(most)s个，现在是“%(value)s”。")
        raise _bad(file, problem, field="code", most=CODE_LENGTH, value=code)
    if TAKEN.fullmatch(code):
        raise _bad(file, N_("代号“%(value)s”留给好差评用，请换一个。"), value=code)
    if not isinstance(table["name"], str) or not table["name"].strip() or len(table["name"].splitlines()) > 1:
        raise _bad(file, N_("“%(field)s”要写，写在一行里。"), field="name")
    if table["format"] != 1:
        raise _bad(file, N_("“%(field)s”应是1，现在是“%(value)s”。"), field="format", value=table["format"])
    if table.get("instrument", "campaign") != "campaign":
        raise _bad(
            file, N_("“%(field)s”应是campaign，现在是“%(value)s”。"), field="instrument", value=table["instrument"]
        )
    if _day(file, table, "closes_on") < _day(file, table, "opens_on"):
        raise _bad(file, N_("截止日期（closes_on）早于开始日期（opens_on）。"))


def _day(file: Path, table: Mapping[str, Any], field: str) -> date:
    value = table[field]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _bad(
            file, N_("“%(field)s”应是2026-11-30这样的日期，现在是“%(value)s”。"), field=field, value=value
        ) from error


def _units(file: Path, table: Mapping[str, Any], pages: Sequence[Page], method_toml: bytes) -> tuple[RatedUnit, ...]:
    published = {page.slug: page.data for page in pages if page.kind == "unit"}
    classes = {named.code for named in read_questionnaire(method_toml).classes}
    entries = _entries(file, table, {named.code for named in read_questionnaire(method_toml).groups})
    wanted = entries or [{"slug": slug} for slug, data in sorted(published.items()) if data.get("class") in classes]
    units = tuple(_unit(file, entry, published, classes) for entry in wanted)
    slugs = [unit.slug for unit in units]
    if not units:
        problem = N_(
            "没有可评的单位：评议办法里的类别是%(known)s，已公布的单位页里的类别是%(found)s。请把两边的代号改成一致。"
        )
        found = sorted({str(data.get("class", "")) for data in published.values()})
        raise _bad(file, problem, known="、".join(sorted(classes)), found="、".join(found))
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise _bad(file, N_("单位“%(unit)s”写了两次，请删去一次。"), unit=slug)
    return units


def _entries(file: Path, table: Mapping[str, Any], groups: set[str]) -> list[dict[str, Any]]:
    entries = table.get("unit", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _bad(file, N_("“%(field)s”应写成[[unit]]，一个单位一段。"), field="unit")
    for entry in entries:
        if "slug" not in entry:
            raise _bad(file, N_("缺少“%(field)s”这一项。"), field="unit.slug")
        _check_sizes(file, entry, groups)
    return entries


def _check_sizes(file: Path, entry: Mapping[str, Any], groups: set[str]) -> None:
    for name in SIZES:
        sizes = entry.get(name, {})
        if not isinstance(sizes, dict):
            raise _bad(file, N_("“%(field)s”应写成“主体代号 = 人数”。"), field=f"unit.{name}")
        for group, people in sizes.items():
            if group not in groups or type(people) is not int or people < 1:
                field = f"unit.{name}.{group}"
                problem = N_("“%(field)s”应是评议办法里的主体和正整数，现在是“%(value)s”。")
                raise _bad(file, problem, field=field, value=people)


def _unit(
    file: Path, entry: Mapping[str, Any], published: Mapping[str, Mapping[str, Any]], classes: set[str]
) -> RatedUnit:
    slug = str(entry.get("slug", ""))
    for name in entry:
        if name not in KNOWN_OF_UNIT:
            raise _bad(file, N_("不认识“%(field)s”这一项，请删去或改正拼写。"), field=f"unit.{name}")
    if slug not in published:
        raise _bad(file, N_("没有单位“%(unit)s”的页面，请核对代号或先公布它的页面。"), unit=slug)
    data = published[slug]
    if data.get("class") not in classes:
        raise _bad(file, N_("单位“%(unit)s”的评议类别“%(value)s”不在评议办法里。"), unit=slug, value=data.get("class"))
    sizes = {name: dict(entry[name]) for name in SIZES if name in entry}
    return RatedUnit(slug, data["title"], data["class"], data.get("parent"), sizes)


def _bad(file: Path, problem: str, **params: object) -> BadInput:
    return BadInput(file=file.name, problem=problem, **params)
