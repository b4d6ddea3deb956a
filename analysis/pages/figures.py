"""figures.md: every chart with the same numbers in a table below it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..columns import LEVEL_ZH
from ..view import ALL, TIERS, Model, Row, level_shares, scored_by_class, tiers_of, words_of
from ..words import esc, interval, thousands
from .annexes import pct, score, span
from .frame import Release, part_page
from .parts import section, table

Lines = list[str]
OUTSIDE = {None: "", "": "", "95": "出95%界限", "998": "出99.8%界限"}


def figures_page(release: Release, files: frozenset[str]) -> bytes | None:
    """The page as UTF-8; None without a chart. `files` names the charts that were drawn."""
    model = release.model
    lines = [line for c, units in scored_by_class(model) for line in _class(model, c, units, files)]
    if "charts/composition.svg" in files:
        lines += section(
            "composition", "谁回答了", [_picture("composition", "评议主体的实际占比和计划占比"), *_composition(model)]
        )
    return part_page(release, "figures", lines) if lines else None


def _class(model: Model, c: Mapping[str, Any], units: Sequence[Row], files: frozenset[str]) -> Lines:
    kinds: list[tuple[str, str, Callable[[Model, Sequence[Row]], Lines]]] = [
        ("scores", "得分和误差范围", _scores),
        ("levels", "各等级的比例", _levels),
        ("dimensions", "每个方面的满意率", _dimensions),
        ("funnel", "票数和得分", _funnel),
        ("trend", "各轮得分", _trend),
    ]
    found: Lines = []
    for kind, title, numbers in kinds:
        name = f"{kind}-{c['code']}"
        if f"charts/{name}.svg" in files:
            found += [
                f'<h3 id="{esc(name)}">{title}</h3>',
                _picture(name, f"{c['zh']}：{title}"),
                *numbers(model, units),
            ]
    return section(f"class-{c['code']}", c["zh"], found)


def _picture(name: str, words: str) -> str:
    alt = f"{words}，数字见下表"
    image = f'<img src="../charts/{name}.svg" alt="{esc(alt)}" class="p-chart" loading="lazy">'
    return f'<div class="p-chart-box"><a href="../charts/{name}.svg">{image}</a></div>'


def _scores(_model: Model, units: Sequence[Row]) -> Lines:
    rows = [
        (esc(u["zh"]), TIERS[tier].short if tier else "不分档", score(u["score"]), esc(interval(u)))
        for tier, members in tiers_of(units)
        for u in members
    ]
    return table("同一档里按单位代号排列", ("单位", "档次", "得分", "误差范围"), rows, kind="fit")


def _levels(model: Model, units: Sequence[Row]) -> Lines:
    shares = level_shares(model)
    rows = [(esc(u["zh"]), *(f"{share:.1f}" for share in shares[u["slug"]].values())) for u in units]
    return table("占给出等级的回答，%", ("单位", *LEVEL_ZH.values()), rows)


def _dimensions(model: Model, units: Sequence[Row]) -> Lines:
    dimensions = words_of(model, "dimensions")
    found = {(r["unit"], r["dimension"]): r["satisfied_pooled_pct"] for r in model["dimensions"]}
    used = [code for code in dimensions if any((u["slug"], code) in found for u in units)]
    rows = [(esc(u["zh"]), *(pct(found.get((u["slug"], code))) for code in used)) for u in units]
    return table("满意率", ("单位", *(dimensions[code] for code in used)), rows)


def _funnel(model: Model, units: Sequence[Row]) -> Lines:
    names = {u["slug"]: u["zh"] for u in units}
    rows = [
        (
            esc(names[r["unit"]]),
            thousands(r["n"]),
            score(r["score"]),
            span(r["low95"], r["high95"]),
            span(r["low998"], r["high998"]),
            OUTSIDE[r["outside"]],
        )
        for r in model["funnel"]
        if r["unit"] in names
    ]
    return table("按票数算的偶然范围", ("单位", "有效票", "得分", "95%界限", "99.8%界限", "出界"), rows)


def _trend(model: Model, units: Sequence[Row]) -> Lines:
    rounds = list(
        dict.fromkeys(r["round"] for r in sorted(model["series"], key=lambda r: (r["closes_on"], r["round"])))
    )
    found = {(r["unit"], r["round"]): r["score"] for r in model["series"] if r["comparable"] == "yes"}
    rows = [(esc(u["zh"]), *(score(found.get((u["slug"], code))) for code in rounds)) for u in units]
    return table("口径相同的各轮得分", ("单位", *rounds), rows)


def _composition(model: Model) -> Lines:
    words = words_of(model, "groups")
    rows = [
        (esc(words[r["group"]]), thousands(r["n"]), pct(r["share_pct"]), pct(r["planned_pct"]))
        for r in model["composition"]
        if r["unit"] == ALL and r["channel"] == ALL
    ]
    return table("全部单位合在一起", ("评议主体", "张数", "实际占比", "计划占比"), rows, kind="fit")
