"""The year-end sheet: components with declared weights, each beside the sum. Exact; rounded once, where shown.

sum = Σ weight · value over the components, values from 0 to 100. A component without a figure is never 0 and never left
out in silence: the plan says beforehand whether there is then no sum, or the sum over the others with their share said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from survey_app.domain.errors import N_, Refusal

ROUNDS, EVERYDAY, ASSESSED, KEPT, CASES, INSPECTED, ORDERED = (
    "rounds",
    "everyday",
    "assessed",
    "kept",
    "cases",
    "inspected",
    "ordered",
)
COMPONENTS: Mapping[str, str] = {
    ROUNDS: N_("群众评议"),
    EVERYDAY: N_("好差评"),
    ASSESSED: N_("民主测评"),
    KEPT: N_("承诺兑现"),
    CASES: N_("办件按时"),
    INSPECTED: N_("督查发现"),
    ORDERED: N_("督查件"),
}
FORMULAS: Mapping[str, str] = {
    ROUNDS: N_("这一年截止的各轮得分的平均数，每轮同等"),
    EVERYDAY: N_("各月公布的满意次数之和占评价次数之和的百分数"),
    ASSESSED: N_("优秀和称职票占有效票的百分数；测评几个对象的，票合在一起算"),
    KEPT: N_("各月被评为兑现的次数占能判断的次数的百分数"),
    CASES: N_("这一年办结的办件中按时答复的百分数"),
    INSPECTED: N_("100减每条督查发现扣的分，不低于0；做得好的不扣"),
    ORDERED: N_("100减这一年发出的每份督查件扣的分，过期没有回复的另扣，不低于0；撤回的不扣"),
}
POINTS: Mapping[str, tuple[str, int]] = {
    "finding": (N_("每条督查发现扣"), 2),
    "rectify": (N_("每份整改通知扣"), 2),
    "supervise": (N_("每份督办通知单扣"), 5),
    "named": (N_("每份点名批评书扣"), 10),
    "dispose": (N_("每份处理建议书扣"), 20),
    "overdue": (N_("过期没有回复另扣"), 5),
}
DEFAULTS: Mapping[str, int] = {ROUNDS: 40, EVERYDAY: 15, ASSESSED: 15, KEPT: 10, CASES: 10, INSPECTED: 0, ORDERED: 10}
NO_SUM, OTHERS = "no_sum", "others"
MISSING_WORDS: Mapping[str, str] = {NO_SUM: N_("缺了就不合计"), OTHERS: N_("缺了按其余各项合计，写明占多少")}
EVERYBODY, CLASSES, LISTED = "all", "classes", "units"
WAYS: Mapping[str, str] = {
    EVERYBODY: N_("所有在用的单位"),
    CLASSES: N_("下面勾的类别"),
    LISTED: N_("下面勾的单位"),
}
CENT = Decimal("0.01")


class WeightWrong(Refusal):
    code, status = "weight-wrong", 422
    message = N_("“%(name)s”的权重请填0到100，最多两位小数。")


class WeightsDoNotSum(Refusal):
    code, status = "weights-sum", 422
    message = N_("权重合起来是%(sum)s，应当正好是100，差%(off)s。")


class PointsWrong(Refusal):
    code, status = "points-wrong", 422
    message = N_("“%(name)s”请填0到100的整数。")


class PlanUnknown(Refusal):
    code, status = "year-plan-unknown", 404
    message = N_("这一年还没有定下年终考核的办法。请先定办法。")


class PlanFixed(Refusal):
    code, status = "year-plan-fixed", 409
    message = N_("%(year)s年已经过完或已经汇总过，看得到数了，办法不能再改。")


class PlanReasonMissing(Refusal):
    code, status = "year-plan-reason", 422
    message = N_("这一年的办法已经定下。要改，请写明理由；改前改后都会列出来。")


class SheetReasonMissing(Refusal):
    code, status = "year-sheet-reason", 422
    message = N_("这一年已经定过稿。要再定一版，请写明理由；理由和改了哪些一起列出来。")


class NobodyTakesPart(Refusal):
    code, status = "year-plan-nobody", 422
    message = N_("没有勾哪些单位参加。请至少勾一个，或选“所有在用的单位”。")


class TakesPartUnknown(Refusal):
    code, status = "year-plan-units", 422
    message = N_("“哪些单位参加”里有已经不在用的单位或没有的类别，请重新勾。")


@dataclass(frozen=True)
class Plan:
    """What a year's sheet is made by. Weights sum to exactly 1; `points` are whole points of 100.

    `way`: which units take part; `chosen`: the classes or slugs that it means.
    """

    weights: Mapping[str, Fraction]
    missing: Mapping[str, str]
    points: Mapping[str, int]
    way: str = EVERYBODY
    chosen: tuple[str, ...] = ()

    def takes_part(self, unit: str, unit_class: str) -> bool:
        """Whether a working unit has a row of its own."""
        return self.way == EVERYBODY or (unit_class if self.way == CLASSES else unit) in self.chosen

    def as_data(self) -> dict[str, dict[str, object]]:
        """As JSON keeps it; weights as exact fractions."""
        weights = {name: str(weight) for name, weight in self.weights.items()}
        same: dict[str, dict[str, object]] = {"missing": dict(self.missing), "points": dict(self.points)}
        return {"weights": dict(weights), **same, "units": {"way": self.way, "chosen": list(self.chosen)}}


@dataclass(frozen=True)
class Part:
    """A component of a unit: its value from 0 to 100, None without a figure; `told` says where it comes from."""

    value: Fraction | None
    told: str


@dataclass(frozen=True)
class Summed:
    """A unit's sum. `total` is None where the plan lets it be; `share` is the weight of what was there."""

    total: Fraction | None
    share: Fraction
    missing: tuple[str, ...]


