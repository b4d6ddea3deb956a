"""results.xlsx: the release as a workbook for people who read in Excel or WPS."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from .columns import BALLOTS, TABLES, Column
from .view import Model

FORMATS = {
    "int": "#,##0",
    "score": "0.00",
    "rate": "0.0",
    "z": "0.000",
    "text": "@",
    "exact": "@",
    "chance": "@",
    "p": "@",
}
WIDE = 16  # columns from which a printed table takes two pages across
SHEETS = {"单位得分": "scores", "评议维度": "dimensions", "评议主体": "groups", "原始计数": "counts"}
# A serial far before any round, so that the same release gives the same bytes.
MADE_AT = dt.datetime(2000, 1, 1)
STATUS = {
    "ok": "正常",
    "renormalised": "权重重新归一",
    "census": "全体测评",
    "insufficient_n": "票数不足",
    "insufficient_weight": "计入权重不足",
    "no_ballots": "没有有效票",
    "under_review": "待核",
}


class Book:
    """A workbook being written: formats made once, text always as text."""

    def __init__(self, out: io.BytesIO) -> None:
        self.book = xlsxwriter.Workbook(
            out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.book.set_properties({"created": MADE_AT})
        font = {"font_name": "Microsoft YaHei", "font_size": 11, "valign": "top"}
        head = font | {"bold": True, "bottom": 2, "text_wrap": True, "valign": "vcenter"}
        self.head = self.book.add_format(head)
        self.title = self.book.add_format(font | {"bold": True, "font_size": 16})
        self.kinds = {
            kind: self.book.add_format(font | {"num_format": code} | ({"indent": 1} if code == "@" else {}))
            for kind, code in FORMATS.items()
        }
        self.label = self.book.add_format(font | {"bold": True})
        self.left = self.book.add_format(font | {"num_format": FORMATS["int"], "align": "left"})
        self.wrap = self.book.add_format(font | {"num_format": "@", "text_wrap": True})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
        """A table with frozen head, filter and widths; headers say the unit of measure."""
        rows = list(rows)
        sheet = self.book.add_worksheet(name)
        sheet.set_row(0, 34)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, header(column), self.head)
            values = [row.get(column.name) for row in rows]
            sheet.set_column(place, place, _width(header(column), values, column))
            for number, value in enumerate(values, 1):
                write(sheet, number, place, value, self.kinds[column.kind])
        sheet.freeze_panes(1, 2 if columns[0].name == "unit" else 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1 if len(columns) < WIDE else 2, 0)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)


def write(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    """A number as a number, anything else as text, nothing for None."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif value is not None:
        sheet.write_string(row, column, str(value), style)


def header(column: Column) -> str:
    """A Chinese header with its unit of measure."""
    return f"{column.zh}（{column.unit}）" if column.unit else column.zh


def _width(head: str, values: Sequence[object], column: Column) -> float:
    longest = max((_cells(str(v)) for v in values if v is not None), default=0)
    return float(min(max(_cells(head) * 0.75 + 3, longest + 3, 8), 24 if column.kind == "exact" else 100))


