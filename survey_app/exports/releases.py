"""Reading what analysis wrote: a release's figures for one unit, its flags, and copies of drafts that were shown."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.files import sync_folder

RELEASE, DRAFTS = "release", "drafts"
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
    """The release in this folder; None where there is none."""
    try:
        listed = json.loads((folder / "manifest.json").read_bytes())
        model = json.loads((folder / "release.json").read_bytes())
    except FileNotFoundError:
        return None
    return Released(folder, str(listed["release_digest"]), int(model.get("version", 1)), model)


def computed(round_folder: Path) -> Released | None:
    """The release computed last from a frozen round."""
    return read_release(round_folder / RELEASE)


def draft_folder(round_folder: Path, digest: str) -> Path:
    """Where the copy of a draft stands that units were shown."""
    return round_folder / DRAFTS / digest[:16]


def keep_draft(round_folder: Path, digest: str) -> Path:
    """Copy the release to where nothing writes over it, whole or not at all; one that is there is left."""
    target = draft_folder(round_folder, digest)
    if target.is_dir():
        return target
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(round_folder / RELEASE, part)
    part.rename(target)
    sync_folder(target.parent)
    return target
