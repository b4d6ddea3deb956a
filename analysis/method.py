"""method.toml: scale, weights, minimums; frozen and published before a round opens."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from .rulefile import Rule, read_rules
from .tomlfile import NUMBER, Section, TomlFile, load

LEVELS = (5, 4, 3, 2, 1)
TOP2, TOP3 = (4, 5), (3, 4, 5)
# Words that head other columns of ballots.csv and so cannot name a dimension.
RESERVED = ("unit", "group", "channel", "period", "flags")
PRESET_POINTS = {5: 100, 4: 80, 3: 60, 2: 30, 1: 0}
PRESET_CHANNELS = (
    ("web", "网上", True),
    ("window", "窗口二维码", True),
    ("invited", "邀请码", True),
    ("paper", "纸质征求意见卡", True),
    ("phone", "电话", True),
    ("open", "公开渠道", False),
)


@dataclass(frozen=True)
class Weighted:
    """A dimension or a respondent group with its weight.

    insider: a group of people of the system itself; nothing but their share of the ballots depends on it.
    """

    code: str
    zh: str
    weight: Fraction
    insider: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class UnitClass:
    """Units that may be compared; `weights` replaces the group weights where given."""

    code: str
    zh: str
    weights: Mapping[str, Fraction] | None


@dataclass(frozen=True)
class Switch:
    """A channel (`on` = counted) or a flag (`on` = excluded).

    by_review: a flag that no ballot brings along: it lies on the weeks that a review upheld (`facts.Upheld`).
    """

    code: str
    zh: str
    on: bool
    by_review: bool = False


@dataclass(frozen=True)
class Method:
    """A whole method file, checked."""

    sha256: str
    min_n: int
    min_weight: Fraction
    confidence: Fraction
    satisfied_levels: tuple[int, ...]
    period: str
    points: Mapping[int, Fraction]
    dimensions: tuple[Weighted, ...]
    groups: tuple[Weighted, ...]
    classes: tuple[UnitClass, ...]
    channels: tuple[Switch, ...]
    flags: tuple[Switch, ...]
    rules: tuple[Rule, ...]

    def group_weights(self, class_code: str) -> dict[str, Fraction]:
        """Weight of every group for a class; a group its table leaves out weighs 0."""
        own = next(c.weights for c in self.classes if c.code == class_code)
        if own is None:
            return {g.code: g.weight for g in self.groups}
        return {g.code: own.get(g.code, Fraction(0)) for g in self.groups}

    def satisfied_points(self) -> dict[int, Fraction]:
        """The 0/1 map that turns a score into a satisfied share."""
        return share_points(self.satisfied_levels)


def share_points(levels: Collection[int]) -> dict[int, Fraction]:
    """The 0/1 map that turns a score into the share of these levels."""
    return {level: Fraction(int(level in levels)) for level in LEVELS}


class Coded(Protocol):
    """Anything that has a code."""

    @property
    def code(self) -> str:
        """The code."""


def load_method(path: Path) -> Method:
    """Read and check a method file. Raises BadInput."""
    return parse_method(load(path))


def parse_method(doc: TomlFile) -> Method:
    """Check an already parsed method file. Raises BadInput."""
    root = doc.root()
    if root.integer("format", 0, 10**6) != 1:
        raise root.refuse("bad_format", "format", value=root.data["format"])
    groups, dimensions = _weighted(root, "group", ()), _weighted(root, "dimension", RESERVED)
    # One answer alone has no variance and would be the answer of one known person.
    min_n = root.integer("min_n", 2, 10**6, 10)
    method = Method(
        sha256=hashlib.sha256(doc.raw).hexdigest(),
        min_n=min_n,
        min_weight=_share(root, "min_weight", "7/10"),
        confidence=_share(root, "confidence", "0.95", open_ended=True),
        satisfied_levels=_satisfied(root),
        period=_period(root),
        points=_points(root),
        dimensions=dimensions,
        groups=groups,
        classes=_classes(root, groups),
        channels=_switches(root, "channel", "counted", PRESET_CHANNELS),
        flags=_switches(root, "flag", "excluded", ()),
        rules=read_rules(root, [d.code for d in dimensions], [g.code for g in groups], min_n),
    )
    root.done()
    return method


def _share(root: Section, key: str, default: str, *, open_ended: bool = False) -> Fraction:
    value = root.fraction(key, default)
    if not 0 <= value <= 1 or (open_ended and value in (0, 1)):
        raise root.refuse("bad_range", key, value=value, low=0, high=1)
    return value


def _satisfied(root: Section) -> tuple[int, ...]:
    if not root.has("satisfied_levels"):
        return (3, 4, 5)
    levels = root.get("satisfied_levels", list, "等级的列表", "a list of levels")
    fine = levels and all(type(x) is int and x in LEVELS for x in levels) and len(set(levels)) == len(levels)
    if not fine:
        raise root.refuse("bad_choice", "satisfied_levels", value=levels, allowed="1, 2, 3, 4, 5")
    return tuple(sorted(levels))


def _period(root: Section) -> str:
    period = root.text("period", "week")
    if period != "week":
        raise root.refuse("bad_choice", "period", value=period, allowed="week")
    return period


def _points(root: Section) -> dict[int, Fraction]:
    if not root.has("scale"):
        return {level: Fraction(points) for level, points in PRESET_POINTS.items()}
    scale = root.section("scale")
    points = {level: scale.fraction(str(level), pattern=NUMBER) for level in LEVELS}
    scale.done()
    ordered = list(points.values())
    if ordered != sorted(ordered, reverse=True) or ordered[0] == ordered[-1]:
        raise scale.refuse("scale_order")
    return points


def _weighted(root: Section, key: str, reserved: tuple[str, ...]) -> tuple[Weighted, ...]:
    sections = _required(root, key)
    items = tuple(
        Weighted(s.code(reserved=reserved), s.name("zh"), s.fraction("weight"), key == "group" and _insider(s))
        for s in sections
    )
    _finish(sections, items)
    _sum_to_one(sections[0], (item.weight for item in items))
    return items


def _insider(section: Section) -> bool:
    return section.has("insider") and section.boolean("insider")


def _classes(root: Section, groups: tuple[Weighted, ...]) -> tuple[UnitClass, ...]:
    sections = _required(root, "class")
    known = [group.code for group in groups]
    items = tuple(UnitClass(s.code(), s.name("zh"), _class_weights(s, known)) for s in sections)
    _finish(sections, items)
    return items


def _class_weights(section: Section, known: list[str]) -> dict[str, Fraction] | None:
    if not section.has("weights"):
        return None
    table = section.section("weights")
    for code in table.data:
        if code not in known:
            raise table.refuse("unknown_group", code, value=repr(code))
    weights = {code: table.fraction(code) for code in table.data}
    _sum_to_one(table, weights.values())
    return weights


def _switches(root: Section, key: str, switch: str, preset: tuple[tuple[str, str, bool], ...]) -> tuple[Switch, ...]:
    if not root.has(key):
        return tuple(Switch(*item) for item in preset)
    sections = root.sections(key)
    items = tuple(Switch(s.code(), s.name("zh"), s.boolean(switch), key == "flag" and _by_review(s)) for s in sections)
    _finish(sections, items)
    return items


def _by_review(section: Section) -> bool:
    return section.has("by_review") and section.boolean("by_review")


def _required(root: Section, key: str) -> list[Section]:
    sections = root.sections(key)
    if not sections:
        raise root.refuse("missing_key", f"[[{key}]]")
    return sections


def _finish(sections: list[Section], items: Iterable[Coded]) -> None:
    """Refuse unknown keys and a code that appears twice."""
    seen: set[str] = set()
    for section, item in zip(sections, items, strict=True):
        section.done()
        if item.code in seen:
            raise section.refuse("duplicate_code", "code", value=item.code)
        seen.add(item.code)


def _sum_to_one(section: Section, weights: Iterable[Fraction]) -> None:
    total = sum(weights, Fraction(0))
    if total != 1:
        raise section.refuse("weight_sum", "weight" if section.has("weight") else "", value=total)
