"""Charts for documents and downloads: SVG with real text, drawn by Vega-Lite without a browser."""

import html
import json
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from typing import Any

import altair as alt
import vl_convert

from .view import Axis, Model, axis_of, scored_by_class

ROW_PX = 28
WIDTH_PX = 560


def scores_svg(model: Model) -> bytes:
    """Scores with intervals, one panel per class, units ordered by slug; UTF-8 SVG with title and desc."""
    panels = [_panel(model, c, units) for c, units in scored_by_class(model)] or [_nothing()]
    title = f"{model['round']['name']}：得分和误差范围"
    chart = alt.vconcat(*panels, spacing=28).resolve_scale(x="independent", y="independent")
    spec = chart.properties(title=alt.TitleParams(title, subtitle=_subtitle(model))).to_dict()
    theme = json.loads(resources.files(__package__).joinpath("chart-theme.json").read_text(encoding="utf-8"))
    spec["config"] = theme["config"]
    svg = vl_convert.vegalite_to_svg(spec, vl_version=".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2]))
    return _described(svg, title, _description(model)).encode()


def _subtitle(model: Model) -> str:
    confidence = _percent(model)
    return f"点是得分，横线是{confidence}误差范围，虚线是本类平均。按单位代号排列，不是名次"


def _percent(model: Model) -> str:
    return f"{float(100 * Fraction(model['method']['confidence'])):g}%"


def _panel(model: Model, c: Mapping[str, Any], units: list[dict[str, Any]]) -> Any:
    axis = axis_of(model, units)
    names = _distinct_names(units)
    rows = [{"name": names[u["slug"]], "score": u["score"], "low": u["low"], "high": u["high"]} for u in units]
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(_data(rows)).encode(y=y)
    layers = [
        alt.Chart(_data([{"score": c["mean"]}]))
        .mark_rule(strokeDash=[3, 3], strokeWidth=1.5)
        .encode(x=_x("score", axis)),
        base.transform_filter("datum.low != null").mark_rule().encode(x=_x("low", axis), x2="high:Q"),
        base.transform_filter("datum.low != null").mark_tick().encode(x=_x("low", axis)),
        base.transform_filter("datum.low != null").mark_tick().encode(x=_x("high", axis)),
        base.mark_point(color="#174a8c", opacity=1).encode(x=_x("score", axis)),
    ]
    title = f"{c['zh']}（{len(units)}个单位，平均{c['mean']:.2f}）"
    return alt.layer(*layers).properties(width=WIDTH_PX, height=ROW_PX * len(rows), title=title)


def _distinct_names(units: list[dict[str, Any]]) -> dict[str, str]:
    """Slug -> name; two units of one name get their slugs beside it, else they would share a row."""
    seen = Counter(unit["zh"] for unit in units)
    return {u["slug"]: u["zh"] if seen[u["zh"]] == 1 else f"{u['zh']}（{u['slug']}）" for u in units}


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]  # altair leaves this one untyped


def _x(field: str, axis: Axis) -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=f"得分（横轴从{axis.low:g}分起）" if axis.low else "得分",
        scale=alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False),
        axis=alt.Axis(values=list(axis.ticks), format="~f"),
    )


def _nothing() -> Any:
    data = _data([{"text": "没有可公布的得分"}])
    return alt.Chart(data).mark_text(align="left").encode(text="text:N", x=alt.value(0)).properties(width=WIDTH_PX)


def _description(model: Model) -> str:
    parts = []
    for c, units in scored_by_class(model):
        texts = [f"{u['zh']}{u['score']:.2f}分" + _range(u) for u in units]
        parts.append(f"{c['zh']}：" + "，".join(texts) + "。")
    return "".join(parts) or "没有可公布的得分。"


def _range(unit: Mapping[str, Any]) -> str:
    return "（全体测评）" if unit["low"] is None else f"（{unit['low']:.2f}–{unit['high']:.2f}）"


def _described(svg: str, title: str, description: str) -> str:
    """Put a title and a description first, so that the picture can be read aloud."""
    end = svg.index(">", svg.index("<svg")) + 1
    words = f'<title id="t">{html.escape(title)}</title><desc id="d">{html.escape(description)}</desc>'
    head = svg[: end - 1] + ' role="img" aria-labelledby="t d">'
    return head + words + svg[end:] + "\n"
