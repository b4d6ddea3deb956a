"""scores/<unit>.md: how the score of one unit was made, worked with its own numbers."""

from fractions import Fraction

from ..columns import rounded
from ..sentences import CHANGES, NOISE, SILENT, TESTED, reason
from ..view import TIERS, Model, Row, shown_units
from ..words import chance, day, esc, interval, place, signed, thousands
from .frame import Release, foot, matter_of, page, root_of
from .parts import paragraph, section, table
from .steps import steps


def unit_page(release: Release, unit: Row) -> bytes:
    """The page as UTF-8; `unit` is a row of view.shown_units."""
    path = f"scores/{unit['slug']}.md"
    title = f"{unit['zh']}的得分" if unit["score"] is not None else f"{unit['zh']}的结果"
    lines = [
        f"<h1>{esc(title)}</h1>",
        f'<p class="p-lead">{esc(release.model["round"]["name"])}　{_class(release.model, unit)}</p>',
        *(_scored(release.model, unit) if unit["score"] is not None else [paragraph(reason(release.model, unit))]),
        *steps(release.model, unit),
        *_dimensions(release.model, unit),
        *_rounds(release.model, unit),
        paragraph(f"{NOISE}。{SILENT}。"),
        _links(release, unit, root_of(path)),
        *foot(release),
    ]
    return page(release, path, matter_of(release, title), lines)


def _class(model: Model, unit: Row) -> str:
    return esc(next(c["zh"] for c in model["classes"] if c["code"] == unit["class"]))


def _scored(model: Model, unit: Row) -> list[str]:
    tier = TIERS.get(unit["tier"] or "")
    facts = [
        (
            "得分",
            f"<b>{unit['score']:.2f}</b>",
            f"误差范围{interval(unit)}" if unit["low"] is not None else interval(unit),
        ),
        ("档次", f"{tier.sign}{tier.zh}" if tier else "不分档", "" if tier else "本类有得分的单位不到3个"),
        ("名次区间", place(unit) or "—", "数据允许的最好和最差名次"),
        ("有效票", thousands(unit["n"]), _beside(unit)),
        ("满意率", f"{unit['satisfied_pct']:.1f}%", _range(unit, "satisfied")),
        ("非常满意和满意", _pct(unit["top2_pct"]), _range(unit, "top2")),
        ("知晓率", _pct(unit["aware_pct"]), "给出等级的占票数的比例，其余是不了解和没有作答"),
        ("得分在本类最低的可能", chance(unit["p_last"]), "按误差范围推算，不是结论"),
    ]
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{value}{f'<small>{more}</small>' if more else ''}</dd></div>"
        for name, value, more in facts
        if value != "—"
    )
    return [f'<dl class="p-facts p-facts--short">{shown}</dl>', paragraph(_meaning(model, unit))]


def _beside(unit: Row) -> str:
    withheld = f"另有{thousands(unit['withheld'])}张不公布" if unit["withheld"] else ""
    unrated = "" if unit["unrated_pct"] is None else f"未评价率{unit['unrated_pct']:.1f}%"
    return "，".join(text for text in (withheld, unrated) if text)


def _pct(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _range(unit: Row, key: str) -> str:
    low, high = unit[f"{key}_low"], unit[f"{key}_high"]
    return "" if low is None else f"误差范围{low:.1f}–{high:.1f}"


def _meaning(model: Model, unit: Row) -> str:
    """What the score says and what it does not, made from the data."""
    others = [
        Fraction(u["score_exact"])
        for u in shown_units(model, unit["class"])
        if u["score"] is not None and u["slug"] != unit["slug"]
    ]
    if len(others) < 2 or unit["tier"] not in TIERS:
        return "本类有得分的单位太少，不和别的单位比，只看得分和误差范围。"
    mean = sum(others, Fraction(0)) / len(others)
    gap = Fraction(unit["score_exact"]) - mean
    words = f"本类其他{len(others)}个有得分的单位平均{rounded(mean, 2)}分，这个单位{_gap(gap)}。"
    return words + _verdict(unit)


def _gap(gap: Fraction) -> str:
    if rounded(abs(gap), 2) == "0.00":
        return "和它们一样"
    return f"{'高' if gap > 0 else '低'}{rounded(abs(gap), 2)}分"


def _verdict(unit: Row) -> str:
    tier = unit["tier"]
    if tier == "average":
        return "这点差别，换一批像他们一样的人来评就可能反过来，所以数据分不出高低。"
    if tier == "review":
        return "剔除存疑的票以后，档次会变，核实以前不定档。"
    return f"差别大过偶然，所以在“{TIERS[tier].zh}”一档。同一档里不分先后。"


def _dimensions(model: Model, unit: Row) -> list[str]:
    """Satisfied share and awareness by dimension, over released cells."""
    names = {d["code"]: d["zh"] for d in model["method"]["dimensions"]}
    rows = [
        (
            esc(names[row["dimension"]]),
            thousands(row["answered"]),
            _pct(row["satisfied_pooled_pct"]),
            f"{row['low']:.1f}–{row['high']:.1f}",
            _pct(row["aware_pct"]),
        )
        for row in model["dimensions"]
        if row["unit"] == unit["slug"]
    ]
    columns = ("方面", "回答（张）", "满意率", "误差范围", "知晓率")
    return section("dimensions", "每个方面怎么样", table("各组合在一起，不加权", columns, rows))


def _rounds(model: Model, unit: Row) -> list[str]:
    """The unit's scores round by round, and the change since the round before in words."""
    rows = [
        (
            esc(row["round"]),
            day(row["closes_on"]),
            "—" if row["score"] is None else f"{row['score']:.2f}",
            "—" if row["low"] is None else f"{row['low']:.1f}–{row['high']:.1f}",
            "可比" if row["comparable"] == "yes" else "口径变化，不可比",
        )
        for row in model["series"]
        if row["unit"] == unit["slug"]
    ]
    change = unit["change"]
    words = ""
    if change:
        number = f"{signed(change['change'])}分" if change["verdict"] in TESTED else ""
        words = f"比上一轮{number}：{CHANGES[change['verdict']]}。"
    columns = ("轮次", "截止日期", "得分", "误差范围", "口径")
    return section("rounds", "比前几轮", [paragraph(words), *table("各轮得分", columns, rows)] if len(rows) > 1 else [])


def _links(release: Release, unit: Row, root: str) -> str:
    own = (
        f'<a href="{root}units/{unit["slug"]}/">{esc(unit["zh"])}的页面</a>　'
        if unit["slug"] in release.unit_pages
        else ""
    )
    return (
        f'<p>{own}<a href="../../">{esc(release.model["round"]["name"])}</a>　'
        '<a href="../../counts.csv" download>下载原始计数，自己重算</a></p>'
    )
