"""How one real unit's score is made, worked with its own numbers."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .columns import LEVEL_ZH, rounded
from .view import Model, scored_by_class
from .words import cell, esc, head, interval, levels, points, share, thousands

Row = Mapping[str, Any]


def example(model: Model) -> list[str]:
    """Lines of HTML: the unit with most ballots, its largest group, then its groups; [] without scores."""
    scored = [unit for _, units in scored_by_class(model) for unit in units]
    if not scored:
        return []
    unit = max(scored, key=lambda u: (u["n"], u["slug"]))
    groups = [g for g in model["groups"] if g["unit"] == unit["slug"] and g["score"] is not None]
    weights = _weights(model, unit)
    counted = [g for g in groups if weights[g["group"]]]
    main = max(counted, key=lambda g: g["n"])
    return [
        f'<h2 id="made">一个得分怎么来的：{esc(unit["zh"])}</h2>',
        '<div class="p-made">',
        *_first_step(model, unit, main),
        *_second_step(model, counted, weights, unit),
        f"<p>得分{unit['score']:.2f}，误差范围{esc(interval(unit))}。"
        '您可以用<a href="counts.csv">原始计数</a>自己重算，每个数都应当一致。</p>',
        "</div>",
    ]


def _weights(model: Model, unit: Row) -> dict[str, Fraction]:
    own = next(c["weights"] for c in model["method"]["classes"] if c["code"] == unit["class"])
    return {code: Fraction(weight) for code, weight in own.items()}


def _first_step(model: Model, unit: Row, group: Row) -> list[str]:
    """One group: levels, means and weights per dimension; one mean worked in full."""
    dimensions = {d["code"]: d for d in model["method"]["dimensions"]}
    cells = [
        c
        for c in model["counts"]
        if (c["unit"], c["group"]) == (unit["slug"], group["group"]) and Fraction(dimensions[c["dimension"]]["weight"])
    ]
    whole = sum(Fraction(dimensions[c["dimension"]]["weight"]) for c in cells)
    rows = [_dimension_row(model, c, dimensions[c["dimension"]], whole) for c in cells]
    name = _group_name(model, group["group"])
    return [
        "<h3>第一步　每组人先算组得分</h3>",
        '<ul class="p-key">'
        + "".join(f'<li><i class="l{level}">{level}</i>{zh}</li>' for level, zh in LEVEL_ZH.items())
        + "</ul>",
        f'<table class="p-table p-made-t" role="table"><caption>{esc(name)}{thousands(group["n"])}张，'
        f"{len(cells)}个方面</caption>",
        head([("", "方面"), ("", "各等级张数"), ("", "平均分"), ("", "权重")]),
        "<tbody>",
        *rows,
        "</tbody></table>",
        *_one_mean(model, cells[0], dimensions[cells[0]["dimension"]]),
        f"<p>{len(cells)}个方面按权重相加，得{esc(name)}组{group['score']:.2f}分。</p>"
        if len(cells) > 1
        else f"<p>只有这一个方面，所以{esc(name)}组得{group['score']:.2f}分。</p>",
    ]


def _group_name(model: Model, code: str) -> str:
    return next(str(g["zh"]) for g in model["method"]["groups"] if g["code"] == code)


def _mean(model: Model, row: Row) -> Fraction:
    total = sum(row[f"level_{level}"] * Fraction(model["method"]["scale"][str(level)]) for level in LEVEL_ZH)
    return Fraction(total, row["answered"])


def _dimension_row(model: Model, row: Row, dimension: Row, whole: Fraction | int) -> str:
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


def _second_step(model: Model, groups: list[Row], weights: Mapping[str, Fraction], unit: Row) -> list[str]:
    """The groups weighted into the unit's score."""
    whole = sum(weights[g["group"]] for g in groups)
    number = "p-num-end"
    rows = []
    for group in groups:
        weight = weights[group["group"]] / whole
        rows.append(
            f'<tr><th scope="row">{esc(_group_name(model, group["group"]))}</th>'
            + cell(thousands(group["n"]), number)
            + cell(f"{group['score']:.2f}", number)
            + cell(share(weight), number)
            + cell(rounded(weight * Fraction(group["score_exact"]), 2), number)
            + "</tr>"
        )
    note = (
        "没有满足最少张数的组不计入，其余各组的权重按比例放大到100%。" if Fraction(unit["counted_weight"]) < 1 else ""
    )
    return [
        "<h3>第二步　各组按公布的权重相加</h3>",
        f"<p>{note}</p>" if note else "",
        '<table class="p-table" role="table"><caption class="p-hide">各组得分与权重</caption>',
        head([("", "评议主体"), *((number, name) for name in ("张数", "组得分", "权重", "计入"))]),
        f"<tbody>{''.join(rows)}</tbody>",
        f'<tfoot><tr><th scope="row">合计</th>{cell(thousands(sum(g["n"] for g in groups)), number)}<td></td>',
        cell("100%", number) + cell(f"{unit['score']:.2f}", number) + "</tr></tfoot></table>",
    ]
