"""Small pieces of the result page: numbers in words, escaped text, bars drawn as inline SVG."""

import html
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .columns import rounded
from .view import Axis

BAR_HEIGHT = 26
MARKERS = {"above": ("up", "M-8,6 L0,-8 L8,6 Z"), "below": ("down", "M-8,-6 L0,8 L8,-6 Z")}


def esc(text: object) -> str:
    """Text made safe inside HTML."""
    return html.escape(str(text))


def thousands(number: int) -> str:
    """1,302; separated from 1,000 on."""
    return f"{number:,}"


def share(value: object) -> str:
    """An exact share as percent: 7/10 -> 70%, 1/3 -> 33.3%."""
    text = rounded(100 * Fraction(str(value)), 1)
    return text.removesuffix(".0") + "%"


def day(iso: str) -> str:
    """2026-11-03 -> 2026年11月3日."""
    year, month, date = iso.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def points(value: object) -> str:
    """Points of a level: 100, 62.5."""
    return f"{float(Fraction(str(value))):g}"


def interval(unit: Mapping[str, Any]) -> str:
    """The interval of a score in words and numbers, one decimal as in look.md §4."""
    if unit["low"] is None:
        return "全体测评，无抽样误差"
    return f"{rounded(Fraction(str(unit['low'])), 1)}–{rounded(Fraction(str(unit['high'])), 1)}"


def place(unit: Mapping[str, Any]) -> str:
    """The ranks a unit may hold, 第1–3位; empty where the class is too small to say."""
    low, high = unit["rank_low"], unit["rank_high"]
    if low is None:
        return ""
    return f"第{low}位" if low == high else f"第{low}–{high}位"


def chance(text: str | None) -> str:
    """A published probability in percent: 0.93 -> 93%, <0.01 -> 不到1%; "—" for none."""
    if text is None:
        return "—"
    if text.startswith("<"):
        return "不到1%"
    return "99%以上" if Fraction(text) == 1 else share(text)


def signed(number: float) -> str:
    """+1.90, −0.80, 0.00; with the minus sign of print."""
    return f"{number:+.2f}".replace("-", "−") if round(number, 2) else "0.00"


def bar(axis: Axis, unit: Mapping[str, Any], mean: float | None) -> str:
    """Score and interval of one unit as inline SVG; the marker's shape says the tier; the numbers stand beside it."""
    parts = [_line("grid", axis.place(tick), 0, BAR_HEIGHT) for tick in axis.ticks]
    if mean is not None and axis.low <= mean <= axis.high:
        parts.append(_line("mean", axis.place(mean), 0, BAR_HEIGHT))
    if unit["low"] is not None:
        low, high = axis.place(unit["low"]), axis.place(unit["high"])
        parts.append(f'<line class="bar" x1="{low:.2f}%" x2="{high:.2f}%" y1="13" y2="13"/>')
        parts += [_line("bar", x, 8, 18) for x in (low, high)]
    parts.append(_marker(axis.place(unit["score"]), unit["tier"]))
    return f'<svg class="p-dw" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def _marker(x: float, tier: str | None) -> str:
    if tier not in MARKERS:
        return f'<circle class="dot" cx="{x:.2f}%" cy="13" r="6.5"/>'
    kind, shape = MARKERS[tier]
    return f'<svg x="{x:.2f}%" y="13" overflow="visible"><path class="dot {kind}" d="{shape}"/></svg>'


def _line(kind: str, x: float, top: int, bottom: int) -> str:
    return f'<line class="{kind}" x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}"/>'


def ruler(axis: Axis) -> str:
    """The axis numbers above the bars."""
    texts = "".join(
        f'<text x="{axis.place(tick):.2f}%" y="15" text-anchor="middle">{tick:g}</text>' for tick in axis.ticks
    )
    return f'<svg class="p-dw" aria-hidden="true" focusable="false" height="20">{texts}</svg>'


def levels(cell: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """A 100 % wide bar of the five levels, best first, with the same numbers in words for readers aloud."""
    counts = [(level, int(cell[f"level_{level}"])) for level in sorted(names, reverse=True)]
    whole = sum(count for _level, count in counts)
    spans = "".join(
        # A width is a class, one for each per cent: the site's policy allows no style in a page.
        f'<span class="l{level} w{max(1, round(100 * count / whole))}">{count if count >= 10 else ""}</span>'
        for level, count in counts
        if count
    )
    said = "，".join(f"{names[level]}{count}" for level, count in counts)
    return f'<div class="p-lv" aria-hidden="true">{spans}</div><span class="p-hide">{said}</span>'


def head(columns: Iterable[tuple[str, str]]) -> str:
    """A table head from (class, HTML) pairs."""
    cells = "".join(f'<th scope="col" role="columnheader"{_class(kind)}>{content}</th>' for kind, content in columns)
    return f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'


def cell(content: object, kind: str = "", label: str = "") -> str:
    """A table cell holding HTML."""
    named = f' data-label="{esc(label)}"' if label else ""
    return f'<td role="cell"{_class(kind)}{named}>{content}</td>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
