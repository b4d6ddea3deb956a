"""The dictionary of published columns: each one defined once.

CSV headers, workbook headers and docs/data-dictionary.md all come from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = {"score": 2, "rate": 1}
LEVEL_ZH = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}


@dataclass(frozen=True)
class Column:
    """One column: `kind` is text, int, score (2 decimals), rate (1 decimal) or exact (a fraction)."""

    name: str
    kind: str
    unit: str
    zh: str
    means: str

    def text(self, value: object) -> str:
        """The value as published in CSV; None is empty."""
        if value is None:
            return ""
        return rounded(value, PLACES[self.kind]) if self.kind in PLACES else str(value)

    def number(self, value: object) -> str | int | float | None:
        """The same value for JSON and the workbook: rounded numbers, exact fractions as text."""
        if value is None or value == "":
            return None
        if self.kind in PLACES:
            return float(self.text(value))
        return value if isinstance(value, int) else str(value)


def rounded(value: object, places: int) -> str:
    """Half-even on the exact value, at output only; never "-0.00"."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value) if isinstance(value, str) else value)  # type: ignore[call-overload]  # numbers and texts both fit
    scaled = round(exact * 10**places)
    return f"{Decimal(scaled).scaleb(-places):.{places}f}"


UNIT = Column("unit", "text", "", "单位代号", "round.toml 里的单位代号")
GROUP = Column("group", "text", "", "评议主体", "评议主体代码；~rest 是各组不足部分合并的一行，不计入得分")
DIMENSION = Column("dimension", "text", "", "评议维度", "评议维度代码")
N = Column("n", "int", "张", "票数", "这一格的票数 = 回答 + 不了解 + 未作答")
ANSWERED = Column("answered", "int", "张", "回答", "给出等级的票数；达到 min_n 才公布、才计入得分")
SATISFIED_POOLED = Column(
    "satisfied_pooled_pct", "rate", "%", "合并满意率", "已公布各格中满意的票数 ÷ 回答的票数，不加权，不含 ~rest"
)

COUNTS = (
    UNIT,
    GROUP,
    DIMENSION,
    N,
    ANSWERED,
    Column("dont_know", "int", "张", "不了解", "选不了解的票数，不在除数里"),
    Column("blank", "int", "张", "未作答", "这一维度空着的票数，不在除数里"),
    *(Column(f"level_{level}", "int", "张", LEVEL_ZH[level], f"等级{level}的票数") for level in range(1, 6)),
)

GROUPS = (
    UNIT,
    Column("group", "text", "", "评议主体", "评议主体代码；只列至少有一格公布的组"),
    Column("n", "int", "张", "票数", "这一组的票数"),
    Column("score", "score", "分", "组得分", "已公布维度的平均分按维度权重加权，权重在已公布维度内重新归一"),
    Column("score_exact", "exact", "分", "组得分（精确）", "同上，精确分数"),
    Column("var_exact", "exact", "分²", "组得分方差（精确）", "泰勒线性化方差，含有限总体校正；平滑前"),
    Column("satisfied_pct", "rate", "%", "组满意率", "把满意的等级记1、其他记0，同样加权"),
    Column("satisfied_exact", "exact", "", "组满意率（精确）", "0到1的精确分数"),
    Column("satisfied_var_exact", "exact", "", "组满意率方差（精确）", "0到1尺度上的方差"),
)

DIMENSIONS = (
    UNIT,
    DIMENSION,
    ANSWERED,
    SATISFIED_POOLED,
    Column("low", "rate", "%", "满意率下限", "Wilson 区间下限"),
    Column("high", "rate", "%", "满意率上限", "Wilson 区间上限"),
)

SCORES = (
    UNIT,
    Column("class", "text", "", "评议类别", "评议类别代码；只有同类单位可以比较"),
    Column("n", "int", "张", "有效票", "已公布各组的票数之和，含待核的票；加上 withheld 就是收到的有效票"),
    Column("score", "score", "分", "得分", "各组得分按评议主体权重加权；样本不足时为空"),
    Column("score_exact", "exact", "分", "得分（精确）", "同上，精确分数"),
    Column("low", "score", "分", "得分下限", "误差范围下限；全体测评时为空"),
    Column("high", "score", "分", "得分上限", "误差范围上限；全体测评时为空"),
    Column("satisfied_pct", "rate", "%", "满意率", "把满意的等级记1、其他记0，同样加权"),
    Column("satisfied_exact", "exact", "", "满意率（精确）", "0到1的精确分数"),
    Column("satisfied_low", "rate", "%", "满意率下限", "误差范围下限"),
    Column("satisfied_high", "rate", "%", "满意率上限", "误差范围上限"),
    SATISFIED_POOLED,
    Column("counted_weight", "exact", "", "计入权重", "已公布各格占全部权重的份额，0到1的精确分数"),
    Column("tier", "text", "", "档次", "本版本未计算，为空"),
    Column("rank_low", "int", "", "名次区间起", "本版本未计算，为空"),
    Column("rank_high", "int", "", "名次区间止", "本版本未计算，为空"),
    Column("p_last", "text", "", "居末概率", "本版本未计算，为空"),
    Column(
        "unrated_pct",
        "rate",
        "%",
        "未评价率",
        "1 − 计入渠道收到的票 ÷ 发出的评议码；有权重的组没有都发码，或票多于码时为空",
    ),
    Column(
        "withheld", "int", "张", "不公布的票", "所在组没有一格达到 min_n 的票数，不计入得分；这些组总共只有一人时为空"
    ),
    Column(
        "status",
        "text",
        "",
        "状态",
        "ok 正常；renormalised 权重重新归一；census 全体测评；insufficient_n 票数不足；"
        "insufficient_weight 计入权重不足；no_ballots 没有有效票；under_review 待核，有票存疑，暂不公布得分",
    ),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "counts.csv": COUNTS,
    "groups.csv": GROUPS,
    "dimensions.csv": DIMENSIONS,
    "scores.csv": SCORES,
}

BALLOTS = (
    UNIT,
    Column("group", "text", "", "评议主体", "method.toml 里的评议主体代码"),
    Column("channel", "text", "", "渠道", "method.toml 里的渠道代码；不计入的渠道另行统计"),
    Column("period", "text", "", "所在周", "那一周星期一的日期；外来数据可以是任意日期"),
    Column("<dimension>", "int", "", "等级", "每个评议维度一列：5到1，0是不了解，空是没有回答"),
    Column("flags", "text", "", "标记", "可选；多个标记用 | 隔开"),
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
        "score 保留2位小数，rate 保留1位，四舍六入五成双，只在输出时取舍；exact 是精确分数。",
    ]
    for name, columns in {"ballots.csv（输入）": BALLOTS, **TABLES}.items():
        lines += [
            "",
            f"## {name}",
            "",
            "| 列 | 名称 | 类型 | 计量单位 | 含义 |",
            "|---|---|---|---|---|",
            *_rows(columns),
        ]
    return "\n".join(lines) + "\n"
