"""Facts of a frozen round put right by rulings: a new snapshot whose round.toml alone differs, never its ballots."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from survey_app.domain.objections import CLASS, PANEL, WEEKS, Correction
from survey_app.exports import frozen
from survey_app.exports.frozen import SNAPSHOT


@dataclass(frozen=True)
class Amendment:
    """What was ruled: day, words for the public, and what changes for which unit."""

    on: date
    text: str
    unit_slug: str
    correction: Correction

    def as_said(self) -> dict[str, str]:
        """As it stands in round.toml, for the public."""
        return {"on": self.on.isoformat(), "text": self.text}


def write_amended(before: Path, folder: Path, amendments: Sequence[Amendment]) -> None:
    """Write `folder`/snapshot from the version in `before`, with these rulings and what they correct."""
    old = before / SNAPSHOT
    files = {name: (old / name).read_bytes() for name in ("ballots.csv", "method.toml")}
    files["round.toml"] = facts_with((old / "round.toml").read_bytes(), amendments)
    files["manifest.json"] = frozen.manifest(files)
    frozen.put(frozen.write_draft(folder / SNAPSHOT, files), folder / SNAPSHOT)


def facts_with(round_toml: bytes, amendments: Sequence[Amendment]) -> bytes:
    """round.toml as it is with these rulings."""
    facts = tomllib.loads(round_toml.decode())
    said = [{"on": str(one["on"]), "text": one["text"]} for one in facts.get("amendment", [])]
    facts["amendment"] = [*said, *(new for one in amendments if (new := one.as_said()) not in said)]
    units = {unit["slug"]: unit for unit in facts["unit"]}
    for one in amendments:
        if one.unit_slug in units:  # a unit voided meanwhile has nothing left to correct
            _correct(facts, units[one.unit_slug], one.correction)
    return tomli_w.dumps(facts).encode()


def _correct(facts: dict[str, Any], unit: dict[str, Any], correction: Correction) -> None:
    values: Mapping[str, object] = correction.values
    if correction.kind == WEEKS:
        facts.setdefault("upheld", []).append({"unit": unit["slug"], **values})
    if correction.kind == PANEL:
        unit.setdefault("panel", {})[str(values["group"])] = values["people"]
    if correction.kind == CLASS:
        unit["class"] = values["class"]
