"""Annexes with one table or two: changes between rounds, rules, sensitivity, commitments and everyday ratings."""

from collections.abc import Sequence

from ..sentences import AGAINST, CHANGES, RULED, SCENARIOS, TESTED, TREND
from ..view import ALL, TIERS, Model, Row, changes_of, names_of
from ..words import esc, place, signed, thousands
from .frame import Release, part_page
from .parts import paragraph, section, table


def pct(value: float | None) -> str:
    """A rate with one decimal, or nothing."""
    return "" if value is None else f"{value:.1f}%"


def score(value: float | None) -> str:
    """A score with two decimals, or nothing."""
    return "" if value is None else f"{value:.2f}"


def span(low: float | None, high: float | None, places: int = 1) -> str:
    """An interval, or nothing."""
    return "" if low is None or high is None else f"{low:.{places}f}–{high:.{places}f}"


def changes_page(release: Release) -> bytes | None:
    """Change of every unit since the round before, and the trend over comparable rounds."""
    model, names = release.model, names_of(release.model)
    changes = [row for _, row in sorted(changes_of(model).items())]
    if not changes:
        return None
    rows = [_change(row, names) for row in changes]
    columns = ("单位", "上一轮", "本轮", "变化", "变化的误差范围", "结论")
    trends = [
        (
            esc(names[row["unit"]]),
            str(row["rounds"]),
            f"{pct(row['satisfied_first'])}→{pct(row['satisfied_last'])}",
            TREND[row["verdict"]],
        )
        for row in model["trend"]
    ]
    lines = [
        "<p>两轮的评议人不是同一批人，差别要大过偶然才说上升或下降。许多单位一起比，误判的机会已经控制。</p>",
        *section("changes", "比上一轮", table("得分的变化", columns, rows)),
        *section("trend", "连续几轮", table("满意率的趋势", ("单位", "轮数", "满意率", "结论"), trends)),
        *section("rollup", "上级单位汇总", _rollup(model, names)),
    ]
    return part_page(release, "changes", lines)


def _change(row: Row, names: dict[str, str]) -> tuple[str, ...]:
    return (
        esc(names[row["unit"]]),
        score(row["score_before"]),
        score(row["score_now"]),
        signed(row["change"]) if row["verdict"] in TESTED else "",
        "" if row["low"] is None else f"{signed(row['low'])}至{signed(row['high'])}",
        CHANGES[row["verdict"]],
    )


def _rollup(model: Model, names: dict[str, str]) -> list[str]:
    rows = [
        (
            esc(names.get(row["parent"], row["parent"])),
            f"{row['scored']}／{row['units']}",
            thousands(row["n"]),
            score(row["score"]),
            span(row["low"], row["high"]),
            pct(row["satisfied_pooled_pct"]),
        )
        for row in model["rollup"]
    ]
    return table(
        "下属单位合起来，不含它自己", ("上级单位", "有得分／下属", "有效票", "得分", "误差范围", "满意率"), rows
    )


def rules_page(release: Release) -> bytes | None:
    """Each rule with its basis and every unit's exact share."""
    model, names = release.model, names_of(release.model)
    if not model["rules"]:
        return None
    lines = ["<p>达到规则只是提请复核，不是结论。比例按票数精确比较，误差范围只供参考。</p>"]
    for rule in dict.fromkeys(row["rule"] for row in model["rules"]):
        known: Row = next((r for r in model["method"].get("rules", []) if r["id"] == rule), {})
        rows = [_rule(row, names) for row in model["rules"] if row["rule"] == rule]
        basis = paragraph(f"依据：{known['basis']}") if known.get("basis") else ""
        columns = ("单位", "轮次", "比例", "界限", "误差范围", "结论")
        title = str(known.get("zh") or rule)
        lines += section(f"rule-{rule}", title, [basis, *table(f"{title}：逐个单位", columns, rows)])
    return part_page(release, "rules", lines)


def _rule(row: Row, names: dict[str, str]) -> tuple[str, ...]:
    whole = "" if row["share_pct"] is None else f"{pct(row['share_pct'])}（{row['count']}／{row['over']}）"
    sign = {">=": "达到", ">": "超过"}.get(row["op"] or "", "")
    bound = f"{sign}{row['threshold']}" if row["threshold"] else ""
    verdict = RULED[row["verdict"]]
    fires = f"<b>! {verdict}</b>" if row["verdict"] == "fires" else verdict
    return (
        esc(names[row["unit"]]),
        esc(row["round"] or ""),
        whole,
        esc(bound),
        span(row["low"], row["high"]),
        fires,
    )