def _cells(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def render(model: Model) -> bytes:
    """The workbook's bytes; the same release always gives the same bytes."""
    out = io.BytesIO()
    book = Book(out)
    _overview(book, model)
    names = {unit["slug"]: unit["zh"] for unit in model["units"]}
    words = _words(model)
    for sheet, table in SHEETS.items():
        columns = TABLES[f"{table}.csv"]
        rows = [{"zh": names[row["unit"]], **row, **_named(row, words)} for row in model[table]]
        book.sheet(sheet, _with_names(columns), rows)
    book.sheet("评议办法", _METHOD, _method_rows(model))
    book.sheet("数据字典", _DICTIONARY, _dictionary_rows())
    book.book.close()
    return out.getvalue()


def _words(model: Model) -> dict[str, dict[str, str]]:
    method = model["method"]
    return {
        "group": {g["code"]: g["zh"] for g in method["groups"]} | {"~rest": "不足部分合并"},
        "dimension": {d["code"]: d["zh"] for d in method["dimensions"]},
        "class": {c["code"]: c["zh"] for c in method["classes"]},
        "status": STATUS,
    }


def _named(row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Chinese words beside the codes of a row."""
    return {f"{key}_zh": by_code[row[key]] for key, by_code in words.items() if key in row}


def _with_names(columns: Sequence[Column]) -> list[Column]:
    """The columns of a table, with the name after the code of unit, group, dimension, class and status."""
    named = {"unit": ("zh", "单位"), "group": ("group_zh", "主体名称"), "dimension": ("dimension_zh", "维度名称")}
    named |= {"class": ("class_zh", "类别名称"), "status": ("status_zh", "状态说明")}
    found = []
    for column in columns:
        found.append(column)
        if column.name in named:
            name, zh = named[column.name]
            found.append(Column(name, "text", "", zh, ""))
    return found


def _overview(book: Book, model: Model) -> None:
    """The first sheet: what this is, how much was counted, how to read it."""
    sheet = book.book.add_worksheet("总览")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, str(model["round"]["name"]), book.title)
    for row, (label, value) in enumerate(_facts(model), 2):
        sheet.write_string(row, 0, label, book.label)
        write(sheet, row, 1, value, book.left if isinstance(value, int) else book.wrap)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _facts(model: Model) -> list[tuple[str, str | int]]:
    facts, totals, method = model["round"], model["totals"], model["method"]
    return [
        ("轮次代号", facts["code"]),
        ("评议时间", f"{facts['opens_on']} 至 {facts['closes_on']}"),
        ("单位（个）", totals["units"]),
        ("有得分的单位（个）", totals["scored"]),
        ("有效票（张）", totals["ballots"]),
        ("不公布的票（张）", totals["withheld"]),
        ("最少回答数（张）", method["min_n"]),
        ("评议办法文件指纹", method["sha256"]),
        (
            "怎么看",
            "得分不带误差范围不能比较。同类单位按代号排列，不是名次。样本不足的单位没有得分，不是好，也不是不好。",
        ),
        ("误差范围", "说的是像这些评议人一样的人之间的偶然差别，不代表没有评议的人怎么想。"),
        ("精确值", "“精确”各列是分数，按文字保存，可以逐个核对；其他各列是取舍后的小数。"),
        *((f"更正（{a['on']}）", a["text"]) for a in facts["amendments"]),
    ]


_METHOD = (
    Column("item", "text", "", "项目", ""),
    Column("code", "text", "", "代码", ""),
    Column("zh", "text", "", "名称", ""),
    Column("value", "exact", "", "值", ""),
)
_DICTIONARY = (
    Column("file", "text", "", "文件", ""),
    Column("name", "text", "", "列", ""),
    Column("zh", "text", "", "名称", ""),
    Column("unit_zh", "text", "", "计量单位", ""),
    Column("means", "text", "", "含义", ""),
)


def _method_rows(model: Model) -> list[dict[str, Any]]:
    method = model["method"]
    plain = ("min_n", "min_weight", "confidence")
    rows = [{"item": "参数", "code": key, "value": str(method[key])} for key in plain]
    rows.append({"item": "满意的等级", "value": "、".join(map(str, method["satisfied_levels"]))})
    rows += [{"item": "分值", "code": level, "value": points} for level, points in method["scale"].items()]
    for item, key in (("评议维度权重", "dimensions"), ("评议主体权重", "groups")):
        rows += [{"item": item, "code": d["code"], "zh": d["zh"], "value": d["weight"]} for d in method[key]]
    for c in method["classes"]:
        rows += [{"item": f"{c['zh']}的主体权重", "code": g, "value": w} for g, w in c["weights"].items()]
    rows += [_switch("渠道", c, "counted", "计入", "不计入") for c in method["channels"]]
    return rows + [_switch("标记", f, "excluded", "剔除", "保留") for f in method["flags"]]


def _switch(item: str, row: Mapping[str, Any], key: str, on: str, off: str) -> dict[str, Any]:
    return {"item": item, "code": row["code"], "zh": row["zh"], "value": on if row[key] else off}


def _dictionary_rows() -> list[dict[str, Any]]:
    return [
        {"file": file, "name": c.name, "zh": c.zh, "unit_zh": c.unit, "means": c.means}
        for file, columns in {"ballots.csv": BALLOTS, **TABLES}.items()
        for c in columns
    ]
