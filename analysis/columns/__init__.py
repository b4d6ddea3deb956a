"""The dictionary of published columns: each one defined once.

CSV headers, workbook headers and docs/data-dictionary.md all come from here.
"""

from collections.abc import Sequence

from .column import Column, rounded
from .comparison import CHANGES, FUNNEL, ROLLUP, SENSITIVITY, SERIES, TREND
from .evidence import COMPOSITION, DISAGREEMENT, EVERYDAY, INTEGRITY, KEPT_RATES, POWER, RULES
from .results import COUNTS, DIMENSIONS, GROUPS, LEVEL_ZH, SCORES, UNIT
from .versions import DIFFERENCES

__all__ = ["BALLOTS", "DATA_FILES", "KEPT", "LEVEL_ZH", "TABLES", "TABLE_ZH", "Column", "dictionary", "rounded"]

TABLES: dict[str, tuple[Column, ...]] = {
    "counts.csv": COUNTS,
    "groups.csv": GROUPS,
    "dimensions.csv": DIMENSIONS,
    "scores.csv": SCORES,
    "funnel.csv": FUNNEL,
    "changes.csv": CHANGES,
    "series.csv": SERIES,
    "trend.csv": TREND,
    "rollup.csv": ROLLUP,
    "rules.csv": RULES,
    "integrity.csv": INTEGRITY,
    "power.csv": POWER,
    "sensitivity.csv": SENSITIVITY,
    "composition.csv": COMPOSITION,
    "everyday.csv": EVERYDAY,
    "kept_rates.csv": KEPT_RATES,
    "disagreement.csv": DISAGREEMENT,
    "differences.csv": DIFFERENCES,
}
TABLE_ZH = {
    "counts.csv": "原始计数",
    "groups.csv": "评议主体得分",
    "dimensions.csv": "评议维度满意率",
    "scores.csv": "单位得分",
    "funnel.csv": "漏斗图界限",
    "changes.csv": "与前几轮比较",
    "series.csv": "各轮得分",
    "trend.csv": "趋势检验",
    "rollup.csv": "上级汇总",
    "rules.csv": "规则判定",
    "integrity.csv": "真实性检验",
    "power.csv": "检验能力",
    "sensitivity.csv": "换算法比较",
    "composition.csv": "评议人构成",
    "everyday.csv": "日常评价三率",
    "kept_rates.csv": "承诺兑现率",
    "disagreement.csv": "兑现与满意相反",
    "differences.csv": "与上一版的不同",
}
# What the release digest covers, in byte order.
DATA_FILES = tuple(sorted([*TABLES, "method.toml", "privacy.json", "release.json", "round.toml"]))

BALLOTS = (
    UNIT,
    Column("group", "text", "", "评议主体", "method.toml 里的评议主体代码"),
    Column("channel", "text", "", "渠道", "method.toml 里的渠道代码；不计入的渠道另行统计"),
    Column("period", "text", "", "所在周", "那一周星期一的日期；外来数据可以是任意日期"),
    Column("<dimension>", "int", "", "等级", "每个评议维度一列：5到1，0是不了解，空是没有回答"),
    Column("flags", "text", "", "标记", "可选；多个标记用 | 隔开"),
)

KEPT = (
    UNIT,
    Column("procedure", "text", "", "办事指南", "办事指南代号"),
    Column("commitment", "text", "", "服务承诺", "服务承诺代号"),
    Column("kept", "text", "", "是否兑现", "kept 兑现；broken 没有兑现；unknown 说不清"),
    Column("period", "text", "", "所在周", "那一周星期一的日期"),
)


def _rows(columns: Sequence[Column]) -> list[str]:
    cells = ([f"`{c.name}`", c.zh, c.kind, c.unit or "–", c.means] for c in columns)
    return ["| " + " | ".join(text.replace("|", "\\|") for text in row) + " |" for row in cells]


def dictionary() -> str:
    """The data dictionary as Markdown."""
    lines = [
        "# 数据字典",
        "",
        "由 `python -m analysis dictionary` 生成，不要手改。文件都是 UTF-8、LF 换行、逗号分隔。",
        "score 保留2位小数，rate 保留1位，z 保留3位，chance 保留2位，p 保留4位，四舍六入五成双，只在输出时取舍；",
        "exact 是精确分数。概率小于最后一位时写作 <0.01 或 <0.0001。每个发布版都有全部各表，用不上的只有表头。",
    ]
    for name, columns in {"ballots.csv（输入）": BALLOTS, "kept.csv（输入）": KEPT, **TABLES}.items():
        title = f"{name}（{TABLE_ZH[name]}）" if name in TABLE_ZH else name
        lines += [
            "",
            f"## {title}",
            "",
            "| 列 | 名称 | 类型 | 计量单位 | 含义 |",
            "|---|---|---|---|---|",
            *_rows(columns),
        ]
    return "\n".join(lines) + "\n"
