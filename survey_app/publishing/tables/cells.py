"""One cell: from a value of a page to text, and from what a spreadsheet holds back to a value, or to why not."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from survey_app.domain.errors import N_
from survey_app.publishing.tables.columns import Column
from survey_app.publishing.tables.guard import join_lines, split_lines

MOST_SIGNS = 30_000  # a cell of a workbook holds 32,767
EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
YES, NO = "是", "否"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_POWER = re.compile(r"\d(?:\.\d+)?E[+-]?\d{1,3}", re.I)


class CellWrong(Exception):
    """A cell that cannot be used: Chinese source text and its params."""

    def __init__(self, message: str, **params: object) -> None:
        self.message, self.params = message, params
        super().__init__(message)


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula; its last value may be stale, so it is not read."""


@dataclass(frozen=True)
class Broken:
    """A cell that holds an error value such as #REF!"""

    text: str


@dataclass(frozen=True)
class Names:
    """What units and procedures are called, so that a cell shows a name where the page holds a slug."""

    units: dict[str, str] = field(default_factory=dict)  # slug -> title
    slugs: dict[str, list[str]] = field(default_factory=dict)  # title -> slugs
    procedures: dict[str, dict[str, str]] = field(default_factory=dict)  # unit slug -> procedure slug -> title

    def shown(self, slug: str) -> str:
        """A unit's title where only one unit bears it, else its slug."""
        title = self.units.get(slug, "")
        return title if title and len(self.slugs.get(title, [])) == 1 else slug

    def slug(self, name: str) -> str:
        """The slug behind a title or slug. Raises CellWrong."""
        found = self.slugs.get(name, [])
        if len(found) == 1:
            return found[0]
        if name in self.units:
            return name
        if found:
            raise CellWrong(
                N_("叫“%(name)s”的单位有%(count)s个，请改写成网页上单位的文件夹名。"), name=name, count=len(found)
            )
        raise CellWrong(N_("没有叫“%(name)s”的单位。请照“单位”表里的全称写。"), name=name)


# ---- from page to text


def show_value(column: Column, value: Any, names: Names, unit: str) -> str:
    """A value of a page as the text of its cell; what is absent is empty."""
    if value is None:
        return ""
    shown = SHOWN.get(column.kind)
    return shown(column, value, names, unit) if shown else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _show_procedure(_column: Column, value: Any, names: Names, unit: str) -> str:
    known = names.procedures.get(unit, {})
    title = known.get(str(value), "")
    return title if title and list(known.values()).count(title) == 1 else str(value)


SHOWN: dict[str, Callable[[Column, Any, Names, str], str]] = {
    "lines": lambda _c, value, _n, _u: (
        join_lines([str(entry) for entry in value]) if isinstance(value, list) else str(value)
    ),
    "enum": lambda column, value, _n, _u: dict(column.options).get(value, str(value)),
    "enums": lambda column, value, _n, _u: "、".join(dict(column.options).get(one, str(one)) for one in value),
    "flag": lambda _c, value, _n, _u: YES if value is True else NO if value is False else str(value),
    "unit": lambda _c, value, names, _u: names.shown(str(value)),
    "units": lambda _c, value, names, _u: "、".join(names.shown(str(slug)) for slug in value),
    "procedure": _show_procedure,
}


# ---- from spreadsheet to text


