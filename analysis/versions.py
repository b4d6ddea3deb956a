"""Versions of a release: what the new one says otherwise than the one before, figure by figure."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import manifest
from .columns import TABLES
from .errors import BadInput
from .folder import release_in

NAME = "differences.csv"
TEXTS = ("method.toml", "round.toml")
# Which columns together name a row.
KEYS = {
    "counts.csv": ("unit", "group", "dimension"),
    "groups.csv": ("unit", "group"),
    "dimensions.csv": ("unit", "dimension"),
    "scores.csv": ("unit",),
    "funnel.csv": ("unit",),
    "changes.csv": ("unit", "round_before"),
    "series.csv": ("unit", "round"),
    "trend.csv": ("unit",),
    "rollup.csv": ("parent",),
    "rules.csv": ("unit", "rule", "round"),
    "integrity.csv": ("unit", "test", "detail"),
    "power.csv": ("test", "n", "added"),
    "sensitivity.csv": ("unit", "scenario"),
    "composition.csv": ("unit", "group", "channel"),
    "everyday.csv": ("unit",),
    "kept_rates.csv": ("unit", "procedure", "commitment"),
    "disagreement.csv": ("unit",),
}
Row = dict[str, str]


@dataclass(frozen=True)
class Version:
    """A version that somebody has seen: its number, digest, data files and what it said of its own forerunner."""

    number: int
    digest: str
    files: Mapping[str, bytes]
    replaces: str | None


def read_version(folder: Path) -> Version:
    """Read a release as a version. Raises BadInput."""
    target = release_in(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    listed = manifest.verify(target)
    model = manifest.load_json(target / "release.json")
    files = {name: (target / name).read_bytes() for name in (*KEYS, *TEXTS, NAME) if (target / name).is_file()}
    return Version(int(model.get("version", 1)), str(listed["release_digest"]), files, model.get("replaces"))


def stamp(files: Mapping[str, bytes], versions: Iterable[Version]) -> tuple[dict[str, Any], list[Row]]:
    """(version and replaces for release.json, rows of differences.csv) of a release beside those seen before.

    Where nothing differs from the latest version it is that version again.
    """
    before = max(versions, key=lambda version: version.number, default=None)
    if before is None:
        return {"version": 1, "replaces": None}, []
    found = list(differences(before.files, files))
    if not found:
        return {"version": before.number, "replaces": before.replaces}, _rows(before.files.get(NAME, b""))
    return {"version": before.number + 1, "replaces": before.digest}, found


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Row]:
    """Every value that is not the same, in the order of the files and of their rows."""
    for name, keys in KEYS.items():
        yield from _of_table(name, _by_key(before.get(name, b""), keys), _by_key(after.get(name, b""), keys))
    for name in TEXTS:
        old, new = (hashlib.sha256(files.get(name, b"")).hexdigest() for files in (before, after))
        if old != new:
            yield _difference(name, "", "", old, new)


def _of_table(name: str, before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[Row]:
    columns = [column.name for column in TABLES[name] if column.name not in KEYS[name]]
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield _difference(name, key, "", *("no" if row is None else "yes" for row in (old, new)))
            continue
        for column in columns:
            if old.get(column, "") != new.get(column, ""):
                yield _difference(name, key, column, old.get(column, ""), new.get(column, ""))


def _difference(file: str, row: str, column: str, before: str, after: str) -> Row:
    return {"file": file, "row": row, "column": column, "before": before, "after": after}


def _by_key(content: bytes, keys: Iterable[str]) -> dict[str, Row]:
    return {" ".join(row.get(key, "") for key in keys): row for row in _rows(content)}


def _rows(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
