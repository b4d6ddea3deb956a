"""A plan as the fields of its forms: the inverse of the readers of `plan_steps`, so that a form sent back unchanged
changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from survey_app.domain.plans import Draft
from survey_app.domain.weights import percent
from survey_app.office.plan_rules import SHARE
from survey_app.office.plan_steps import INSIDER, REVIEWED, SURGE

Fields = MultiDict[str, str]
PRESET_POINTS = {"5": 100, "4": 80, "3": 60, "2": 30, "1": 0}


def facts(draft: Draft) -> Fields:
    """Name, code, days."""
    shown = {"name": draft.name, "code": draft.code, "opens_on": draft.opens_on, "closes_on": draft.closes_on}
    return MultiDict(shown)


def units(draft: Draft) -> Fields:
    """The units ticked."""
    return MultiDict([("unit", slug) for slug in draft.units])


def groups(draft: Draft) -> Fields:
    """Groups with weights and whose people they are, and the weights of classes that have their own."""
    own = [
        (f"own-{one['code']}-{group}", percent(weight))
        for one in draft.method["class"]
        for group, weight in one.get("weights", {}).items()
    ]
    inside = [(f"{INSIDER}-{n}", "y") for n, group in enumerate(draft.method["group"]) if group.get(INSIDER)]
    return MultiDict([*_rows(draft.method["group"]), *inside, *own])


def questions(draft: Draft) -> Fields:
    """Questions with weights."""
    return MultiDict(_rows(draft.method["dimension"]))


def counting(draft: Draft) -> Fields:
    """Points, minimums, channels, floods."""
    method = draft.method
    fields = [(f"points-{level}", str(points)) for level, points in method.get("scale", PRESET_POINTS).items()]
    fields += [("satisfied", str(level)) for level in method.get("satisfied_levels", [3, 4, 5])]
    fields += [("min_n", str(method.get("min_n", 10)))]
    fields += [("min_weight", percent(method.get("min_weight", "7/10")))]
    fields += [("confidence", percent(method.get("confidence", "0.95")))]
    fields += [("channel", one["code"]) for one in method.get("channel", [])]
    flags = {flag["code"]: flag for flag in method.get("flag", [])}
    if surge := flags.get(SURGE):
        fields += [("surge", "excluded" if surge["excluded"] else "kept")]
    return MultiDict([*fields, *([("upheld", "on")] if REVIEWED in flags else [])])


def people(draft: Draft) -> Fields:
    """Sizes of all units."""
    return MultiDict(
        (f"{kind}-{group}-{slug}", str(count))
        for slug, sizes in draft.units.items()
        for kind, by in sizes.items()
        for group, count in by.items()
    )


def rules(draft: Draft) -> Fields:
    """Rules with consequences."""
    fields: list[tuple[str, str]] = []
    for number, rule in enumerate(draft.method.get("rule", [])):
        fields += [(f"{name}-{number}", text) for name, text in _rule(draft, rule)]
    return MultiDict(fields)


def _rule(draft: Draft, rule: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield from (("id", rule["id"]), ("zh", rule.get("zh", rule["id"])), ("basis", rule["basis"]))
    yield from (("kind", rule.get("kind", SHARE)), ("min_n", str(rule.get("min_n", draft.method.get("min_n", 10)))))
    yield from (("min_units", str(rule.get("min_units", 8))), ("op", rule.get("op", ">=")))
    yield from (("years", str(rule.get("years", 1))), ("group", rule.get("group", "")))
    yield from (("value", percent(rule.get("value", "0"))), ("dimension", rule.get("dimension", "")))
    for side in ("left", "over"):
        yield from ((side, name) for name in rule.get(side, {}).get("count", []))


def _rows(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [
        (f"{name}-{number}", text)
        for number, one in enumerate(entries)
        for name, text in (("code", one["code"]), ("zh", one["zh"]), ("weight", percent(Fraction(one["weight"]))))
    ]


SHOWN: Mapping[str, Callable[[Draft], Fields]] = {
    "facts": facts,
    "units": units,
    "groups": groups,
    "questions": questions,
    "counting": counting,
    "people": people,
    "rules": rules,
}
