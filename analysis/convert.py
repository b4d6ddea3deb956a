"""Foreign ratings to a frozen folder: python -m analysis convert MAP.toml.

A full MAP.toml; all but format, file, values, round and method may be left out:

    format = 1
    file = "responses.csv"            # beside MAP.toml
    encoding = "utf-8"                # any encoding Python knows, such as gb18030
    delimiter = ","
    shape = "wide"                    # one row a ballot, one column a dimension; "long": one row an answer
    day_format = "%Y-%m-%d %H:%M:%S"  # as in strptime; the ballot keeps the Monday of that week only
    duplicates = ["time", "office", "politeness", "speed"]   # rows equal in these are reported, never dropped
    method = "method.toml"            # a file that is copied; or its keys and tables below [method]

    [columns]                         # source columns; long form has dimension, value and often respondent too
    unit = "office"
    day = "time"

    [constants]                       # what has no column
    group = "citizen"
    channel = "web"

    [dimensions]                      # code = column (wide) or value of the dimension column (long)
    attitude = "politeness"
    efficiency = "speed"

    [values]                          # text or number -> level 5..1; 0 is don't know, "" is not answered
    "Very good" = 5
    "9" = 0

    [values_of.efficiency]            # replaces [values] for one dimension; here 1 is best
    "1" = 5
    "2" = 4

    [groups]                          # source value = code; likewise [channels]
    "North district" = "north"

    [units]                           # slugs are made from ASCII names, else u001 ...
    class = "window"                  # class of units that name none
    file = "units.csv"                # a list of all units, also those without ballots
    name = "office"                   # its columns: name, and optionally slug, zh, class_column, parent
    [units.population]                # group = column of numbers; likewise [units.panel], [units.codes_issued]
    citizen = "people_served"

    [[unit]]                          # or units written out; these win
    source = "Office A"
    slug = "office-a"
    zh = "一号窗口"

    [round]                           # opens_on and closes_on default to the first and last day of the data
    code = "2024-02"
    name = "二月评议"
    instrument = "campaign"
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import manifest
from .errors import BadInput
from .facts import parse_round
from .folder import write_file, write_folder
from .foreign import Ballots, Seen, Source, read_ballots, read_days, read_source
from .mapping import Mapped, load_map
from .read import BLANK
from .tomlfile import dumps, parse

REPORT = "convert.json"  # beside snapshot/, it marks a folder as convert's own
LEVEL_TEXTS = np.array(["0", "1", "2", "3", "4", "5", ""])


def convert(path: Path, out: Path | None = None) -> Path:
    """Write OUT/snapshot/ and OUT/convert.json from MAP.toml. Raises BadInput; then nothing is written."""
    mapped = load_map(path)
    target = out or path.parent / path.stem
    _refuse_frozen(target)
    source = Source(read_source(mapped), {})
    days = read_days(mapped, source)
    rows = read_ballots(mapped, source, days)
    filled = (rows.answers != BLANK).any(axis=1)
    files = {"method.toml": mapped.method_bytes, "round.toml": _round(mapped, rows.units, days)}
    files["ballots.csv"] = _csv(mapped, rows, filled)
    files[manifest.NAME] = manifest.describe_snapshot(files)
    write_folder(target / "snapshot", files)
    write_file(target / REPORT, manifest.dump(_report(mapped, source, rows, filled, days)))
    return target


def _refuse_frozen(target: Path) -> None:
    """Refuse to replace ballots of another origin: a portal's frozen round exists only once."""
    if (target / "snapshot").exists() and not (target / REPORT).is_file():
        raise BadInput("not_converted", file=target / "snapshot")


def _csv(mapped: Mapped, rows: Ballots, filled: npt.NDArray[np.bool_]) -> bytes:
    """ballots.csv: rows in byte order, so that no order of arrival is left."""
    names = ["unit", "group", "channel", "period", *mapped.dimensions, *(["flags"] if "flags" in rows.texts else [])]
    answers = LEVEL_TEXTS[rows.answers[filled]]
    columns = {code: answers[:, i] for i, code in enumerate(mapped.dimensions)}
    columns |= {key: column[filled] for key, column in rows.texts.items()}
    lines = sorted(map(",".join, zip(*(columns[name].tolist() for name in names), strict=True)))
    return ("\n".join([",".join(names), *lines]) + "\n").encode()


def _round(mapped: Mapped, units: list[dict[str, Any]], days: pd.Series) -> bytes:
    """round.toml, checked by the same reader that will read it."""
    given = dict(mapped.round.data)
    first, last = days.min().date().isoformat(), days.max().date().isoformat()
    facts = {"format": 1, "opens_on": first, "closes_on": last, **given, "method_sha256": mapped.method.sha256}
    raw = dumps(facts | {"unit": units}).encode()
    parse_round(parse(mapped.path.with_name("round.toml"), raw), mapped.method)
    return raw


def _report(
    mapped: Mapped, source: Source, rows: Ballots, filled: npt.NDArray[np.bool_], days: pd.Series
) -> dict[str, Any]:
    """convert.json: what was read, how it was mapped, what is odd. Row numbers count from 1 below the header."""
    names = sorted(source.seen["unit"])
    return {
        "format": 1,
        "source": {"file": mapped.file.name, "sha256": manifest.sha256_of(mapped.file), "rows": len(source.table)},
        "ballots": int(filled.sum()),
        "days": {"first": days.min().date().isoformat(), "last": days.max().date().isoformat()},
        "left_out_without_answer": [int(row) + 1 for row in rows.row[~filled]],
        "units": {name: rows.units[source.seen["unit"][name]["to"]]["slug"] for name in names},
        "values": {code: _shown(seen) for code, seen in source.seen.items() if code != "unit"},
        "duplicates": _duplicates(mapped, source.table),
    }


def _shown(seen: Seen) -> dict[str, dict[str, int | None]]:
    """The mapping with "not answered" as null."""
    return {text: {**found, "to": None if found["to"] == BLANK else found["to"]} for text, found in seen.items()}


def _duplicates(mapped: Mapped, table: pd.DataFrame) -> dict[str, Any] | None:
    """Rows equal to an earlier one in the chosen columns: kept, and named here."""
    if not mapped.duplicates:
        return None
    columns = list(mapped.duplicates)
    same = table[table.duplicated(columns, keep=False)]
    sets = same.groupby(columns, sort=False).indices
    positions = [[int(same.index[i]) + 1 for i in found] for found in sets.values()]
    return {"columns": columns, "rows": sum(len(p) - 1 for p in positions), "sets": sorted(positions)}