def plan_from(data: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The plan that `as_data` wrote; before units could be chosen, all took part."""
    weights = {name: Fraction(text) for name, text in data["weights"].items()}
    points = {name: int(value) for name, value in data["points"].items()}
    units = data.get("units", {"way": EVERYBODY, "chosen": []})
    return Plan(weights, dict(data["missing"]), points, units["way"], tuple(units["chosen"]))


def with_units(plan: Plan, way: str, chosen: Collection[str], known: Collection[str]) -> Plan:
    """The plan for these units: `chosen` are of `known`, the classes or the slugs of working units by `way`.

    Raises NobodyTakesPart, TakesPartUnknown.
    """
    if way not in WAYS or not set(chosen) <= set(known):
        raise TakesPartUnknown
    if way != EVERYBODY and not chosen:
        raise NobodyTakesPart
    return replace(plan, way=way, chosen=tuple(sorted(chosen)) if way != EVERYBODY else ())


def typed_plan(form: Mapping[str, str]) -> Plan:
    """A plan from a form, weights in percent. Raises WeightWrong, WeightsDoNotSum, PointsWrong."""
    weights = {name: _weight(form.get(f"weight-{name}", ""), words) for name, words in COMPONENTS.items()}
    if (total := sum(weights.values(), Fraction(0))) != 1:
        raise WeightsDoNotSum(sum=shown(100 * total), off=shown(100 * abs(1 - total)))
    missing = {name: OTHERS if form.get(f"missing-{name}") == OTHERS else NO_SUM for name in COMPONENTS}
    points = {name: _points(form.get(f"points-{name}", ""), words) for name, (words, _usual) in POINTS.items()}
    return Plan(weights, missing, points)


def summed(plan: Plan, parts: Mapping[str, Part]) -> Summed:
    """The sum of a unit's parts. Components of weight 0 are shown and enter nothing."""
    entering = {name: weight for name, weight in plan.weights.items() if weight}
    missing = tuple(name for name in entering if parts[name].value is None)
    have = {name: weight for name, weight in entering.items() if name not in missing}
    share = sum(have.values(), Fraction(0))
    if not share or any(plan.missing[name] == NO_SUM for name in missing):
        return Summed(None, share, missing)
    values = {name: parts[name].value or Fraction(0) for name in have}
    return Summed(sum((have[name] * values[name] for name in have), Fraction(0)) / share, share, missing)


def bounds(plan: Plan, values: Mapping[str, Fraction | None]) -> tuple[Fraction, Fraction]:
    """The sum if everything that is missing were 0, and if it were 100 (method.md §1.3, as for a round's score)."""
    have = {name: value for name, weight in plan.weights.items() if weight and (value := values[name]) is not None}
    low = sum((plan.weights[name] * value for name, value in have.items()), Fraction(0))
    return low, low + 100 * (1 - sum((plan.weights[name] for name in have), Fraction(0)))


def after_points(taken: int) -> Fraction:
    """100 less the points taken, not below 0."""
    return Fraction(max(0, 100 - taken))


def share(part: int, whole: int) -> Fraction:
    """100 · part ÷ whole."""
    return Fraction(100 * part, whole)


def shown(value: Fraction | None) -> str:
    """Two decimals, a half to the even neighbour; a dash where there is no figure."""
    if value is None:
        return "–"
    cents = value * 100
    whole, rest = divmod(cents, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2)
    return str((Decimal(int(whole) + int(up)) / 100).quantize(CENT, ROUND_HALF_EVEN))


def _weight(typed: str, words: str) -> Fraction:
    text = typed.strip() or "0"
    whole, _dot, cents = text.partition(".")
    fits = (
        text.isascii() and whole.isdigit() and len(whole) <= 3 and (not cents or (cents.isdigit() and len(cents) <= 2))
    )
    if not fits or text.endswith(".") or Fraction(text) > 100:
        raise WeightWrong(name=words)
    return Fraction(text) / 100


def _points(typed: str, words: str) -> int:
    text = typed.strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise PointsWrong(name=words)
    return int(text)
