"""Scores with intervals of one class, in the order of the table: tier, then unit."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import altair as alt

from ..view import TIERS, Model, Row, axis_of, tiers_of
from ..words import interval
from .base import BRAND, BROWN, GREEN, ROW_PX, WIDTH_PX, data, name_axis, names_in, score_axis, svg

SHAPES = {"above": ("triangle-up", GREEN), "below": ("triangle-down", BROWN), "review": ("diamond", BRAND)}
POINT = ("circle", BRAND)


def draw(model: Model, c: Mapping[str, Any], units: Sequence[Row]) -> bytes:
    """SVG; `units` are the scored units of the class."""
    ordered = [unit for _, members in tiers_of(units) for unit in members]
    axis, names = axis_of(model, units), names_in(units)
    rows = [_row(unit, names[unit["slug"]]) for unit in ordered]
    base = alt.Chart(data(rows)).encode(y=name_axis(row["name"] for row in rows))
    known = base.transform_filter("datum.low != null")
    mean = alt.Chart(data([{"score": c["mean"]}])).mark_rule(strokeDash=[3, 3], strokeWidth=1.5)
    layers = [
        mean.encode(x=score_axis("score", axis)),
        known.mark_rule().encode(x=score_axis("low", axis), x2="high:Q"),
        known.mark_tick().encode(x=score_axis("low", axis)),
        known.mark_tick().encode(x=score_axis("high", axis)),
        base.mark_point(opacity=1).encode(
            x=score_axis("score", axis),
            shape=alt.Shape("shape:N", scale=None, legend=None),
            color=alt.Color("color:N", scale=None, legend=None),
        ),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH_PX, height=ROW_PX * len(rows))
    title = f"{model['round']['name']}　{c['zh']}：得分和误差范围"
    return svg(chart, title, _subtitle(model, c), _description(c, ordered))


def _row(unit: Row, name: str) -> dict[str, Any]:
    shape, color = SHAPES.get(unit["tier"] or "", POINT)
    numbers = {key: unit[key] for key in ("score", "low", "high")}
    return {"name": name, "shape": shape, "color": color, **numbers}


def _subtitle(model: Model, c: Mapping[str, Any]) -> str:
    confidence = f"{float(100 * Fraction(model['method']['confidence'])):g}%"
    signs = "▲高于平均，●分不出，▼低于平均。"
    return f"{signs}横线是{confidence}误差范围，虚线是本类平均{c['mean']:.2f}。同一档里按单位代号排列，不是名次"


def _description(c: Mapping[str, Any], units: Sequence[Row]) -> str:
    told = (f"{u['zh']}{u['score']:.2f}分（{interval(u)}{_tier(u)}）" for u in units)
    return f"{c['zh']}：{'，'.join(told)}。"


def _tier(unit: Row) -> str:
    return f"，{TIERS[unit['tier']].zh}" if unit["tier"] in TIERS else ""
