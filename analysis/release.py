"""A release: all its files as bytes, a pure function of a snapshot."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from . import manifest, versions
from .columns import TABLES, Column
from .counts import Tally
from .documents import documents, with_pages
from .model import model_of
from .parts import Counting, count_here
from .read import Snapshot
from .results import unit_result
from .rows import Row, result_tables
from .stages import stage
from .versions import Version

PUBLISHED_METHOD = ("method.toml", "round.toml")


def build(
    snapshot: Snapshot, counting: Counting = count_here, jobs: int = 1, seen: Sequence[Version] = ()
) -> dict[str, bytes]:
    """Every file of the release by name, manifest.json included. Raises BadInput.

    `jobs` processes draw charts; `seen` are the versions of this round that somebody has seen.
    """
    files, model = build_data(snapshot, counting, seen)
    files |= documents(files, model, jobs)
    with stage("网页", "pages"):
        return with_pages(files, model, published_on=model["round"]["closes_on"], unit_pages=frozenset())


def build_data(
    snapshot: Snapshot, counting: Counting = count_here, seen: Sequence[Version] = ()
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The data files by name, and release.json as an object. Raises BadInput."""
    with stage("读票、计数", "reading and counting ballots"):
        tally = counting(snapshot)
    with stage("计算数字", "computing figures"):
        return _data(snapshot, tally, seen)


def _data(snapshot: Snapshot, tally: Tally, seen: Sequence[Version]) -> tuple[dict[str, bytes], dict[str, Any]]:
    method, facts = snapshot.method, snapshot.round
    results = [unit_result(tally, i, method, facts) for i in range(len(facts.units))]
    tables = result_tables(results, method)
    files = {name: _csv(columns, tables.get(name, [])) for name, columns in TABLES.items()}
    files |= {name: (snapshot.folder / name).read_bytes() for name in PUBLISHED_METHOD}
    named, tables[versions.NAME] = versions.stamp(files, seen)
    files[versions.NAME] = _csv(TABLES[versions.NAME], tables[versions.NAME])
    model = model_of(method, facts, tally, results, tables) | named
    return files | {"release.json": manifest.dump(model)}, model


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in columns])
    writer.writerows([c.text(row.get(c.name)) for c in columns] for row in rows)
    return out.getvalue().encode()
