"""The foreign file itself: read as text, its few distinct values mapped, its rows made into ballots."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .ballotfile import physical_line
from .errors import BadInput
from .mapping import Mapped, refuse_column
from .read import BLANK
from .unitnames import name_units, read_units

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
# Source value -> {"to": what it became, "rows": how often it stood there}.
Seen = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Source:
    """The foreign table as text, and how its values were read."""

    table: pd.DataFrame
    seen: dict[str, Seen]


def read_source(mapped: Mapped) -> pd.DataFrame:
    """The source file, every value as text."""
    if not mapped.file.is_file():
        raise BadInput("missing_file", file=mapped.file)
    try:
        codecs.lookup(mapped.encoding)
        table = pd.read_csv(
            mapped.file, dtype=str, keep_default_na=False, encoding=mapped.encoding, sep=mapped.delimiter
        )
    except (UnicodeDecodeError, LookupError) as error:
        raise BadInput("bad_encoding", file=mapped.file, value=mapped.encoding) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadInput("broken_csv", file=mapped.file, value=str(error).strip()) from error
    _check_columns(mapped, list(table.columns))
    if table.empty:
        raise BadInput("empty_round", file=mapped.file)
    return table


def _check_columns(mapped: Mapped, header: list[str]) -> None:
    wanted = [*mapped.columns.values(), *mapped.duplicates]
    if not mapped.long:
        wanted += mapped.dimensions.values()
    for name in wanted:
        if name not in header:
            raise refuse_column(mapped, name, header)


def _refuse(mapped: Mapped, code: str, row: int, field: str, **values: object) -> BadInput:
    return BadInput(code, file=mapped.file, line=physical_line(mapped.file, row + 1), field=field, **values)


def _recode(mapped: Mapped, column: pd.Series, codes: Mapping[str, int], table: str) -> tuple[Ints, Seen]:
    """A text column as numbers, looking at its few distinct values only; and how often each was seen."""
    indices, distinct = pd.factorize(column)
    found = np.array([codes.get(str(text).strip(), -1) for text in distinct], dtype=np.int64)[indices]
    if (found < 0).any():
        row = int((found < 0).argmax())
        raise _refuse(mapped, "unmapped_value", row, str(column.name), value=repr(column.iloc[row]), table=table)
    seen = np.bincount(indices, minlength=len(distinct))
    counted = {str(text): {"to": codes[str(text).strip()], "rows": int(seen[i])} for i, text in enumerate(distinct)}
    return found, dict(sorted(counted.items()))


def read_days(mapped: Mapped, source: Source) -> pd.Series:
    """The day of every row."""
    table = source.table
    if "day" not in mapped.columns:
        if "day" not in mapped.constants:
            raise BadInput("date_needed", file=mapped.path, field="columns.day")
        return pd.Series(pd.Timestamp(mapped.constants["day"]), index=table.index)
    text = table[mapped.columns["day"]]
    days = pd.to_datetime(text, format=mapped.day_format, errors="coerce")
    if days.isna().any():
        row = int(days.isna().to_numpy().argmax())
        raise _refuse(mapped, "unmapped_day", row, str(text.name), value=repr(text.iloc[row]), format=mapped.day_format)
    return days.dt.tz_localize(None).dt.normalize()


@dataclass(frozen=True)
class Ballots:
    """Ballots as integers: texts by index, answers as levels or BLANK; `row` is the source row of each."""

    units: list[dict[str, Any]]
    texts: dict[str, Texts]
    answers: Ints
    row: Ints


def read_ballots(mapped: Mapped, source: Source, days: pd.Series) -> Ballots:
    """The ballots of the source, in its order; days are cut to their Monday. Raises BadInput."""
    units, unit = _unit_column(mapped, source)
    slugs = np.array([u["slug"] for u in units])
    monday = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d").to_numpy(dtype=str)
    texts = {"unit": slugs[unit]}
    for key, known in (("group", mapped.method.groups), ("channel", mapped.method.channels)):
        texts[key] = _code_column(mapped, source, key, [k.code for k in known])
    texts["period"] = monday
    if "flags" in mapped.columns:
        texts["flags"] = source.table[mapped.columns["flags"]].to_numpy(dtype=str)
    rows = np.arange(len(source.table))
    if not mapped.long:
        return Ballots(units, texts, _wide(mapped, source), rows)
    return _folded(mapped, source, units, texts, *_long(mapped, source))


def _unit_column(mapped: Mapped, source: Source) -> tuple[list[dict[str, Any]], Ints]:
    """The units of round.toml and each row's index into them."""
    column = _column_or_constant(mapped, source, "unit")
    listed = read_units(mapped)
    names = sorted(listed) if listed is not None else sorted({str(n).strip() for n in column.unique()} - {""})
    if listed is not None:
        names = sorted({*names, *mapped.units.given})
    units = name_units(mapped, names, listed or {})
    codes, seen = _recode(mapped, column, {name: i for i, name in enumerate(names)}, "units")
    source.seen["unit"] = seen
    return units, codes


