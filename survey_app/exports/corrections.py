"""Facts of a frozen round put right: round.toml alone changes, by what was ruled; the ballots are never touched."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import tomli_w

from survey_app.domain.objections import CLASS, PANEL, Correction
from survey_app.exports.frozen import READ_ONLY, SNAPSHOT
from survey_app.exports.releases import RELEASE
from survey_app.files import write_atomically

FACTS, AT_CLOSE, MANIFEST = "round.toml", "round-at-close.toml", "manifest.json"


@dataclass(frozen=True)
class Amendment:
    """What was ruled: day, words for the public, and what changes for which unit."""

    on: date
    text: str
    unit_slug: str
    correction: Correction


def put_right(folder: Path, amendments: Sequence[Amendment]) -> bool:
    """Write snapshot/round.toml and its manifest as the rulings want them; whether anything changed.

    Made anew each time from the facts at close, which stay beside the snapshot: a kill between the two files is
    mended by the next run.
    """
    snapshot, wanted = folder / SNAPSHOT, facts_with(folder, amendments)
    before = _at_close(folder)
    if before is None:
        return False
    if not (folder / AT_CLOSE).exists() and amendments:
        write_atomically(folder / AT_CLOSE, before, READ_ONLY)
    changed = (snapshot / FACTS).read_bytes() != wanted
    if changed:
        write_atomically(snapshot / FACTS, wanted, READ_ONLY)
    _relist(snapshot, wanted)
    return changed


def is_put_right(folder: Path, amendments: Sequence[Amendment]) -> bool:
    """Whether the release was computed from facts that hold these rulings and no others."""
    file = folder / RELEASE / FACTS
    return file.is_file() and file.read_bytes() == facts_with(folder, amendments)


def facts_with(folder: Path, amendments: Sequence[Amendment]) -> bytes:
    """round.toml as it is with these rulings; without any the very bytes of the close."""
    before = _at_close(folder) or b""
    if not amendments:
        return before
    facts = tomllib.loads(before.decode())
    said = [{"on": one.on.isoformat(), "text": one.text} for one in amendments]
    facts["amendment"] = [*facts.get("amendment", []), *said]
    units = {unit["slug"]: unit for unit in facts["unit"]}
    for one in amendments:
        _correct(units[one.unit_slug], one.correction)
    return tomli_w.dumps(facts).encode()


def _at_close(folder: Path) -> bytes | None:
    for file in (folder / AT_CLOSE, folder / SNAPSHOT / FACTS):
        if file.is_file():
            return file.read_bytes()
    return None


def _correct(unit: dict[str, Any], correction: Correction) -> None:
    values: Mapping[str, object] = correction.values
    if correction.kind == PANEL:
        unit.setdefault("panel", {})[str(values["group"])] = values["people"]
    if correction.kind == CLASS:
        unit["class"] = values["class"]


def _relist(snapshot: Path, facts: bytes) -> None:
    listed = json.loads((snapshot / MANIFEST).read_bytes())
    for entry in listed["files"]:
        if entry["name"] == FACTS:
            entry |= {"bytes": len(facts), "sha256": sha256(facts).hexdigest()}
    text = (json.dumps(listed, indent=2) + "\n").encode()
    if text != (snapshot / MANIFEST).read_bytes():
        write_atomically(snapshot / MANIFEST, text, READ_ONLY)
