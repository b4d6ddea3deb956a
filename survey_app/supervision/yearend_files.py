"""A year's sheet as Excel and Word: official Chinese, the figures of the page, nothing typed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

from official_paper.paper import FANG, Paper, set_run
from survey_app.domain import yearend
from survey_app.domain.yearend import COMPONENTS, FORMULAS, MISSING_WORDS, POINTS
from survey_app.store.yearend import Kept, Settled
from survey_app.supervision import sheet
from survey_app.supervision.sheets import new_sheet
from survey_app.web.workbook import Table, write_table

NOTHING_CHANGED = sheet.Changed("", "", "–", "–")  # a version may differ in no figure
Title = Callable[[str], str]
MISSING = "“–”表示没有数据，不是0分。有数据的权重不到100%的，合计只是有数据的几项的平均，不能和齐全的单位比。"


def workbook(plan: Settled, kept: Sequence[Kept], rows: Mapping[str, Any], title: Title, now: datetime) -> bytes:
    """One line a unit: class, every component with where it comes from, the sum, its exact fraction."""
    names = [f"{words}（{yearend.shown(100 * plan.plan.weights[name])}%）" for name, words in COMPONENTS.items()]
    head = [
        "类别",
        "单位",
        *(cell for words in names for cell in (words, "依据")),
        "合计",
        "有数据的权重",
        "合计（分数）",
        "缺的全按0分",
        "缺的全按100分",
    ]
    lines = []
    for words, units in sheet.by_class(rows, title):
        for unit, row in units:
            cells = [cell for name in COMPONENTS for cell in (_number(row["values"][name]), row["told"][name])]
            share = f"{yearend.shown(100 * Fraction(row['share']))}%"
            bounds = [float(yearend.shown(one)) for one in yearend.bounds(plan.plan, sheet.values_of(row))]
            lines.append([words, title(unit), *cells, _number(row["total"]), share, row["total"] or "", *bounds])
    return write_table(f"{plan.year}年年终考核表", head, lines, now, [_versions(kept, title)] if len(kept) > 1 else [])


def _versions(kept: Sequence[Kept], title: Title) -> Table:
    """What each later version changed, and why."""
    changed = [
        (
            f"第{after.version}版",
            after.reason,
            title(one.unit),
            COMPONENTS.get(one.component, "合计"),
            one.before,
            one.after,
        )
        for before, after in pairwise(kept)
        for one in sheet.differences(before.rows, after.rows) or [NOTHING_CHANGED]
    ]
    return Table("各版的改动", ("版本", "理由", "单位", "项目", "原来", "现在"), changed)


def document(plan: Settled, kept: Sequence[Kept], rows: Mapping[str, Any], title: Title, _now: datetime) -> bytes:
    """How it was summed, then a table a class."""
    paper = new_sheet(f"{plan.year}年年终考核表")
    paper.title(f"{plan.year}年年终考核表")
    paper.line()
    state = f"第{kept[-1].version}版，内容指纹{kept[-1].digest[:16]}。" if kept else "还没有定稿，按现有数据计算。"
    paper.text(
        f"{state}办法第{plan.version}版，指纹{plan.digest[:16]}。类别不同的单位不相互比较；合计没有误差范围，不排名次。"
    )
    paper.heading("一、办法")
    paper.text(f"参加的单位：{sheet.who(plan.plan, title, str)}。")
    paper.table(("项目", "权重", "怎么算"), _weights(plan), (28, 18, 110))
    paper.text("；".join(f"{words}{plan.plan.points[name]}分" for name, (words, _usual) in POINTS.items()) + "。")
    paper.heading("二、结果")
    for words, units in sheet.by_class(rows, title):
        paper.heading(words, 2)
        head = ("单位", *COMPONENTS.values(), "合计", "有数据的权重")
        paper.table(head, [_line(title(unit), row) for unit, row in units], (28, *(14 for _name in head[1:-1]), 16))
    if len(kept) > 1:
        paper.heading("三、各版的改动")
        _changes(paper, _versions(kept, title))
    set_run(paper.line().add_run(MISSING), FANG, 12)
    return paper.save()


def _changes(paper: Paper, versions: Table) -> None:
    paper.table(versions.header, list(versions.rows), (16, 44, 30, 26, 20, 20))


def _weights(plan: Settled) -> list[tuple[str, ...]]:
    return [
        (words, _percent(plan.plan.weights[name]), f"{FORMULAS[name]}。{MISSING_WORDS[plan.plan.missing[name]]}")
        for name, words in COMPONENTS.items()
    ]


def _line(unit: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    values = (sheet.shown(row["values"][name]) for name in COMPONENTS)
    return (unit, *values, sheet.shown(row["total"]), _percent(Fraction(row["share"])))


def _percent(weight: Fraction) -> str:
    return f"{yearend.shown(100 * weight)}%"


def _number(exact: str | None) -> float | str:
    """For a cell of Excel: two decimals, as everywhere."""
    return float(sheet.shown(exact)) if exact is not None else ""
