"""A release: all its files as bytes, a pure function of a snapshot."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import manifest, page
from .columns import TABLES, Column
from .counts import count
from .model import model_of
from .read import Snapshot, batches
from .results import unit_result
from .rows import Row, result_tables

PUBLISHED_METHOD = ("method.toml", "round.toml")


def build(snapshot: Snapshot) -> dict[str, bytes]:
    """Every file of the release by name, manifest.json included. Raises BadInput."""
    # Drawing libraries take over a second to load; publishing a release needs none of them.
    from . import charts, workbook

    files, model = build_data(snapshot)
    files["results.xlsx"] = workbook.render(model)
    files["charts/scores.svg"] = charts.scores_svg(model)
    return with_page(files, model, published_on=model["round"]["closes_on"], unit_pages=frozenset())


def build_data(snapshot: Snapshot) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The data files by name, and release.json as an object. Raises BadInput."""
    method, facts = snapshot.method, snapshot.round
    tally = count(batches(snapshot), method, facts)
    results = [unit_result(tally, i, method, facts) for i in range(len(facts.units))]
    tables = result_tables(results, method)
    model = model_of(method, facts, tally, results, tables)
    files = {name: _csv(columns, tables.get(name, [])) for name, columns in TABLES.items()}
    files |= {name: (snapshot.folder / name).read_bytes() for name in PUBLISHED_METHOD}
    return files | {"release.json": manifest.dump(model)}, model


def with_page(
    files: Mapping[str, bytes], model: Mapping[str, Any], *, published_on: str, unit_pages: frozenset[str]
) -> dict[str, bytes]:
    """The files with index.md and manifest.json written anew."""
    kept = {n: content for n, content in files.items() if n not in (manifest.NAME, "index.md")}
    digest = manifest.load_digest(manifest.describe(kept))
    kept["index.md"] = page.render(model, digest=digest, published_on=published_on, unit_pages=unit_pages)
    return kept | {manifest.NAME: manifest.describe(kept)}


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in columns])
    writer.writerows([c.text(row.get(c.name)) for c in columns] for row in rows)
    return out.getvalue().encode()
