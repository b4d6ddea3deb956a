"""TOML read strictly: exact fractions, no unknown keys, and every refusal names its line.

tomllib gives no positions, so lines are found again by scanning the headers and keys.
"""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w

from .errors import BadInput

HEADER = re.compile(r"\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"\s*[\"']?([^\s\"'=#\[]+)[\"']?\s*=")
FRACTION = re.compile(r"[0-9]+(/0*[1-9][0-9]*)?|[0-9]+\.[0-9]+")
NUMBER = re.compile(r"-?(" + FRACTION.pattern + ")")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SLUG = re.compile(r"[a-z0-9-]+")
UNSAFE_IN_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True)
class TomlFile:
    """One TOML file: its raw bytes, its text and its parsed data."""

    path: Path
    raw: bytes
    text: str
    data: dict[str, Any]
    top: str = ""  # the table that `data` stands under, when it is a part of the text

    def line(self, table: str, index: int | None, key: str) -> int | None:
        """The 1-based line of `key` in the table (its index-th occurrence), else of its header."""
        found = None
        for number, where, name in _marks(self.text):
            if where == (table, index):
                found = found if found else number
                if name == key:
                    return number
        return found or self._inline(table)

    def _inline(self, table: str) -> int | None:
        """The line where a table that is written inline begins."""
        first = table.split(".")[0]
        return next((n for n, where, name in _marks(self.text) if where[0] == "" and name == first), None)

    def root(self) -> "Section":
        """The top level of the data."""
        return Section(self, self.data, self.top, None)


def is_slug(text: str) -> bool:
    """Whether a text is lower-case letters, digits and hyphens, at most 100; safe as the name of a folder."""
    return bool(SLUG.fullmatch(text)) and len(text) <= 100


def load(path: Path) -> TomlFile:
    """Read and parse a TOML file; a byte-order mark is forgiven. Raises BadInput."""
    if not path.is_file():
        raise BadInput("missing_file", file=path)
    raw = path.read_bytes()
    return parse(path, raw)


