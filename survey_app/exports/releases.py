"""Reading what analysis wrote: a release's figures for one unit, its flags, and the version with a given digest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

RELEASE = "release"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Released:
    """A release as files: its folder, the digest that names it, its version, and release.json."""

    folder: Path
    digest: str
    version: int
    model: Row

    def rows(self, table: str, unit: str = "") -> list[Row]:
        """Rows of a table of release.json, of one unit where it is named."""
        return [row for row in self.model.get(table, []) if not unit or row["unit"] == unit]

    def names(self, kind: str) -> dict[str, str]:
        """Code -> Chinese name of "dimensions" or "groups" of the method."""
        return {one["code"]: one["zh"] for one in self.model["method"][kind]}

    @property
    def units(self) -> dict[str, str]:
        """Slug -> name of all units of the round."""
        return {one["slug"]: one["zh"] for one in self.model["units"]}

    @property
    def flags(self) -> list[Row]:
        """Rows of integrity.csv that ask for a review."""
        return [row for row in self.rows("integrity") if row["verdict"] == "flagged"]


def read_release(folder: Path) -> Released | None:
    """The release in this folder; None where there is none, as on a round's page before its results."""
    try:
        listed = json.loads((folder / "manifest.json").read_bytes())
        model = _model(folder, str(listed["release_digest"]))
    except FileNotFoundError:
        return None
    return Released(folder, str(listed["release_digest"]), int(model.get("version", 1)), model)


@lru_cache(maxsize=16)
def _model(folder: Path, _digest: str) -> Row:
    """release.json, which is megabytes for 200 units: read once for each digest, and changed by nobody."""
    found: Row = json.loads((folder / "release.json").read_bytes())
    return found


def computed(round_folder: Path) -> Released | None:
    """The release computed from this frozen folder, which may be a version's own."""
    return read_release(round_folder / RELEASE)


def named(round_folder: Path, digest: str) -> Released | None:
    """The version of a round that has this digest; None where it is not there."""
    folders = (round_folder, *sorted(round_folder.glob("v*")))
    found = (release for folder in folders if (release := computed(folder)))
    return next((release for release in found if release.digest == digest), None)
