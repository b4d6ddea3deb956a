"""The plan of a round while it is being written: kept as it stands, complete or not, and turned into the two files
that `pingyi round create` reads. Method and units go through unchanged, so a plan made of a round is that round.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import tomli_w

PANEL, POPULATION, CODES = "panel", "population", "codes"
SIZES = (PANEL, POPULATION, CODES)
Sizes = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Draft:
    """What is planned. `method`: the content of method.toml; `units`: slug -> {panel|population|codes: {group: n}}."""

    code: str = ""
    name: str = ""
    opens_on: str = ""  # ISO days, empty while nobody has chosen
    closes_on: str = ""
    method: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, Sizes] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, once they are chosen."""
        return date.fromisoformat(self.opens_on), date.fromisoformat(self.closes_on)

    @property
    def planned_codes(self) -> int:
        """How many codes are to be issued, over all units and groups."""
        return sum(sum(sizes.get(CODES, {}).values()) for sizes in self.units.values())

    def text(self) -> str:
        """As kept in the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def plan_toml(self) -> bytes:
        """plan.toml beside a method.toml."""
        facts = {"format": 1, "code": self.code, "name": self.name}
        days = {"opens_on": self.opens_on, "closes_on": self.closes_on, "method": "method.toml"}
        units = [{"slug": slug, **_filled(sizes)} for slug, sizes in sorted(self.units.items())]
        return toml({**facts, **days, "unit": units}).encode()

    def method_toml(self) -> bytes:
        """method.toml, the same bytes for the same content."""
        return toml(self.method).encode()


def read_draft(text: str) -> Draft:
    """The inverse of `Draft.text`."""
    return Draft(**json.loads(text))


def toml(data: Mapping[str, Any], table: str = "") -> str:
    """TOML with a header for each table, for people read it and refusals name its lines."""
    parts = [tomli_w.dumps({key: value for key, value in data.items() if not _is_table(value)})]
    for key, value in data.items():
        name = f"{table}.{key}" if table else key
        if isinstance(value, Mapping):
            parts.append(f"\n[{name}]\n{toml(value, name)}")
        elif _is_table(value):
            parts += [f"\n[[{name}]]\n{toml(item, name)}" for item in value]
    return "".join(parts)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _filled(sizes: Sizes) -> dict[str, dict[str, int]]:
    return {name: dict(sizes[name]) for name in SIZES if sizes.get(name)}
