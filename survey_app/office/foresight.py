"""What a plan can and cannot show, in words: for people who will be asked why nobody is called the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from survey_app.domain.errors import N_, fill
from survey_app.domain.plans import Draft
from survey_app.domain.scale import CLASSES
from survey_app.domain.weights import percent
from survey_app.office import planning
from survey_app.web.language import say

WIDE, FEW_APART = 5.0, 0.5  # points; share of neighbouring ranks: below half, a list of ranks is mostly chance
NOBODY = N_("这样发码，%(class)s没有一个单位会有得分：人数不够。请多发，或少分几个评议主体。")
SOME = N_("%(class)s的%(units)s个单位里，全部收回也只有%(scored)s个会有得分。")
ALONE = N_("%(class)s只有一个单位有得分，没有可以比的。")
ONLY_TIERS = N_("%(class)s不要排名次：相邻的名次大多分不出先后，只能说明显高于平均、差不多、明显低于平均。")
COARSE = N_("%(class)s一半人评的话，得分上下会差%(width)s分，小的差别看不出来。")
NO_CODES = N_("还没有写计划发多少码，看不出能比到什么程度。请先填“多少人、发多少码”。")


@dataclass(frozen=True)
class Told:
    """One class: rows for the table, and what to be warned of."""

    zh: str
    rows: list[Mapping[str, Any]]
    warnings: list[str]


def told(draft: Draft, classes: Mapping[str, str]) -> list[Told]:
    """Expected width and share of ranks told apart, by class, with warnings; empty without units.

    Raises AnalysisRefused.
    """
    found = planning.foresight(draft, classes)
    return [
        Told(_name(draft, code), [_row(row) for row in rows], _warnings(draft, code, rows))
        for code, rows in found.items()
    ]


def _name(draft: Draft, code: str) -> str:
    return next((str(one["zh"]) for one in draft.method["class"] if one["code"] == code), CLASSES.get(code, code))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    apart = row["apart"]
    share = "" if apart is None else "<1%" if 0 < apart < 0.01 else f"{100 * apart:.0f}%"
    return {**row, "returned": percent(Fraction(row["returned"])), "apart": share}


def _warnings(draft: Draft, code: str, rows: list[dict[str, Any]]) -> list[str]:
    """The first row is with all codes returned, the second with half of them."""
    whole, half = rows[0], rows[1]
    places = {"class": _name(draft, code), "units": whole["units"], "scored": whole["scored"]}
    if not any(sizes.get("codes") for sizes in draft.units.values()):
        return [say(NO_CODES)]
    if not whole["scored"]:
        return [fill(NOBODY, places, say)]
    found = [SOME] if whole["scored"] < whole["units"] else []
    found += [ALONE] if whole["scored"] == 1 else []
    found += [ONLY_TIERS] if whole["apart"] is not None and whole["apart"] < FEW_APART else []
    width = half["half_width"]
    found += [COARSE] if width and width > WIDE else []
    return [fill(text, {**places, "width": f"{width or 0:.1f}"}, say) for text in found]
