"""results.xlsx: the release as a workbook for people who read in Excel or WPS."""

import io
from collections.abc import Mapping
from typing import Any

from ..columns import BALLOTS, KEPT, TABLE_ZH, TABLES, Column
from ..sentences import NOISE, ORDER
from ..view import Model
from .book import Book
from .naming import named, with_names, words

# Sheets that stand in every workbook, in this order; other tables follow where they have rows.
FIRST = ("scores.csv", "dimensions.csv", "groups.csv", "rules.csv", "integrity.csv")
_METHOD = (
    Column("item", "text", "", "项目", ""),
    Column("code", "text", "", "代码", ""),
    Column("zh", "text", "", "名称", ""),
    Column("value", "text", "", "值", ""),
)
_DICTIONARY = (
    Column("file", "text", "", "文件", ""),
    Column("name", "text", "", "列", ""),
    Column("zh", "text", "", "名称", ""),
    Column("unit_zh", "text", "", "计量单位", ""),
    Column("means", "text", "", "含义", ""),
)


def render(model: Model, digest: str) -> bytes:
    """The workbook's bytes; the same release always gives the same bytes."""
    out = io.BytesIO()
    book = Book(out, str(model["round"]["name"]))
    book.facts("总览", str(model["round"]["name"]), _facts(model, digest))
    known = words(model)
    for name in sheets(model):
        rows = [named(row, known) for row in model[name.removesuffix(".csv")]]
        book.sheet(TABLE_ZH[name], with_names(TABLES[name]), rows)
    book.sheet("评议办法", _METHOD, _method_rows(model))
    book.sheet("数据字典", _DICTIONARY, _dictionary_rows())
    book.book.close()
    return out.getvalue()


def sheets(model: Model) -> list[str]:
    """The tables that get a sheet, in order."""
    return [*FIRST, *(n for n in TABLES if n not in FIRST and model[n.removesuffix(".csv")])]


def _facts(model: Model, digest: str) -> list[tuple[str, str | int]]:
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
        ("发布版指纹", digest),
        (
            "怎么看",
            f"只有同一类的单位可以比较。{ORDER}。得分不带误差范围不能比较。样本不足的单位没有得分，不是好，也不是不好。",
        ),
        ("误差范围", f"{NOISE}。"),
        ("精确值", "“精确”各列是分数，按文字保存，可以逐个核对，平时收起，点表上方的＋展开；其他各列是取舍后的小数。"),
        *((f"更正（{a['on']}）", a["text"]) for a in facts["amendments"]),
    ]


def _method_rows(model: Model) -> list[dict[str, Any]]:
    method = model["method"]
    plain = (("min_n", "最少回答数"), ("min_weight", "最少计入权重"), ("confidence", "误差范围的把握"))
    rows = [{"item": "参数", "code": key, "zh": zh, "value": str(method[key])} for key, zh in plain]
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
        for file, columns in {"ballots.csv": BALLOTS, "kept.csv": KEPT, **TABLES}.items()
        for c in columns
    ]
