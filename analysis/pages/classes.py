"""One class of units as a table in tiers: order by tier, then by unit; within a tier no number."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..sentences import CHANGES, TESTED, class_paragraph, reason
from ..view import TIERS, Model, Row, axis_of, shown_units, tiers_of
from ..words import bar, cell, esc, head, interval, place, points, ruler, share, signed, thousands
from .parts import paragraph

UNSCORED = (("under_review", "待核，暂不公布得分"), ("", "样本不足，不计分"))


def class_section(model: Model, c: Mapping[str, Any]) -> list[str]:
    """Heading, what the figures mean, the table."""
    units = shown_units(model, c["code"])
    axis = axis_of(model, units)
    columns = [("", "单位"), ("sc", "得分"), ("c", f'<span class="p-hide">图</span>{ruler(axis)}')]
    columns += [("n", "有效票"), ("ch", "满意率")]
    return [
        f'<h2 id="class-{esc(c["code"])}">{esc(c["zh"])}</h2>',
        paragraph(class_paragraph(model, c)),
        f'<table class="p-table p-results" role="table"><caption>{_caption(model, c, axis.low)}</caption>',
        head(columns),
        *(
            line
            for tier, members in tiers_of(units)
            for line in _tier(tier, members, [bar(axis, unit, c["mean"]) for unit in members])
        ),
        *(line for status, words in UNSCORED for line in _unscored(model, words, _short(units, status))),
        "</table>",
    ]


def _caption(model: Model, c: Mapping[str, Any], start: float) -> str:
    method = model["method"]
    best = max(Fraction(value) for value in method["scale"].values())
    words = f"得分满分{points(best)}。点是得分，横线是{share(method['confidence'])}误差范围"
    mean = "" if c["mean"] is None else f"，虚线是本类平均{c['mean']:.2f}"
    return words + mean + (f"。横轴从{start:g}分起。" if start else "。")


def _tier(tier: str, units: Sequence[Row], drawn: Sequence[str]) -> list[str]:
    """The units of one tier under its heading; "" has none."""
    found = TIERS.get(tier)
    title = _title(found.sign, f"{found.zh}（{len(units)}个）", found.means) if found else ""
    rows = [_row(unit, picture) for unit, picture in zip(units, drawn, strict=True)]
    return ['<tbody role="rowgroup">', title, *rows, "</tbody>"]


def _title(sign: str, words: str, means: str) -> str:
    return (
        '<tr class="p-tier" role="row"><th colspan="5" scope="rowgroup" role="rowheader">'
        f'<span class="s" aria-hidden="true">{sign}</span>{words}<small>{means}</small></th></tr>'
    )


def _row(unit: Row, drawn: str) -> str:
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{_name(unit)}{_partial(unit)}</th>'
        + cell(f'<b>{unit["score"]:.2f}</b><small class="p-nowrap">{interval(unit)}</small>', "sc")
        + cell(drawn, "c")
        + cell(thousands(unit["n"]) + _beside(unit), "n")
        + cell(f"满意{unit['satisfied_pct']:.1f}%{_change(unit)}", "ch")
        + "</tr>"
    )


def _name(unit: Row) -> str:
    return f'<a href="scores/{unit["slug"]}/">{esc(unit["zh"])}</a>'


def _partial(unit: Row) -> str:
    """The bounds of a score that rests on a part of the weight."""
    if unit["status"] != "renormalised":
        return ""
    text = f"只计入{share(unit['counted_weight'])}的权重；其余若全是最差或最好，得分在"
    return f'<small class="p-thin">{text}{unit["bound_low"]:.2f}–{unit["bound_high"]:.2f}之间</small>'


def _beside(unit: Row) -> str:
    """What the reader must know beside n: possible ranks, ballots withheld, people who did not rate."""
    ranks = f"<small>{place(unit)}之间</small>" if "–" in place(unit) else f"<small>{place(unit)}</small>"
    withheld = f"<small>另有{thousands(unit['withheld'])}张不公布</small>" if unit["withheld"] else ""
    unrated = "" if unit["unrated_pct"] is None else f"<small>未评价{unit['unrated_pct']:.1f}%</small>"
    return (ranks if place(unit) else "") + withheld + unrated


def _change(unit: Row) -> str:
    """The change of the score since the round before, with its verdict in words."""
    change = unit["change"]
    if not change:
        return ""
    number = f"{signed(change['change'])}分，" if change["verdict"] in TESTED else ""
    return f"<small>比上一轮{number}{CHANGES[change['verdict']]}</small>"


def _short(units: Sequence[Row], status: str) -> list[Row]:
    """Units without a score that are under review, or all others."""
    unscored = [unit for unit in units if unit["score"] is None]
    return [unit for unit in unscored if (unit["status"] == "under_review") == bool(status)]


def _unscored(model: Model, words: str, units: Sequence[Row]) -> list[str]:
    if not units:
        return []
    return [
        '<tbody role="rowgroup">',
        _title("－", f"{words}（{len(units)}个）", "不是好，也不是不好"),
        *(
            f'<tr role="row" class="p-results--none"><th scope="row" role="rowheader">{_name(unit)}</th>'
            f'<td colspan="4" role="cell">{reason(model, unit)}</td></tr>'
            for unit in units
        ),
        "</tbody>",
    ]
