"""The three steps from levels to a unit's score and tier, each with the unit's real numbers."""

from collections.abc import Mapping
from fractions import Fraction

from ..columns import LEVEL_ZH, rounded
from ..view import Model, Row
from ..words import cell, esc, head, interval, levels, points, share, thousands
from .parts import NUMBER, table

Weights = Mapping[str, Fraction]


def steps(model: Model, unit: Row) -> list[str]:
    """Lines of HTML: every released group, one mean worked in full, then the groups together."""
    groups = [g for g in model["groups"] if g["unit"] == unit["slug"] and g["score"] is not None]
    if not groups:
        return []
    weights = _weights(model, unit)
    counted = [g for g in groups if weights[g["group"]]] or groups
    main = max(counted, key=lambda g: g["n"])
    return [
        f'<h2 id="made">{"得分怎么来的" if unit["score"] is not None else "已经公布的部分"}</h2>',
        '<div class="p-made">',
        "<h3>第一步　每组人先算组得分</h3>",
        '<ul class="p-key">'
        + "".join(f'<li><i class="l{level}">{level}</i>{zh}</li>' for level, zh in LEVEL_ZH.items())
        + "</ul>",
        *(line for group in groups for line in _group(model, unit, group, worked=group is main)),
        *(_together(model, counted, weights, unit) if unit["score"] is not None else []),
        "</div>",
    ]


def _weights(model: Model, unit: Row) -> Weights:
    own = next(c["weights"] for c in model["method"]["classes"] if c["code"] == unit["class"])
    return {code: Fraction(weight) for code, weight in own.items()}


def _group(model: Model, unit: Row, group: Row, *, worked: bool) -> list[str]:
    """One group: levels, mean and weight of each dimension; of the largest group one mean worked in full."""
    dimensions = {d["code"]: d for d in model["method"]["dimensions"]}
    cells = [
        c
        for c in model["counts"]
        if (c["unit"], c["group"]) == (unit["slug"], group["group"]) and Fraction(dimensions[c["dimension"]]["weight"])
    ]
    whole = sum((Fraction(dimensions[c["dimension"]]["weight"]) for c in cells), Fraction(0))
    name = _name(model, group["group"])
    return [
        f'<table class="p-table p-made-t" role="table"><caption>{esc(name)}{thousands(group["n"])}张，'
        f"{len(cells)}个方面，组得分{group['score']:.2f}</caption>",
        head([("", "方面"), ("", "各等级张数"), ("", "平均分"), ("", "权重")]),
        '<tbody role="rowgroup">',
        *(_dimension(model, c, dimensions[c["dimension"]], whole) for c in cells),
        "</tbody></table>",
        *(_one_mean(model, cells[0], dimensions[cells[0]["dimension"]]) if worked else []),
        *(_one_sum(model, cells, dimensions, group, whole) if worked and len(cells) > 1 else []),
    ]


def _name(model: Model, code: str) -> str:
    return next(str(g["zh"]) for g in model["method"]["groups"] if g["code"] == code)


def _mean(model: Model, row: Row) -> Fraction:
    total = sum(row[f"level_{level}"] * Fraction(model["method"]["scale"][str(level)]) for level in LEVEL_ZH)
    return Fraction(total, row["answered"])


def _dimension(model: Model, row: Row, dimension: Row, whole: Fraction) -> str:
    unsure = f'<small class="p-quiet p-thin">不了解{row["dont_know"]}</small>'
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{esc(dimension["zh"])}{unsure}</th>'
        + cell(f"<div>{levels(row, LEVEL_ZH)}</div>", label="各等级张数")
        + cell(f"<div>{rounded(_mean(model, row), 2)}</div>", label="平均分")
        + cell(f"<div>{share(Fraction(dimension['weight']) / whole)}</div>", label="权重")
        + "</tr>"
    )


def _one_mean(model: Model, row: Row, dimension: Row) -> list[str]:
    """The mean of one dimension with its real numbers."""
    scale = model["method"]["scale"]
    words = "，".join(f"{zh}{points(scale[str(level)])}分" for level, zh in LEVEL_ZH.items())
    terms = " + ".join(f"{row[f'level_{level}']}×{points(scale[str(level)])}" for level in LEVEL_ZH)
    return [
        f"<p>例如“{esc(dimension['zh'])}”：{words}。</p>",
        f'<p class="p-sum">（{terms}）÷ {row["answered"]} = {rounded(_mean(model, row), 2)}</p>',
        f"<p>选“不了解”的{row['dont_know']}人、没有作答的{row['blank']}人不在除数里。</p>",
    ]


def _one_sum(model: Model, cells: list[Row], dimensions: Mapping[str, Row], group: Row, whole: Fraction) -> list[str]:
    """The dimensions of one group weighted together."""
    terms = " + ".join(
        f"{rounded(_mean(model, c), 2)}×{share(Fraction(dimensions[c['dimension']]['weight']) / whole)}" for c in cells
    )
    return [
        f"<p>{len(cells)}个方面按权重相加，得{esc(_name(model, group['group']))}组得分：</p>",
        f'<p class="p-sum">{terms} = {group["score"]:.2f}</p>',
    ]


def _together(model: Model, groups: list[Row], weights: Weights, unit: Row) -> list[str]:
    """The groups weighted into the unit's score."""
    whole = sum((weights[g["group"]] for g in groups), Fraction(0))
    rows = [
        (
            esc(_name(model, g["group"])),
            thousands(g["n"]),
            f"{g['score']:.2f}",
            share(weights[g["group"]] / whole),
            rounded(weights[g["group"]] / whole * Fraction(g["score_exact"]), 2),
        )
        for g in groups
    ]
    n = thousands(sum(g["n"] for g in groups))
    total = f'<th scope="row" role="rowheader">合计</th>{cell(n, NUMBER)}<td role="cell"></td>'
    total += cell("100%", NUMBER) + cell(f"{unit['score']:.2f}", NUMBER)
    lines = table("各组得分与权重", ("评议主体", "张数", "组得分", "权重", "计入"), rows, kind="fit")
    lines[-1] = f'</tbody><tfoot role="rowgroup"><tr role="row">{total}</tr></tfoot></table>'
    partial = "没有满足最少张数的组不计入，其余各组的权重按比例放大到100%。"
    return [
        "<h3>第二步　各组按公布的权重相加</h3>",
        f"<p>{partial}</p>" if Fraction(unit["counted_weight"]) < 1 else "",
        *lines,
        f"<p>得分{unit['score']:.2f}，{esc(_interval(unit))}。每一步只在写出来时取舍，中间不取舍，所以相加可能差0.01。</p>",
    ]


def _interval(unit: Row) -> str:
    return interval(unit) if unit["low"] is None else f"误差范围{interval(unit)}"