def parse(path: Path, raw: bytes) -> TomlFile:
    """Parse TOML bytes under the name `path`. Raises BadInput."""
    try:
        text = raw.decode("utf-8-sig")
        return TomlFile(path, raw, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", file=path, line=raw[: error.start].count(b"\n") + 1) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise BadInput("broken_toml", file=path, line=line, value=str(error)) from error


def dumps(data: Mapping[str, Any], table: str = "") -> str:
    """TOML with one header for each table, so that people can find their way and errors their line."""
    parts = [tomli_w.dumps({k: v for k, v in data.items() if not _is_table(v)})]
    for key, value in data.items():
        name = f"{table}.{key}" if table else key
        if isinstance(value, dict):
            parts.append(f"\n[{name}]\n{dumps(value, name)}")
        elif _is_table(value):
            parts += [f"\n[[{name}]]\n{dumps(item, name)}" for item in value]
    return "".join(parts)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _marks(text: str) -> Iterator[tuple[int, tuple[str, int | None], str]]:
    """Yield (line, (table, index), key or "") for every header and key line."""
    seen: Counter[str] = Counter()
    where: tuple[str, int | None] = ("", None)
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            name = header[2]
            seen[name] += header[1] == "[["
            where = (name, _index(seen, name))
            yield number, where, ""
        elif key := KEY.match(line):
            yield number, where, key[1]


def _index(seen: Counter[str], name: str) -> int | None:
    """The running index of the array table that `name` is, or lies in."""
    parts = name.split(".")
    owners = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((seen[owner] - 1 for owner in owners if seen[owner]), None)


@dataclass
class Section:
    """One table of a TOML file; its readers take keys one by one, `done` refuses what is left."""

    doc: TomlFile
    data: Mapping[str, Any]
    table: str
    index: int | None
    used: set[str] = field(default_factory=set)

    def refuse(self, code: str, key: str = "", **values: object) -> BadInput:
        """A refusal that names this file, the key's line and the key."""
        name = ".".join(part for part in (self.table, key) if part)
        return BadInput(code, file=self.doc.path, line=self.doc.line(self.table, self.index, key), field=name, **values)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def get(self, key: str, kind: type | tuple[type, ...], zh: str, en: str) -> Any:
        """The value of a required key, of the given kind (a bool is no int)."""
        self.used.add(key)
        if key not in self.data:
            raise self.refuse("missing_key", key)
        value = self.data[key]
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.refuse("wrong_type", key, expected_zh=zh, expected_en=en, value=repr(value))
        return value

    def name(self, key: str) -> str:
        """A text for readers: one line, no control characters."""
        value = str(self.get(key, str, "文字", "a text")).strip()
        if not value or UNSAFE_IN_NAME.search(value):
            raise self.refuse("bad_name", key)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Any text; the default when the key is absent and a default is given."""
        if default is not None and not self.has(key):
            return default
        return str(self.get(key, str, "文字", "a text"))

    def code(self, key: str = "code", reserved: Sequence[str] = ()) -> str:
        """A code: letters, digits and _, starting with a letter."""
        value = str(self.get(key, str, "文字", "a text"))
        if not CODE.fullmatch(value) or value in reserved:
            raise self.refuse("bad_code", key, value=repr(value), reserved=", ".join(reserved) or "–")
        return value

    def slug(self, key: str) -> str:
        """A slug: lower-case letters, digits and hyphens, at most 100."""
        value = str(self.get(key, str, "文字", "a text"))
        if not is_slug(value):
            raise self.refuse("bad_slug", key, value=repr(value))
        return value

    def boolean(self, key: str) -> bool:
        """true or false."""
        return bool(self.get(key, bool, " true 或 false", "true or false"))

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        if default is not None and not self.has(key):
            return default
        value = int(self.get(key, int, "整数", "an integer"))
        if not low <= value <= high:
            raise self.refuse("bad_range", key, value=value, low=low, high=high)
        return value

    def fraction(self, key: str, default: str | None = None, pattern: re.Pattern[str] = FRACTION) -> Fraction:
        """An exact number: an integer or a quoted fraction; a TOML float is refused."""
        if default is not None and not self.has(key):
            return Fraction(default)
        value = self.get(key, (str, int, float), "分数", "a fraction")
        if isinstance(value, float):
            raise self.refuse("float_weight", key, value=value)
        if not pattern.fullmatch(str(value)):
            raise self.refuse("bad_fraction" if pattern is FRACTION else "bad_number", key, value=repr(value))
        return Fraction(value)

    def date(self, key: str) -> dt.date:
        """A day, as a TOML date or a text like 2026-11-03."""
        value = self.get(key, (str, dt.date), "日期", "a date")
        if isinstance(value, dt.datetime):
            raise self.refuse("bad_date", key, value=value)
        return value if isinstance(value, dt.date) else self._iso(key, value)

    def _iso(self, key: str, value: str) -> dt.date:
        try:
            if len(value) != len("2026-11-03"):
                raise ValueError(value)
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise self.refuse("bad_date", key, value=repr(value)) from error

    def section(self, key: str) -> "Section":
        """A required sub-table."""
        data = self.get(key, dict, "表", "a table")
        return Section(self.doc, data, self._below(key), self.index)

    def sections(self, key: str) -> "list[Section]":
        """The tables of an array of tables; none when the key is absent."""
        if not self.has(key):
            return []
        items = self.get(key, list, "表的数组", "an array of tables")
        if not all(isinstance(item, dict) for item in items):
            raise self.refuse("wrong_type", key, expected_zh="表的数组", expected_en="an array of tables", value="…")
        return [Section(self.doc, item, self._below(key), i) for i, item in enumerate(items)]

    def _below(self, key: str) -> str:
        return f"{self.table}.{key}" if self.table else key

    def done(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self.data:
            if key not in self.used:
                raise self.refuse("unknown_key", key, allowed=", ".join(sorted(self.used)))
