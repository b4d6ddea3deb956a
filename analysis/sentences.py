"""Sentences made from a release, in plain words; page, notice and brief say the same because they take them here.

Plain text: whoever writes HTML escapes it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .view import ALL, AVERAGE, TIERS, Model, shown_units, tiers_of
from .words import day, interval, share, thousands

Row = Mapping[str, Any]
NOISE = "误差范围说的是“像这些评议人一样的人”之间的偶然差别，不代表没有评议的人怎么想"
SILENT = "没有评议的不算满意，也不算不满意"
CHANGES = {
    "up": "明显上升",
    "down": "明显下降",
    "no_difference": "未见显著变化",
    "incomparable": "口径变化，不可比",
    "not_scored": "有一轮没有得分，不比较",
    "new": "上一轮没有评这个单位",
}
TESTED = ("up", "down", "no_difference")  # verdicts of a comparison that was made
SCENARIOS = {
    "scale_linear": "等级计100/75/50/25/0",
    "scale_preset": "等级计100/80/60/30/0",
    "scale_top3": "只看前三级的比例",
    "scale_top2": "只看前两级的比例",
    "equal_dimensions": "各方面权重相等",
    "equal_groups": "各组人权重相等",
    "with_flag": "不剔除有标记的票",
    "without_flag": "剔除有标记的票",
    "without_weeks": "剔除存疑的周",
}
TESTS = {
    "T1": "某一周票数突然增多",
    "T3": "同一网络的票超过上限",
    "T4": "快截止时集中",
    "T5": "有码的票和公开渠道不一样",
    "T6": "各方面答得一模一样",
}
STATUS = {
    "ok": "正常",
    "renormalised": "权重重新归一",
    "census": "全体测评",
    "insufficient_n": "票数不足",
    "insufficient_weight": "计入权重不足",
    "no_ballots": "没有有效票",
    "under_review": "待核",
}
BALANCE = {"ok": "与计划相近", "over": "比计划多", "under": "比计划少", "no_plan": "没有计划"}
FAR = {"over": "比计划多", "under": "比计划少"}
MOST_INSIDE = 50  # per cent of the ballots from which on the result is said to be the insiders'
RULED = {
    "fires": "达到，应当复核",
    "no": "没有达到",
    "insufficient_n": "样本不足，不判定",
    "no_valid": "没有有效票，不判定",
    "missing_year": "缺少年份，不能连续计算",
    "incomparable": "口径变化，不可比",
    "no_last": "没有可认定的末位",
    "class_small": "同类单位不足，不判定",
}
TREND = {"up": "逐轮上升", "down": "逐轮下降", "no_trend": "未见显著趋势"}
AGAINST = {
    "kept_but_disliked": "承诺兑现得好，满意率却低",
    "liked_but_broken": "满意率高，承诺却兑现得差",
}
CHECKED = {"flagged": "提请复核，不是结论", "clear": "未见异常", "too_few": "票数不足，没有检验"}
VERDICTS = RULED | AGAINST | CHECKED | {"agree": "没有相反", "no_trend": TREND["no_trend"]}
ORDER = "同一档里的单位，数据分不出先后，按单位代号排列"


def period(model: Model) -> str:
    """When the round ran; the year is said once where it is the same."""
    opens, closes = str(model["round"]["opens_on"]), str(model["round"]["closes_on"])
    end = day(closes)
    return f"{day(opens)}至{end.split('年')[1] if opens[:4] == closes[:4] else end}"


def overview(model: Model) -> str:
    """How many units and ballots, and what is not shown."""
    totals, method = model["totals"], model["method"]
    classes = sum(1 for c in model["classes"] if c["units"])
    kept = totals["withheld"]
    words = f"参评单位{thousands(totals['units'])}个，分{classes}类；收到有效票{thousands(totals['ballots'])}张"
    if kept:
        words += f"，其中{thousands(kept)}张所在的组不满{method['min_n']}张，不公布，也不计入得分"
    short = totals["units"] - totals["scored"]
    words += f"。有得分的单位{thousands(totals['scored'])}个"
    return words + (f"，样本不足或待核、没有得分的{thousands(short)}个。" if short else "。")


def apart(model: Model) -> str:
    """Ballots of channels that never count; empty without any."""
    names = {c["code"]: c["zh"] for c in model["method"]["channels"] if not c["counted"]}
    sums = {code: sum(u["not_counted"]["channels"][code] for u in model["units"]) for code in names}
    return "".join(f"另有{names[code]}{thousands(n)}张，不计入得分。" for code, n in sums.items() if n)


def class_paragraph(model: Model, c: Row) -> str:
    """What the figures of one class mean, made from them alone."""
    units = shown_units(model, c["code"])
    scored = [u for u in units if u["score"] is not None]
    words = f"{c['zh']}类有{c['units']}个单位"
    if not scored:
        return f"{words}，都没有得分：票数不够或待核。这不是好，也不是不好。"
    words += f"，{len(scored)}个有得分" if len(scored) < len(units) else "，都有得分"
    return (
        words + (f"，平均{c['mean']:.2f}分。" if len(scored) > 1 else "。") + _tier_words(units) + change_words(units)
    )


def _tier_words(units: Sequence[Row]) -> str:
    """How many stand in which tier, or that the data cannot tell."""
    tiers = [(code, members) for code, members in tiers_of(units) if code]
    if not tiers:
        return "有得分的单位不到3个，不分档。"
    if [code for code, _ in tiers] == [AVERAGE]:
        return "没有一个单位明显高于或低于本类平均：数据分不出先后，也没有可认定的末位。"
    counts = "，".join(f"{len(members)}个{TIERS[code].zh}" for code, members in tiers)
    return f"其中{counts}。"


def change_words(units: Sequence[Row]) -> str:
    """How many units changed since the round before; empty without one that can be compared."""
    found = [u["change"]["verdict"] for u in units if u.get("change")]
    tested = [verdict for verdict in found if verdict in TESTED]
    if not tested:
        return "与上一轮相比，口径变化，不可比。" if "incomparable" in found else ""
    parts = [f"{tested.count(v)}个{CHANGES[v]}" for v in ("up", "down") if v in tested]
    rest = "其余未见显著变化" if parts else "都未见显著变化"
    return f"与上一轮相比，{'，'.join([*parts, *([rest] if 'no_difference' in tested else [])])}。"


def score_words(unit: Row) -> str:
    """A unit with its score and interval, for a running text."""
    low = interval(unit)
    return f"{unit['zh']}（{unit['score']:.2f}分，{low if unit['low'] is None else f'误差范围{low}'}）"


def reason(model: Model, unit: Row) -> str:
    """Why a unit has no score."""
    method = model["method"]
    # Empty where the number itself would tell of one person.
    came = "剔除以后计入" if any(unit["not_counted"]["flags"].values()) else "收到"
    received = "" if unit["withheld"] is None else f"{came}{thousands(unit['n'] + unit['withheld'])}张，"
    if unit["status"] == "no_ballots":
        return "没有收到有效票。"
    if unit["status"] == "under_review":
        return f"{received}其中有存疑的票，每组不到{method['min_n']}张，核实以前不公布得分。"
    if unit["status"] == "insufficient_n":
        return f"{received}没有一组满{method['min_n']}张，所以不公布。"
    return (
        f"{received}满{method['min_n']}张的部分占权重{share(unit['counted_weight'])}，"
        f"不到{share(method['min_weight'])}，所以不公布得分。"
    )


def tested(rows: Sequence[Row]) -> int:
    """How many units a test of integrity could look at."""
    return max((row["tests"] or 0 for row in rows), default=0)


def integrity_words(model: Model) -> list[str]:
    """What the checks of the process found, a sentence for each test, then what they can find at all."""
    found = []
    for test in dict.fromkeys(row["test"] for row in model["integrity"]):
        rows = [row for row in model["integrity"] if row["test"] == test]
        flagged = sum(row["verdict"] == "flagged" for row in rows)
        words = f"查了{tested(rows)}个单位，" + (f"{flagged}个提请复核" if flagged else "未见异常")
        found.append(f"{TESTS.get(test, test)}：{words if tested(rows) else '票数太少，没有查'}。")
    return found + _power_words(model["power"])


def composition_words(model: Model) -> list[str]:
    """Warnings that belong beside the result: groups far from plan, and too many insiders; none where all is well."""
    rows = [row for row in model["composition"] if (row["unit"], row["channel"]) == (ALL, ALL)]
    names = {group["code"]: group["zh"] for group in model["method"]["groups"]}
    found = [
        f"{names[row['group']]}的票占{row['share_pct']:.1f}%，计划占{row['planned_pct']:.1f}%，{FAR[row['status']]}得多。"
        "总的结果已按权重计算，但要想到是谁答的。"
        for row in rows
        if row["status"] in FAR
    ]
    inside = insider_share(model)
    return found + ([f"{inside_words(model)}结果主要是系统内的人的看法。"] if inside and inside >= MOST_INSIDE else [])


def insider_share(model: Model) -> float | None:
    """Per cent of the ballots that came from groups of insiders; None where the method declares none, or none came."""
    rows = [row for row in model["composition"] if (row["unit"], row["channel"]) == (ALL, ALL)]
    inside = {group["code"] for group in model["method"]["groups"] if group.get("insider")}
    whole = sum(row["n"] for row in rows)
    return 100 * sum(row["n"] for row in rows if row["group"] in inside) / whole if inside and whole else None


def inside_words(model: Model) -> str:
    """How many of the ballots came from insiders; empty where the method declares none."""
    inside = insider_share(model)
    names = "、".join(group["zh"] for group in model["method"]["groups"] if group.get("insider"))
    return "" if inside is None else f"系统内的人（{names}）的票占{inside:.1f}%。"


def _power_words(rows: Sequence[Row]) -> list[str]:
    """The first test on the smallest unit: what it finds and what it does not."""
    same = [row for row in rows if (row["test"], row["n"]) == (rows[0]["test"], min(r["n"] for r in rows))]
    if not same:
        return []
    few, many = min(same, key=lambda r: r["added"]), max(same, key=lambda r: r["added"])
    return [
        f"查得出多少：{thousands(many['n'])}张票的单位，一周里塞进{thousands(many['added'])}张，"
        f"一百次里查出{round(many['detected_pct'])}次；塞进{thousands(few['added'])}张，查出{round(few['detected_pct'])}次。"
        "塞得散的查不出，所以主要靠一码一票来防。"
    ]
