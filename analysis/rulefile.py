"""[[rule]] of a method file: rules with consequences, declared, exact, each with its basis (method.md §4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .tomlfile import Section

COUNTED = (*(f"level_{level}" for level in (5, 4, 3, 2, 1)), "dont_know", "blank")
OPERATORS = (">=", ">")  # 达到、以上 include the number; 超过 does not (Civil Code, art. 1259)
SHARE, LAST = "share", "last"
MIN_UNITS = 8
MAX_YEARS = 10


@dataclass(frozen=True)
class Rule:
    """One rule. kind share: `left` over `over` (columns of counts.csv) against `value`; kind last: the bottom of a
    class of at least min_units scored units. years: how many years running.
    """

    id: str
    zh: str
    basis: str
    kind: str
    min_n: int
    left: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    op: str = ""
    value: Fraction = Fraction(0)
    years: int = 1
    dimension: str = ""
    group: str = ""
    min_units: int = MIN_UNITS

    def fires(self, count: int, over: int) -> bool:
        """Whether count / over reaches (>=) or passes (>) the value, in whole numbers; over is not 0."""
        left, right = count * self.value.denominator, self.value.numerator * over
        return left >= right if self.op == ">=" else left > right


def read_rules(root: Section, dimensions: Sequence[str], groups: Collection[str], min_n: int) -> tuple[Rule, ...]:
    """The rules of a method file. Raises BadInput."""
    rules: list[Rule] = []
    for section in root.sections("rule"):
        rule = _rule(section, dimensions, groups, min_n)
        section.done()
        if rule.id in [other.id for other in rules]:
            raise section.refuse("duplicate_code", "id", value=rule.id)
        rules.append(rule)
    return tuple(rules)


def _rule(section: Section, dimensions: Sequence[str], groups: Collection[str], min_n: int) -> Rule:
    code = section.slug("id")
    zh = section.name("zh") if section.has("zh") else code
    basis = section.name("basis")
    # Cells smaller than the method's own min_n are never counted, so a smaller minimum would say nothing.
    least = section.integer("min_n", min_n, 10**6, min_n)
    if _choice(section, "kind", (SHARE, LAST), SHARE) == LAST:
        units = section.integer("min_units", 3, 2_000, MIN_UNITS)
        return Rule(code, zh, basis, LAST, least, min_units=units)
    return Rule(
        code,
        zh,
        basis,
        SHARE,
        least,
        left=_columns(section, "left"),
        over=_columns(section, "over"),
        op=_choice(section, "op", OPERATORS),
        value=_value(section),
        years=section.integer("years", 1, MAX_YEARS, 1),
        dimension=_choice(section, "dimension", dimensions, dimensions[0] if len(dimensions) == 1 else None),
        group=_choice(section, "group", sorted(groups)) if section.has("group") else "",
    )


def _choice(section: Section, key: str, allowed: Sequence[str], default: str | None = None) -> str:
    value = section.text(key, default)
    if value not in allowed:
        raise section.refuse("bad_choice", key, value=repr(value), allowed=", ".join(allowed))
    return value


def _columns(section: Section, key: str) -> tuple[str, ...]:
    table = section.section(key)
    names = table.get("count", list, "列名的列表", "a list of columns")
    table.done()
    if not names or any(name not in COUNTED for name in names) or len(set(names)) != len(names):
        raise section.refuse("bad_choice", key, value=names, allowed=", ".join(COUNTED))
    return tuple(names)


def _value(section: Section) -> Fraction:
    value = section.fraction("value")
    if value > 1:
        raise section.refuse("bad_range", "value", value=value, low=0, high=1)
    return value