def text_of(raw: object, column: Column) -> str:
    """What a cell says, as text without outer blanks. Raises CellWrong where a spreadsheet has spoilt it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return _clean(raw, column)
    if isinstance(raw, Formula):
        raise CellWrong(N_("这一格是公式。请复制后用“选择性粘贴－数值”贴回再导入。"))
    if isinstance(raw, Broken):
        raise CellWrong(N_("这一格是错误值%(text)s。请改成文字。"), text=raw.text)
    if isinstance(raw, bool):
        return _flag_text(raw, column)
    if isinstance(raw, int | float):
        return _number_text(raw)
    return _day_text(raw, column)


def _flag_text(raw: bool, column: Column) -> str:
    if column.kind != "flag":
        raise CellWrong(N_("表格软件把这一格当成了TRUE或FALSE。请把格式改为“文本”再填。"))
    return YES if raw else NO


def _number_text(raw: float) -> str:
    if abs(raw) >= 10**EXACT_DIGITS:
        raise CellWrong(N_("这串数字太长，表格软件已经丢了末几位。请把格式改为“文本”，再照原件填一遍。"))
    return _plain(float(raw)) if isinstance(raw, float) else str(raw)


def _day_text(raw: object, column: Column) -> str:
    if column.kind == "day" and isinstance(raw, datetime | date):
        return raw.strftime("%Y-%m-%d")
    if isinstance(raw, datetime | date | time):
        raise CellWrong(N_("表格软件把这一格当成了日期或时间。请把格式改为“文本”再填。"))
    raise CellWrong(N_("这一格读不懂，请改成文字。"))


def _clean(raw: str, column: Column) -> str:
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    unseen = _UNSEEN.search(text)
    if unseen:
        raise CellWrong(N_("有看不见的控制字符（%(code)s），请删去后重新输入。"), code=f"U+{ord(unseen[0]):04X}")
    if len(text) > MOST_SIGNS:
        raise CellWrong(N_("写了%(count)s个字，一格最多%(most)s个。"), count=len(text), most=MOST_SIGNS)
    if column.key in ("code", "@code", "credit_code") and _POWER.fullmatch(text):
        raise CellWrong(
            N_("“%(text)s”是表格软件改成的科学记数，原来的编码已经丢了。请把格式改为“文本”再填。"), text=text
        )
    return text


# ---- from text to value


def read_value(column: Column, text: str, names: Names, unit: str) -> Any:
    """The value behind the text of a cell. Raises CellWrong."""
    read = READ.get(column.kind)
    return read(column, text, names, unit) if read else text


def _read_day(_column: Column, text: str, _names: Names, _unit: str) -> str:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else text
    except ValueError as error:
        raise CellWrong(N_("没有“%(text)s”这一天。"), text=text) from error


def _read_number(column: Column, text: str, _names: Names, _unit: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"-?\d{1,15}(\.0+)?", plain):
        return int(plain.partition(".")[0])
    if column.kind == "number" and re.fullmatch(r"-?\d{1,15}\.\d{1,10}", plain):
        return float(plain)
    wanted = N_("整数") if column.kind == "integer" else N_("数字")
    raise CellWrong(N_("“%(text)s”不是%(wanted)s。只写数字，不带单位。"), text=text, wanted=wanted)


def _read_enum(column: Column, text: str, _names: Names, _unit: str) -> str:
    for code, label in column.options:
        if text in (code, label):
            return code
    good = "、".join(label for _code, label in column.options)
    raise CellWrong(N_("“%(text)s”不在可选的里面。只能写：%(good)s。"), text=text, good=good)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[\n、，,;；|]", text) if part.strip()]


def _read_flag(_column: Column, text: str, _names: Names, _unit: str) -> bool:
    answers = {YES: True, NO: False, "true": True, "false": False, "1": True, "0": False}
    if text.lower() not in answers:
        raise CellWrong(N_("“%(text)s”不对。只写“是”或“否”。"), text=text)
    return answers[text.lower()]


def _read_procedure(_column: Column, text: str, names: Names, unit: str) -> str:
    known = names.procedures.get(unit, {})
    found = [slug for slug, title in known.items() if title == text]
    if len(found) == 1:
        return found[0]
    if text in known:
        return text
    if found:
        raise CellWrong(N_("本单位叫“%(text)s”的办事指南有%(count)s份，请改写成页面名。"), text=text, count=len(found))
    raise CellWrong(N_("本单位没有叫“%(text)s”的办事指南。请照“办事指南”表里的事项名称写，或空着。"), text=text)


READ: dict[str, Callable[[Column, str, Names, str], Any]] = {
    "lines": lambda _c, text, _n, _u: split_lines(text),
    "enum": _read_enum,
    "enums": lambda column, text, names, unit: [_read_enum(column, part, names, unit) for part in _parts(text)],
    "flag": _read_flag,
    "day": _read_day,
    "integer": _read_number,
    "number": _read_number,
    "unit": lambda _c, text, names, _u: names.slug(text),
    "units": lambda _c, text, names, _u: [names.slug(part) for part in _parts(text)],
    "procedure": _read_procedure,
}
