"""The step of a plan for rules with consequences: each names its basis, for a rule without one does not load."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.plans import Draft
from survey_app.domain.scale import DONT_KNOW, LEVELS
from survey_app.domain.typed import require_plain
from survey_app.domain.weights import read_weight
from survey_app.office.plan_steps import Form, NothingTicked, as_written, whole_number

MOST_RULES, MOST_BASIS = 20, 300
COLUMN_WORDS = {f"level_{level}": word for level, word in LEVELS.items() if level}
COLUMN_WORDS |= {"dont_know": LEVELS[DONT_KNOW], "blank": N_("没有填")}
COLUMNS = tuple(COLUMN_WORDS)
SHARE, LAST = "share", "last"


class BasisMissing(Refusal):
    code, status = "basis-missing", 422
    message = N_("“%(rule)s”没有写依据。写明文号和条款；没有依据的规则不能用。")


def rules(draft: Draft, form: Form) -> Draft:
    """Rules as typed; one whose name is emptied goes. Raises BasisMissing, WeightWrong, NothingTicked, NumberWrong."""
    found: list[dict[str, Any]] = []
    for number in range(MOST_RULES):
        zh = " ".join(form.get(f"zh-{number}", "").split())
        if zh:
            require_plain(zh, most=MOST_BASIS)
            found.append(_rule(draft, form, number, zh, found))
    method = {key: value for key, value in draft.method.items() if key != "rule"}
    return replace(draft, method={**method, "rule": found} if found else method)


def _rule(draft: Draft, form: Form, number: int, zh: str, before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    basis = " ".join(form.get(f"basis-{number}", "").split())
    if not basis:
        raise BasisMissing(rule=zh)
    require_plain(basis, most=MOST_BASIS)
    taken = {rule["id"] for rule in [*draft.method.get("rule", []), *before]}
    code = form.get(f"id-{number}", "") or next(f"rule-{i}" for i in range(1, 100) if f"rule-{i}" not in taken)
    start: dict[str, Any] = {"id": code, "zh": zh, "basis": basis, "kind": form.get(f"kind-{number}", SHARE)}
    start["min_n"] = whole_number(form, f"min_n-{number}", N_("最少人数"), 2, 1000)
    if start["kind"] == LAST:
        return {**start, "min_units": whole_number(form, f"min_units-{number}", N_("这一类最少单位数"), 3, 2000)}
    stood = next((rule.get("value") for rule in draft.method.get("rule", []) if rule["id"] == code), None)
    return {**start, **_share(form, number, zh, stood)}


def _share(form: Form, number: int, zh: str, stood: object) -> dict[str, Any]:
    """`left` over `over` against `value`: 达到 includes the value, 超过 does not."""
    left, over = (form.getlist(f"{side}-{number}") for side in ("left", "over"))
    for ticked, what in ((left, N_("分子里的等级")), (over, N_("分母里的等级"))):
        if not [name for name in ticked if name in COLUMNS]:
            raise NothingTicked(what=what)
    group = form.get(f"group-{number}", "")
    return {
        "left": {"count": [name for name in COLUMNS if name in left]},
        "over": {"count": [name for name in COLUMNS if name in over]},
        "op": ">" if form.get(f"op-{number}", "") == ">" else ">=",
        "value": as_written(read_weight(form.get(f"value-{number}", ""), zh), stood),
        "years": whole_number(form, f"years-{number}", N_("连续几年"), 1, 10),
        "dimension": form.get(f"dimension-{number}", ""),
        **({"group": group} if group else {}),
    }
