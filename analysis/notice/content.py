"""What notice and brief say: headings, sentences and tables, all figures from the release, none from the office.

The same parts are written into the document and looked for again when a document is checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..columns import rounded
from ..sentences import NOISE, ORDER, SILENT, apart, class_paragraph, overview, period, reason, score_words
from ..view import TIERS, Model, shown_classes, shown_units, tiers_of
from ..words import interval, place, share, thousands

HEAD = ("单位", "档次", "得分", "误差范围", "有效票", "满意率", "名次区间")
WIDTHS_MM = (36, 29, 15, 24, 15, 16, 21)
SHORT = ("单位", "没有得分的原因")
SHORT_WIDTHS_MM = (46, 110)
NONE = "—"
ANNEX_NOTE = "名次区间是这个单位按得分可能排到的位次；写“—”的，有得分的单位太少，不分档。"
NUMERALS = "一二三四五六七八九十"
NAMED = 5  # units of one tier that a running text still names one by one


@dataclass(frozen=True)
class Part:
    """One piece of a document: kind is h1, h2, text, note or table."""

    kind: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = field(default_factory=list)
    widths: tuple[int, ...] = ()


def body(model: Model, digest: str) -> list[Part]:
    """The notice's own text."""
    opening = Part("text", f"{model['round']['name']}于{period(model)}进行，现将结果通报如下。")
    parts = [opening, Part("h1", "一、总体情况"), Part("text", overview(model) + apart(model))]
    parts += [Part("h1", "二、各类单位的结果"), Part("text", f"只有同一类的单位可以比较。{ORDER}。")]
    for number, c in enumerate(shown_classes(model)):
        parts.append(Part("h2", f"（{_numeral(number)}）{c['zh']}"))
        parts += [Part("text", text) for text in class_texts(model, c)]
    return [
        *parts,
        Part("h1", "三、怎样看这些数"),
        *_limits(model),
        Part("h1", "四、怎样核对"),
        *checking(model, digest),
    ]


def _numeral(number: int) -> str:
    """0 -> 一, 10 -> 十一."""
    tens, ones = divmod(number + 1, 10)
    return (NUMERALS[tens - 2] if tens > 1 else "") + ("十" if tens else "") + (NUMERALS[ones - 1] if ones else "")


def class_texts(model: Model, c: Mapping[str, Any]) -> list[str]:
    """A class in a paragraph of its own, then its upper and lower tier by name."""
    units = shown_units(model, c["code"])
    named = [
        f"{TIERS[tier].zh}的：{_names(members)}。" for tier, members in tiers_of(units) if tier in ("above", "below")
    ]
    return [class_paragraph(model, c), *(["".join(named)] if named else [])]


def _names(units: Sequence[Mapping[str, Any]]) -> str:
    listed = "、".join(score_words(unit) for unit in units[:NAMED])
    return listed if len(units) <= NAMED else f"{listed}等{len(units)}个，见附件"


def _limits(model: Model) -> list[Part]:
    method = model["method"]
    words = f"得分后面是{share(method['confidence'])}的误差范围。{NOISE}。{SILENT}。"
    rule = f"一组人评一个方面不满{method['min_n']}张的，不公布，也不计算；"
    rule += f"算得出的部分不到权重{share(method['min_weight'])}的单位，不计分。"
    return [Part("text", words), Part("text", rule)]


def checking(model: Model, digest: str) -> list[Part]:
    """Where the figures can be checked, and their digests."""
    return [
        Part("text", "全部数据、评议办法和核对方法在评议结果网页上公布，谁都可以下载重算。"),
        Part("text", f"评议办法文件指纹：{spelled(model['method']['sha256'])}"),
        Part("text", f"发布版指纹：{spelled(digest)}"),
    ]


def spelled(digest: str) -> str:
    """A digest in groups of eight, so that it can be read out and breaks at the line's end."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def annex(model: Model) -> list[Part]:
    """The annex: one table for each class, then units without a score and why."""
    parts = []
    for c in shown_classes(model):
        units = shown_units(model, c["code"])
        rows = [_row(unit) for _, members in tiers_of(units) for unit in members]
        short: list[tuple[str, ...]] = [(unit["zh"], reason(model, unit)) for unit in units if unit["score"] is None]
        parts.append(Part("h2", f"{c['zh']}（{c['units']}个单位，{c['scored']}个有得分）"))
        parts += [Part("table", head=HEAD, rows=rows, widths=WIDTHS_MM)] if rows else []
        parts += [Part("table", head=SHORT, rows=short, widths=SHORT_WIDTHS_MM)] if short else []
    return [*parts, Part("note", ANNEX_NOTE)]


def _row(unit: Mapping[str, Any]) -> tuple[str, ...]:
    tier = TIERS.get(unit["tier"] or "")
    return (
        unit["zh"],
        f"{tier.sign}{tier.short}" if tier else NONE,
        f"{unit['score']:.2f}",
        "全体测评" if unit["low"] is None else interval(unit),
        thousands(unit["n"]),
        f"{rounded(Fraction(str(unit['satisfied_pct'])), 1)}%",
        place(unit) or NONE,
    )


def brief(model: Model, digest: str) -> list[Part]:
    """The brief: the whole in figures, a paragraph for each class, how far the figures carry."""
    parts = [Part("text", f"{model['round']['name']}，{period(model)}。{overview(model)}{apart(model)}")]
    parts += [Part("text", text) for c in shown_classes(model) for text in class_texts(model, c)]
    short = [u for c in shown_classes(model) for u in shown_units(model, c["code"]) if u["score"] is None]
    if short:
        parts.append(Part("text", f"没有得分的单位：{'、'.join(u['zh'] for u in short)}。这不是好，也不是不好。"))
    return [*parts, Part("text", f"{NOISE}。{SILENT}。"), Part("text", f"发布版指纹：{spelled(digest)}")]
