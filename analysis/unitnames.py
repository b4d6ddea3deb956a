"""Names and slugs of the units of foreign ratings."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .errors import BadInput
from .mapping import Mapped, refuse_column

Known = Mapping[str, Mapping[str, Any]]


def read_units(mapped: Mapped) -> dict[str, dict[str, Any]] | None:
    """Source name -> what the units file says of it; None without a file. Raises BadInput."""
    source = mapped.units
    if source.file is None:
        return None
    if not source.file.is_file():
        raise BadInput("missing_file", file=source.file)
    table = pd.read_csv(source.file, dtype=str, keep_default_na=False, encoding=mapped.encoding)
    wanted = [*source.columns.values(), *(c for by_group in source.numbers.values() for c in by_group.values())]
    for name in wanted:
        if name not in table.columns:
            raise refuse_column(mapped, name, list(table.columns))
    records = table.to_dict("records")
    return {str(r[source.columns["name"]]).strip(): _described(mapped, r, i) for i, r in enumerate(records, 2)}


def _described(mapped: Mapped, record: Mapping[Any, str], line: int) -> dict[str, Any]:
    columns = mapped.units.columns
    wanted = {"slug": "slug", "zh": "zh", "class": "class_column", "parent": "parent"}
    unit: dict[str, Any] = {key: record[columns[name]] for key, name in wanted.items() if name in columns}
    for table, by_group in mapped.units.numbers.items():
        found = {group: _number(mapped, record, column, line) for group, column in by_group.items()}
        unit[table] = {group: number for group, number in found.items() if number is not None}
    return {key: value for key, value in unit.items() if value}


def _number(mapped: Mapped, record: Mapping[Any, str], column: str, line: int) -> int | None:
    text = record[column].strip().replace(",", "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]+", text):
        raise BadInput("bad_number", file=mapped.units.file, line=line, field=column, value=repr(record[column]))
    return int(text)


def name_units(mapped: Mapped, names: list[str], listed: Known) -> list[dict[str, Any]]:
    """One [[unit]] table for each source name, in the order of names."""
    units: list[dict[str, Any]] = []
    taken = {str(u["slug"]) for u in (*listed.values(), *mapped.units.given.values()) if "slug" in u}
    for number, name in enumerate(names, 1):
        known = dict(listed.get(name, {})) | dict(mapped.units.given.get(name, {}))
        slug = known.pop("slug", "") or _free(made_slug(name) or f"u{number:03}", taken)
        taken.add(slug)
        units.append({"slug": slug, "zh": name, "class": mapped.units.default_class or _only_class(mapped)} | known)
    return units


def made_slug(name: str) -> str:
    """A slug from an ASCII name; empty for any other."""
    plain = unicodedata.normalize("NFKC", name)
    if not plain.isascii():
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")[:80]


def _free(slug: str, taken: set[str]) -> str:
    """The slug, or the first of slug-2, slug-3 … that is free."""
    candidates = (slug if n == 1 else f"{slug}-{n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _only_class(mapped: Mapped) -> str:
    if len(mapped.method.classes) > 1:
        raise BadInput("missing_key", file=mapped.path, field="units.class")
    return mapped.method.classes[0].code
