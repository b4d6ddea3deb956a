"""A release: all its files as bytes, a pure function of a snapshot."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from . import manifest, versions
from .columns import TABLES, Column
from .counts import Tally
from .documents import documents, with_pages
from .earlier import Inputs
from .figures import figures
from .model import model_of
from .parts import Counting, count_here
from .read import Snapshot
from .rows import Row
from .stages import stage

PUBLISHED_METHOD = ("method.toml", "round.toml")


NOTHING = Inputs()


def build(
    snapshot: Snapshot, counting: Counting = count_here, jobs: int = 1, inputs: Inputs = NOTHING
) -> dict[str, bytes]:
    """Every file of the release by name, manifest.json included; `jobs` processes draw charts. Raises BadInput."""
    files, model = build_data(snapshot, counting, inputs)
    files |= documents(files, model, jobs)
    with stage("网页", "pages"):
        return with_pages(files, model, published_on=model["round"]["closes_on"], unit_pages=frozenset())


def build_data(
    snapshot: Snapshot, counting: Counting = count_here, inputs: Inputs = NOTHING
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The data files by name, and release.json as an object. Raises BadInput."""
    with stage("读票、计数", "reading and counting ballots"):
        tally = counting(snapshot)
    with stage("计算数字", "computing figures"):
        return _data(snapshot, tally, counting, inputs)


def _data(
    snapshot: Snapshot, tally: Tally, counting: Counting, inputs: Inputs
) -> tuple[dict[str, bytes], dict[str, Any]]:
    counted, tables, report = figures(snapshot, tally, counting, inputs)
    files = {name: _csv(columns, tables.get(name, [])) for name, columns in TABLES.items()}
    files |= {name: (snapshot.folder / name).read_bytes() for name in PUBLISHED_METHOD}
    named, differing = versions.stamp(files, inputs.seen)
    files[versions.NAME] = _csv(TABLES[versions.NAME], differing)
    tables = {**tables, versions.NAME: differing}
    model = model_of(counted.method, counted.facts, tally, counted.results, tables, inputs) | named
    return files | {"privacy.json": manifest.dump(report), "release.json": manifest.dump(model)}, model


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in columns])
    writer.writerows([c.text(row.get(c.name)) for c in columns] for row in rows)
    return out.getvalue().encode()
