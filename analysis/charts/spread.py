"""Funnel of scores over ballots, scores over rounds, and who answered against who was asked."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from ..view import ALL, Model, Row, changes_of, words_of
from .base import BRAND, BROWN, GREEN, GREY, INK, WIDTH_PX, data, names_in, svg

STEPS = 60  # points of a limit's curve
Z = {"95": 1.959963984540054, "998": 3.090232306167813}
OUTSIDE = {"": ("circle", BRAND), "95": ("square", BROWN), "998": ("diamond", BROWN)}
MOVED = {"up": ("triangle-up", GREEN), "down": ("triangle-down", BROWN)}
HEIGHT_PX = 300


def draw_funnel(model: Model, c: Mapping[str, Any], units: Sequence[Row], rows: Sequence[Row]) -> bytes:
    """SVG: with fewer ballots scores stray further; only what lies outside the limits calls for a look."""
    names = names_in(units)
    low, high = _reach([row[key] for row in rows for key in ("score", "low998", "high998")])
    y = _scores(low, high)
    lines = alt.Chart(data(_limits(rows, low, high))).mark_line(strokeWidth=1.5, color=GREY)
    points = [_point(row, names[row["unit"]]) for row in rows]
    base = alt.Chart(data(points)).encode(x=_ballots(rows), y=y)
    chart = alt.layer(
        lines.encode(
            x=_ballots(rows),
            y=y,
            detail="line:N",
            strokeDash=alt.StrokeDash("dash:N", scale=None, legend=None),
        ),
        alt.Chart(data([{"score": rows[0]["target"]}])).mark_rule(strokeWidth=1).encode(y=y),
        base.mark_point(opacity=1).encode(
            shape=alt.Shape("shape:N", scale=None, legend=None), color=alt.Color("color:N", scale=None, legend=None)
        ),
        base.transform_filter("datum.label != ''").mark_text(align="left", dx=10, fontSize=13).encode(text="label:N"),
    ).properties(width=WIDTH_PX, height=HEIGHT_PX)
    told = "；".join(f"{p['name']}{p['n']}张{p['score']:.2f}分{p['said']}" for p in points)
    title = f"{model['round']['name']}　{c['zh']}：票数和得分"
    subtitle = "中间一条是本类平均，外面的灰线内是99.8%、灰虚线内是95%的偶然范围；出了界的写着名字，■出95%，◆出99.8%"
    return svg(chart, title, subtitle, f"{told}。")


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """From the ten below the least to the ten above the greatest, so that the differences can be seen."""
    low, high = 10 * math.floor(min(values) / 10), 10 * math.ceil(max(values) / 10)
    return low, max(high, low + 10)


def _scores(low: float, high: float) -> alt.Y:
    """Scores upwards; a cut axis says so."""
    title = f"得分（纵轴从{low:g}分起）" if low else "得分"
    return alt.Y(
        "score:Q", title=title, scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=alt.Axis(format="~f")
    )


def _ballots(rows: Sequence[Row]) -> alt.X:
    most = max(row["n"] for row in rows)
    return alt.X(
        "n:Q", title="有效票（张）", scale=alt.Scale(domain=[0, most * 1.15], nice=False), axis=alt.Axis(format="~f")
    )


def _limits(rows: Sequence[Row], low: float, high: float) -> list[dict[str, Any]]:
    """Four curves target ± z·sigma/√n, cut at the ends of the axis."""
    target, sigma = rows[0]["target"], rows[0]["sigma"]
    most = max(row["n"] for row in rows) * 1.15
    least = max(min(row["n"] for row in rows) / 2, most / STEPS)
    sizes = [least + (most - least) * step / STEPS for step in range(STEPS + 1)]
    return [
        {
            "n": round(n, 2),
            "score": round(min(max(target + sign * Z[limit] * sigma / n**0.5, low), high), 4),
            "line": f"{limit}{sign}",
            "dash": "4,3" if limit == "95" else "1,0",
        }
        for limit in Z
        for sign in (1, -1)
        for n in sizes
    ]


def _point(row: Row, name: str) -> dict[str, Any]:
    shape, color = OUTSIDE[row["outside"] or ""]
    said = {"95": "，在95%界限以外", "998": "，在99.8%界限以外"}.get(row["outside"] or "", "")
    label = name if row["outside"] else ""
    return {
        "n": row["n"],
        "score": row["score"],
        "name": name,
        "shape": shape,
        "color": color,
        "label": label,
        "said": said,
    }


def draw_trend(model: Model, c: Mapping[str, Any], units: Sequence[Row], rows: Sequence[Row]) -> bytes:
    """SVG: every unit's comparable scores; those that changed stand out by colour, marker and name."""
    names = names_in(units)
    verdicts = {unit: row["verdict"] for unit, row in changes_of(model).items()}
    order = list(
        dict.fromkeys(row["round"] for row in sorted(model["series"], key=lambda r: (r["closes_on"], r["round"])))
    )
    points = [_step(row, names[row["unit"]], verdicts.get(row["unit"], "")) for row in rows]
    base = alt.Chart(data(points)).encode(
        x=alt.X("round:N", sort=order, title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.3)),
        y=_scores(*_reach([p["score"] for p in points])),
        color=alt.Color("color:N", scale=None, legend=None),
    )
    last = f"datum.round == '{order[-1]}' && datum.moved"
    chart = alt.layer(
        base.mark_line().encode(detail="name:N", strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None)),
        base.mark_point(opacity=1).encode(shape=alt.Shape("shape:N", scale=None, legend=None)),
        base.transform_filter(last).mark_text(align="left", dx=10, fontSize=13).encode(text="name:N"),
    ).properties(width=WIDTH_PX, height=HEIGHT_PX)
    told = "；".join(f"{p['name']}{p['round']}得{p['score']:.2f}分" for p in points)
    title = f"{model['round']['name']}　{c['zh']}：各轮得分"
    return svg(
        chart, title, "▲比上一轮明显上升，▼明显下降，都写着名字；灰色的未见显著变化。只画口径相同的轮次", f"{told}。"
    )