def sensitivity_page(release: Release) -> bytes | None:
    """What would be otherwise under each legitimate scale and weight; whole only where a tier changes."""
    model, names = release.model, names_of(release.model)
    rows = model["sensitivity"]
    if not rows:
        return None
    tiers = {row["unit"]: row["tier"] for row in model["scores"]}
    changed = [_otherwise(row, names, tiers) for row in rows if row["tier_changed"] == "yes"]
    columns = ("单位", "换的算法", "得分", "档次", "名次区间")
    lines = [
        "<p>得分要靠定好的分值和权重。换成别的说得通的算法，档次还一样的，结论站得住；档次变了的，说明是办法在起作用，不全是服务。</p>",
        *section(
            "scenarios", "每种算法变了几个", table("档次变化", ("算法", "算了几个单位", "档次变了"), _scenarios(rows))
        ),
        *section("changed", "档次变了的单位", table("原来的档次→换算法后的档次", columns, changed)),
        "" if changed else "<p>换哪一种算法，都没有单位的档次变化。</p>",
        '<p>每个单位、每种算法的得分在<a href="../sensitivity.csv" download>换算法比较</a>里。</p>',
    ]
    return part_page(release, "sensitivity", lines)


def _scenarios(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        told = [row for row in rows if row["scenario"] == scenario and row["status"] == "ok"]
        moved = sum(row["tier_changed"] == "yes" for row in told)
        found.append((esc(scenario_words(scenario)), str(len(told)), str(moved)))
    return found


def scenario_words(scenario: str) -> str:
    """A way of counting in words; a flag keeps its code."""
    kind, _, code = scenario.partition(":")
    return SCENARIOS.get(kind, kind) + (f"（{code}）" if code else "")


def _otherwise(row: Row, names: dict[str, str], tiers: dict[str, str | None]) -> tuple[str, ...]:
    before, after = (_tier(code) for code in (tiers[row["unit"]], row["tier"]))
    return (
        esc(names[row["unit"]]),
        esc(scenario_words(row["scenario"])),
        score(row["score"]),
        f"{before}→{after}",
        place(row),
    )


def _tier(code: str | None) -> str:
    return TIERS[code].short if code in TIERS else "不分档"


def commitments_page(release: Release) -> bytes | None:
    """Kept rates, everyday rates, and where the two disagree."""
    model, names = release.model, names_of(release.model)
    kept = [_kept(row, names) for row in model["kept_rates"] if row["commitment"] == ALL]
    everyday = [
        (
            esc(names[row["unit"]]),
            thousands(row["rated"]) if row["rated"] is not None else "",
            pct(row["favourable_pct"]),
            pct(row["active_favourable_pct"]),
            pct(row["unrated_pct"]),
        )
        for row in model["everyday"]
    ]
    against = [
        (esc(names[row["unit"]]), pct(row["kept_pct"]), pct(row["satisfied_pct"]), AGAINST[row["verdict"]])
        for row in model["disagreement"]
        if row["verdict"] in AGAINST
    ]
    if not kept and not everyday:
        return None
    rates = ("单位", "已评价（次）", "好评率", "主动评价好评率", "未评价率")
    lines = [
        "<p>日常评价和一轮一轮的评议分开算，从不混在一起。没有评价的不算好评。</p>",
        *section(
            "kept",
            "承诺兑现率",
            table("说得清的人里，多少人说兑现了", ("单位", "说得清的（次）", "兑现率", "误差范围"), kept),
        ),
        *section("everyday", "日常评价", table("三个率", rates, everyday)),
        *section(
            "against", "兑现和满意相反的", table("值得去看一看", ("单位", "兑现率", "满意率", "怎么相反"), against)
        ),
    ]
    return part_page(release, "commitments", lines)


def _kept(row: Row, names: dict[str, str]) -> tuple[str, ...]:
    rate = pct(row["kept_pct"]) or "不足最少次数，不公布"
    return esc(names[row["unit"]]), thousands(row["judged"] or 0), rate, span(row["low"], row["high"])
