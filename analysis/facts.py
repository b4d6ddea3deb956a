"""round.toml: the facts of a round at its close, and the units that were rated."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .method import Method
from .tomlfile import Section, TomlFile, load

INSTRUMENTS = ("campaign", "everyday")
LAST_WEEKS = 2  # that T4 looks at
UPHELD_WEEKS = {"T1": 1, "T4": LAST_WEEKS}  # tests that point at weeks, and at how many of them
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Unit:
    """A rated unit; the tables by group are empty where nothing is known."""

    slug: str
    zh: str
    class_code: str
    parent: str
    codes_issued: Mapping[str, int]
    population: Mapping[str, int]
    panel: Mapping[str, int]


@dataclass(frozen=True)
class Upheld:
    """A flag of T1 or T4 that two people upheld: weeks of one unit, counted from that in which the round opens."""

    unit: str
    first_week: int
    weeks: int


@dataclass(frozen=True)
class Round:
    """The facts of one closed round."""

    code: str
    name: str
    instrument: str
    opens_on: dt.date
    closes_on: dt.date
    amendments: tuple[tuple[dt.date, str], ...]
    units: tuple[Unit, ...]
    upheld: tuple[Upheld, ...] = ()


def first_monday(facts: Round) -> dt.date:
    """The Monday of the week in which a round opens."""
    return facts.opens_on - dt.timedelta(days=facts.opens_on.weekday())


def week_count(facts: Round) -> int:
    """How many weeks a round touches."""
    return (facts.closes_on - first_monday(facts)).days // 7 + 1


def load_round(path: Path, method: Method) -> Round:
    """Read and check round.toml against its method. Raises BadInput."""
    return parse_round(load(path), method)


def parse_round(doc: TomlFile, method: Method) -> Round:
    """Check an already parsed round file. Raises BadInput."""
    root = doc.root()
    if root.integer("format", 0, 10**6) != 1:
        raise root.refuse("bad_format", "format", value=root.data["format"])
    _check_method(root, method)
    opens_on, closes_on = root.date("opens_on"), root.date("closes_on")
    if closes_on < opens_on:
        raise root.refuse("dates_order", "closes_on", value=closes_on, other=opens_on)
    facts = Round(
        code=root.slug("code"),
        name=root.name("name"),
        instrument=_instrument(root),
        opens_on=opens_on,
        closes_on=closes_on,
        amendments=tuple(_amendment(section) for section in root.sections("amendment")),
        units=_units(root, method),
    )
    upheld = tuple(_upheld(section, facts) for section in root.sections("upheld"))
    if upheld and not any(flag.by_review for flag in method.flags):
        raise root.refuse("no_review_flag", "upheld")
    root.done()
    return replace(facts, upheld=upheld)


def _check_method(root: Section, method: Method) -> None:
    if not root.has("method_sha256"):
        return
    digest = root.text("method_sha256")
    if not SHA256.fullmatch(digest):
        raise root.refuse("bad_digest", "method_sha256", value=repr(digest))
    if digest != method.sha256:
        raise root.refuse("method_changed", "method_sha256", value=digest[:12])


def _instrument(root: Section) -> str:
    value = root.text("instrument")
    if value not in INSTRUMENTS:
        raise root.refuse("bad_choice", "instrument", value=repr(value), allowed=", ".join(INSTRUMENTS))
    return value


def _amendment(section: Section) -> tuple[dt.date, str]:
    found = (section.date("on"), section.name("text"))
    section.done()
    return found


def _upheld(section: Section, facts: Round) -> Upheld:
    unit, test, day = section.slug("unit"), section.text("test"), section.date("on")
    if unit not in [one.slug for one in facts.units]:
        raise section.refuse("unknown_unit", "unit", value=unit)
    if test not in UPHELD_WEEKS:
        raise section.refuse("bad_choice", "test", value=repr(test), allowed=", ".join(UPHELD_WEEKS))
    week, rest = divmod((day - first_monday(facts)).days, 7)
    if rest or not 0 <= week < week_count(facts):
        raise section.refuse("bad_week", "on", value=day)
    section.done()
    return Upheld(unit, week, UPHELD_WEEKS[test])


def _units(root: Section, method: Method) -> tuple[Unit, ...]:
    """The units, ordered by slug."""
    sections = root.sections("unit")
    if not sections:
        raise root.refuse("missing_key", "unit")
    seen: set[str] = set()
    units = []
    for section in sections:
        unit = _unit(section, method)
        if unit.slug in seen:
            raise section.refuse("duplicate_slug", "slug", value=unit.slug)
        seen.add(unit.slug)
        units.append(unit)
    return tuple(sorted(units, key=lambda unit: unit.slug))


def _unit(section: Section, method: Method) -> Unit:
    unit = Unit(
        slug=section.slug("slug"),
        zh=section.name("zh"),
        class_code=section.text("class"),
        parent=section.slug("parent") if section.has("parent") else "",
        codes_issued=_by_group(section, "codes_issued", method),
        population=_by_group(section, "population", method),
        panel=_by_group(section, "panel", method),
    )
    if unit.class_code not in [c.code for c in method.classes]:
        raise section.refuse("unknown_class", "class", value=repr(unit.class_code))
    section.done()
    return unit


def _by_group(section: Section, key: str, method: Method) -> dict[str, int]:
    if not section.has(key):
        return {}
    table = section.section(key)
    for code in table.data:
        if code not in [group.code for group in method.groups]:
            raise table.refuse("unknown_group", code, value=repr(code))
    return {code: table.integer(code, 0, 10**10) for code in table.data}
