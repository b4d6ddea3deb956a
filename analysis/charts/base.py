"""Drawing without a browser: SVG with real text, a title and a description, in the theme of the portal."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import altair as alt
import vl_convert

from ..view import Axis, Row

ROW_PX = 28
WIDTH_PX = 340  # on a phone the whole picture is shown at three quarters: its letters stay readable
LINE_SIGNS = 34  # of a subtitle
NAME_PX = 260
BRAND, INK, GREY, BROWN, GREEN = "#174a8c", "#17212b", "#66727f", "#874308", "#0b5a63"
# Bars and cells touch; an edge keeps them apart where colour does not (print, elderly mode, colour blindness).
EDGE: dict[str, Any] = {"stroke": "#17212b", "strokeWidth": 0.6}
VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def svg(chart: Any, title: str, subtitle: str, description: str) -> bytes:
    """The picture as UTF-8, readable aloud: its first elements are <title> and <desc>."""
    spec = chart.properties(title=alt.TitleParams(_lines(title), subtitle=_lines(subtitle))).to_dict(validate=False)
    theme = json.loads(resources.files(__package__).joinpath("chart-theme.json").read_text(encoding="utf-8"))
    # One description for the whole picture, not one for every mark.
    spec["config"] = theme["config"] | {"aria": False}
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VERSION)
    return _described(drawn, title, description).encode()


def _described(drawn: str, title: str, description: str) -> str:
    end = drawn.index(">", drawn.index("<svg")) + 1
    words = f'<title id="t">{html.escape(title)}</title><desc id="d">{html.escape(description)}</desc>'
    head = drawn[: end - 1] + ' role="img" aria-labelledby="t d">'
    return head + words + drawn[end:] + "\n"


def _lines(text: str) -> list[str]:
    """A text in lines that break behind a stop, a comma or a wide space."""
    lines = [""]
    for part in re.findall(r"[^。；，　]*[。；，　]?", text):
        if lines[-1] and len(lines[-1]) + len(part) > LINE_SIGNS:
            lines.append("")
        lines[-1] += part
    return [line.strip("　") for line in lines]


def data(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as Vega-Lite data."""
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]  # altair leaves this one untyped


def names_in(units: Sequence[Row]) -> dict[str, str]:
    """Slug -> name; two units of one name get their slugs beside it, else they would share a row."""
    seen = Counter(unit["zh"] for unit in units)
    return {u["slug"]: u["zh"] if seen[u["zh"]] == 1 else f"{u['zh']}（{u['slug']}）" for u in units}


def name_axis(names: Iterable[str]) -> alt.Y:
    """Units from top to bottom in the order given."""
    return alt.Y("name:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=NAME_PX))


def score_axis(field: str, axis: Axis) -> alt.X:
    """Scores from start to end; a cut axis says so."""
    return alt.X(
        f"{field}:Q",
        title=f"得分（横轴从{axis.low:g}分起）" if axis.low else "得分",
        scale=alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False),
        axis=alt.Axis(values=list(axis.ticks), format="~f"),
    )