def _column_or_constant(mapped: Mapped, source: Source, key: str) -> pd.Series:
    if key in mapped.columns:
        return source.table[mapped.columns[key]]
    if key not in mapped.constants:
        raise BadInput("missing_key", file=mapped.path, field=f"columns.{key}")
    return pd.Series(mapped.constants[key], index=source.table.index, name=key)


def _code_column(mapped: Mapped, source: Source, key: str, known: list[str]) -> Texts:
    """Group or channel codes; a code of the method stands for itself."""
    codes = {code: code for code in known} | dict(mapped.codes[key])
    for text, code in codes.items():
        if code not in known:
            raise BadInput(f"unknown_{key}", file=mapped.path, field=f"{key}s.{text}", value=repr(code))
    column = _column_or_constant(mapped, source, key)
    index = {text: known.index(code) for text, code in codes.items()}
    found, source.seen[key] = _recode(mapped, column, index, f"{key}s")
    return np.array(known)[found]


def _wide(mapped: Mapped, source: Source) -> Ints:
    columns = []
    for code, name in mapped.dimensions.items():
        values = mapped.values_of.get(code, mapped.values)
        found, source.seen[code] = _recode(mapped, source.table[name], values, "values")
        columns.append(found)
    return np.column_stack(columns)


def _long(mapped: Mapped, source: Source) -> tuple[Ints, Ints]:
    """(index of the dimension, level) of every row."""
    places = {text: i for i, text in enumerate(mapped.dimensions.values())}
    column = _column_or_constant(mapped, source, "dimension")
    dimension, source.seen["dimension"] = _recode(mapped, column, places, "dimensions")
    given = source.table[_value_column(mapped)]
    levels = np.full(len(given), BLANK, dtype=np.int64)
    for place, code in enumerate(mapped.dimensions):
        mine = dimension == place
        values = mapped.values_of.get(code, mapped.values)
        if mine.any():
            levels[mine], source.seen[code] = _recode_part(mapped, given, mine, values)
    return dimension, levels


def _value_column(mapped: Mapped) -> str:
    if "value" not in mapped.columns:
        raise BadInput("missing_key", file=mapped.path, field="columns.value")
    return mapped.columns["value"]


def _recode_part(
    mapped: Mapped, given: pd.Series, mine: npt.NDArray[np.bool_], values: Mapping[str, int]
) -> tuple[Ints, Seen]:
    unknown = mine & ~given.str.strip().isin(list(values)).to_numpy()
    if unknown.any():
        row = int(unknown.argmax())
        raise _refuse(mapped, "unmapped_value", row, str(given.name), value=repr(given.iloc[row]), table="values")
    return _recode(mapped, given[mine], values, "values")


def _folded(
    mapped: Mapped,
    source: Source,
    units: list[dict[str, Any]],
    texts: dict[str, Texts],
    dimension: Ints,
    levels: Ints,
) -> Ballots:
    """Answers of one respondent about one unit become one ballot; without respondents each row is one."""
    first = ballot = np.arange(len(levels), dtype=np.int64)
    if "respondent" in mapped.columns:
        keys = pd.DataFrame({**texts, "who": source.table[mapped.columns["respondent"]].to_numpy(dtype=str)})
        ballot = np.asarray(keys.groupby(list(keys.columns), sort=False).ngroup(), dtype=np.int64)
        first = np.unique(ballot, return_index=True)[1].astype(np.int64)
    _refuse_repeated(mapped, ballot, dimension)
    answers = np.full((len(first), len(mapped.dimensions)), BLANK, dtype=np.int64)
    answers[ballot, dimension] = levels
    return Ballots(units, {key: column[first] for key, column in texts.items()}, answers, first)


def _refuse_repeated(mapped: Mapped, ballot: Ints, dimension: Ints) -> None:
    again = pd.Series(ballot * len(mapped.dimensions) + dimension).duplicated().to_numpy()
    if again.any():
        raise _refuse(mapped, "repeated_answer", int(again.argmax()), "respondent")