def _step(row: Row, name: str, verdict: str) -> dict[str, Any]:
    shape, color = MOVED.get(verdict, ("circle", GREY))
    moved = verdict in MOVED
    width = 2.5 if moved else 1
    return {
        "round": row["round"],
        "score": row["score"],
        "name": name,
        "shape": shape,
        "color": color,
        "width": width,
        "moved": moved,
    }


def draw_composition(model: Model) -> bytes:
    """SVG: share of each group of respondents among ballots (●) and among those asked (○)."""
    words = words_of(model, "groups")
    found = [r for r in model["composition"] if r["unit"] == ALL and r["channel"] == ALL and r["share_pct"] is not None]
    rows = [{"name": words[r["group"]], "actual": r["share_pct"], "planned": r["planned_pct"]} for r in found]
    base = alt.Chart(data(rows)).encode(y=alt.Y("name:N", sort=[r["name"] for r in rows], title=None))
    asked = base.transform_filter("datum.planned != null")
    chart = alt.layer(
        asked.mark_rule(color=GREY).encode(x=_percent("actual"), x2="planned:Q"),
        asked.mark_point(filled=False, color=INK, stroke=INK, strokeWidth=2, opacity=1).encode(x=_percent("planned")),
        base.mark_point(color=BRAND, opacity=1).encode(x=_percent("actual")),
    ).properties(width=WIDTH_PX, height=40 * len(rows))
    told = "；".join(f"{r['name']}实际{r['actual']:.1f}%{_planned(r['planned'])}" for r in rows)
    title = f"{model['round']['name']}：谁回答了"
    return svg(chart, title, "●实际占比，○计划占比", f"{told}。")


def _percent(field: str) -> alt.X:
    return alt.X(f"{field}:Q", title="占比，%", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(format="~f"))


def _planned(value: float | None) -> str:
    return "" if value is None else f"，计划{value:.1f}%"
