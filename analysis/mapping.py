"""MAP.toml: how a foreign file of ratings reads as ballots. A full example stands in convert.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import BadInput
from .method import Method, parse_method
from .read import BLANK
from .tomlfile import Section, TomlFile, dumps, load

COLUMNS = ("unit", "group", "channel", "day", "flags", "respondent", "dimension", "value")
CONSTANTS = ("unit", "group", "channel", "day", "dimension")
UNIT_TABLES = ("codes_issued", "population", "panel")


@dataclass(frozen=True)
class UnitSource:
    """Where units come from: defaults, a file with columns, or tables written out."""

    default_class: str
    file: Path | None
    columns: Mapping[str, str]
    numbers: Mapping[str, Mapping[str, str]]
    given: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Mapped:
    """A checked MAP.toml.

    `values` maps source text to a level 5..1, 0 or BLANK, `values_of` replaces it for some dimensions;
    `dimensions` maps codes to columns (wide) or to values of the dimension column (long).
    """

    path: Path
    file: Path
    encoding: str
    delimiter: str
    long: bool
    day_format: str
    duplicates: tuple[str, ...]
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    dimensions: Mapping[str, str]
    values: Mapping[str, int]
    values_of: Mapping[str, Mapping[str, int]]
    codes: Mapping[str, Mapping[str, str]]
    units: UnitSource
    round: Section
    method: Method
    method_bytes: bytes


def load_map(path: Path) -> Mapped:
    """Read and check MAP.toml. Raises BadInput."""
    doc = load(path)
    root = doc.root()
    if root.integer("format", 0, 10**6) != 1:
        raise root.refuse("bad_format", "format", value=root.data["format"])
    method, method_bytes = _method(root)
    mapped = Mapped(
        path=path,
        file=path.parent / root.text("file"),
        encoding=root.text("encoding", "utf-8-sig"),
        delimiter=root.text("delimiter", ","),
        long=_shape(root),
        day_format=root.text("day_format", "%Y-%m-%d"),
        duplicates=_names(root, "duplicates"),
        columns=_texts(root, "columns", COLUMNS),
        constants=_constants(root),
        dimensions=_dimensions(root, method),
        values=_values(root.section("values")),
        values_of=_values_of(root, method),
        codes={key: _texts(root, f"{key}s") for key in ("group", "channel")},
        units=_units(root, path),
        round=root.section("round"),
        method=method,
        method_bytes=method_bytes,
    )
    root.done()
    return mapped


def _method(root: Section) -> tuple[Method, bytes]:
    """The method: a path to a file that is copied, or tables below [method]."""
    given = root.get("method", (str, dict), "文件名或表", "a file name or a table")
    if isinstance(given, str):
        doc = load(root.doc.path.parent / given)
        return parse_method(doc), doc.raw
    raw = dumps(given).encode()
    doc = TomlFile(root.doc.path, raw, root.doc.text, given, "method")
    return parse_method(doc), raw


def _shape(root: Section) -> bool:
    shape = root.text("shape", "wide")
    if shape not in ("wide", "long"):
        raise root.refuse("bad_choice", "shape", value=repr(shape), allowed="wide, long")
    return shape == "long"


def _names(root: Section, key: str) -> tuple[str, ...]:
    names = root.get(key, list, "列名的列表", "a list of column names") if root.has(key) else []
    return tuple(str(name) for name in names)


def _texts(root: Section, key: str, allowed: tuple[str, ...] | None = None) -> dict[str, str]:
    """A table of texts; only the allowed keys where some are given."""
    if not root.has(key):
        return {}
    section = root.section(key)
    if allowed:
        section.used.update(allowed)
        section.done()
    return {name: section.text(name) for name in section.data}


def _constants(root: Section) -> dict[str, str]:
    if not root.has("constants"):
        return {}
    section = root.section("constants")
    section.used.update(CONSTANTS)
    section.done()
    return {k: section.date(k).isoformat() if k == "day" else section.text(k) for k in section.data}


def _dimensions(root: Section, method: Method) -> dict[str, str]:
    """Code -> source, in method order; by default each code is its own source."""
    given = _texts(root, "dimensions")
    known = [d.code for d in method.dimensions]
    for code in given:
        if code not in known:
            raise root.section("dimensions").refuse("bad_choice", code, value=repr(code), allowed=", ".join(known))
    return {code: given.get(code, code) for code in known}


def _values(section: Section) -> dict[str, int]:
    """Source text -> level; an empty text on the right means not answered."""
    values = {"": BLANK}
    for text, level in section.data.items():
        fine = level == "" or (type(level) is int and 0 <= level <= 5)
        if not fine:
            raise section.refuse("bad_level", text, value=repr(level))
        values[text] = BLANK if level == "" else level
    return values


def _values_of(root: Section, method: Method) -> dict[str, dict[str, int]]:
    if not root.has("values_of"):
        return {}
    section = root.section("values_of")
    section.used.update(d.code for d in method.dimensions)
    section.done()
    return {code: _values(section.section(code)) for code in section.data}


def _units(root: Section, path: Path) -> UnitSource:
    table = root.section("units") if root.has("units") else Section(root.doc, {}, "units", None)
    default, file = table.text("class", ""), table.text("file", "")
    columns = {key: table.text(key) for key in ("name", "slug", "zh", "class_column", "parent") if table.has(key)}
    numbers = {key: _texts(table, key) for key in UNIT_TABLES}
    table.used.update(("name", "slug", "zh", "class_column", "parent", *UNIT_TABLES))
    table.done()
    if file and "name" not in columns:
        raise table.refuse("missing_key", "name")
    given = dict(_given_unit(section) for section in root.sections("unit"))
    return UnitSource(default, path.parent / file if file else None, columns, numbers, given)


def _given_unit(section: Section) -> tuple[str, dict[str, Any]]:
    """A [[unit]] of the map: the source value, and what round.toml shall say."""
    source = section.text("source")
    section.used.update(("slug", "zh", "class", "parent", *UNIT_TABLES))
    section.done()
    return source, {key: value for key, value in section.data.items() if key != "source"}


def refuse_column(mapped: Mapped, name: str, header: list[str]) -> BadInput:
    """A column that the map names and the file lacks."""
    return BadInput("missing_column", file=mapped.file, line=1, field=name, allowed=", ".join(header))
