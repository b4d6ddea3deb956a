"""How the answers of each unit spread over the five levels, and which dimensions please more or less."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from ..columns import LEVEL_ZH
from ..view import Model, Row
from .base import EDGE, INK, ROW_PX, WIDTH_PX, data, name_axis, names_in, svg

COLORS = {5: "#0b5a63", 4: "#67abb0", 3: "#dfe3e7", 2: "#e0a860", 1: "#874308"}
LIGHT_TEXT = (5, 1)  # levels whose colour needs white digits
SHOWN_PCT = 7  # a narrower piece has no room for its number


def draw_levels(
    model: Model, c: Mapping[str, Any], units: Sequence[Row], shares: Mapping[str, Mapping[int, float]]
) -> bytes:
    """SVG: one bar a unit, best level first, the share written inside; `shares`: unit -> level -> percent."""
    names = names_in(units)
    rows = [row for unit in units for row in _pieces(names[unit["slug"]], shares[unit["slug"]])]
    y = name_axis(names[u["slug"]] for u in units)
    colors = alt.Scale(domain=[_key(level) for level in COLORS], range=list(COLORS.values()))
    legend = alt.Legend(
        title=None, orient="top", columns=3, symbolType="square", symbolStrokeColor=INK, symbolStrokeWidth=0.6
    )
    bar = (
        alt.Chart(data(rows))
        .mark_bar(**EDGE)
        .encode(
            y=y,
            x=alt.X(
                "start:Q", title="占给出等级的回答，%", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(format="d")
            ),
            x2="end:Q",
            color=alt.Color("level:N", scale=colors, sort=[_key(level) for level in COLORS], legend=legend),
        )
    )
    text = (
        alt.Chart(data([r for r in rows if r["share"] >= SHOWN_PCT]))
        .mark_text(fontSize=13)
        .encode(y=y, x="middle:Q", text="words:N", color=alt.Color("ink:N", scale=None, legend=None))
    )
    chart = (
        alt.layer(bar, text).resolve_scale(color="independent").properties(width=WIDTH_PX, height=ROW_PX * len(units))
    )
    title = f"{model['round']['name']}　{c['zh']}：各等级的比例"
    told = "；".join(f"{names[u['slug']]}{_told(shares[u['slug']])}" for u in units)
    return svg(chart, title, "从好到差排列，数字是百分比；不了解和没有作答的不在里面", f"{told}。")


def _key(level: int) -> str:
    return f"{level} {LEVEL_ZH[level]}"


def _told(shares: Mapping[int, float]) -> str:
    return "，".join(f"{LEVEL_ZH[level]}{share:.1f}%" for level, share in shares.items())


def _pieces(name: str, shares: Mapping[int, float]) -> list[dict[str, Any]]:
    """The pieces of one bar from start to end."""
    found, start = [], 0.0
    for level, share in shares.items():
        ink = "#ffffff" if level in LIGHT_TEXT else INK
        place = {"start": start, "end": start + share, "middle": start + share / 2}
        found.append({"name": name, "level": _key(level), "share": share, "words": f"{share:.0f}", "ink": ink, **place})
        start += share
    return found


def draw_dimensions(model: Model, c: Mapping[str, Any], units: Sequence[Row]) -> bytes:
    """SVG: satisfied share of unit x dimension as a heat map with the number in every cell."""
    names = names_in(units)
    words = {d["code"]: d["zh"] for d in model["method"]["dimensions"]}
    rows = [
        {
            "name": names[row["unit"]],
            "dimension": words[row["dimension"]],
            "pct": row["satisfied_pooled_pct"],
            "ink": "#ffffff" if row["satisfied_pooled_pct"] >= DARK_FROM else INK,
        }
        for row in model["dimensions"]
        if row["unit"] in names
    ]
    used = list(dict.fromkeys(words[row["dimension"]] for row in model["dimensions"] if row["unit"] in names))
    x = alt.X("dimension:N", sort=used, title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=110))
    base = alt.Chart(data(rows)).encode(y=name_axis(names[u["slug"]] for u in units), x=x)
    shade = alt.Scale(domain=[50, 100], range=["#f3f6f9", "#174a8c"], clamp=True)
    chart = alt.layer(
        base.mark_rect(**EDGE).encode(color=alt.Color("pct:Q", scale=shade, legend=None)),
        base.mark_text(fontSize=14).encode(
            text=alt.Text("pct:Q", format=".1f"), color=alt.Color("ink:N", scale=None, legend=None)
        ),
    ).resolve_scale(color="independent")
    chart = chart.properties(width=max(70 * len(used), 180), height=ROW_PX * len(units))
    told = "；".join(f"{r['name']}{r['dimension']}{r['pct']:.1f}%" for r in rows)
    title = f"{model['round']['name']}　{c['zh']}：每个方面的满意率"
    return svg(chart, title, "单位%，各组合在一起，不加权；颜色越深越满意，格里写着数", f"{told}。")


DARK_FROM = 78  # from here on the shade is dark enough for white digits
