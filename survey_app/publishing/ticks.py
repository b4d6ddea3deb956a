"""The ticks under each level of an everyday rating, from site/ticks.toml: a district changes them without a program."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.domain.errors import N_, BadInput
from survey_app.domain.everyday import LEVELS

FILE = "ticks.toml"
MOST_SIGNS = 600  # of all codes of one level together: they are sealed with the level
_CODE = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class Tick:
    """One thing a person may tick, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Group:
    """The ticks of one or more levels, under one heading."""

    levels: tuple[int, ...]
    zh: str
    en: str
    ticks: tuple[Tick, ...]

    @property
    def codes(self) -> frozenset[str]:
        """What may be ticked here."""
        return frozenset(tick.code for tick in self.ticks)


def tick_groups(settings: Settings) -> tuple[Group, ...]:
    """The groups in the file's order, read again when it changes. Raises BadInput."""
    file = settings.home / "site" / FILE
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _stamp: int) -> tuple[Group, ...]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        groups = tuple(_group(entry) for entry in table["group"])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(file=FILE, problem=N_("读不懂：%(detail)s。"), detail=str(error)) from error
    _check(groups)
    return groups


def _group(entry: Mapping[str, Any]) -> Group:
    ticks = tuple(Tick(str(t["code"]), str(t["zh"]), str(t["en"])) for t in entry["tick"])
    return Group(tuple(entry["levels"]), str(entry["zh"]), str(entry["en"]), ticks)


def _check(groups: tuple[Group, ...]) -> None:
    levels = [level for group in groups for level in group.levels]
    if sorted(levels, reverse=True) != list(LEVELS):
        raise BadInput(file=FILE, problem=N_("五个等级每个要出现一次，现在是：%(levels)s。"), levels=levels)
    codes = [tick.code for group in groups for tick in group.ticks]
    for code in codes:
        if not _CODE.fullmatch(code) or codes.count(code) > 1:
            raise BadInput(file=FILE, problem=N_("“%(code)s”只能用小写字母、数字和短横，不能重复。"), code=code)
    for group in groups:
        if sum(len(tick.code) + 3 for tick in group.ticks) > MOST_SIGNS:
            raise BadInput(file=FILE, problem=N_("“%(title)s”下面的选项太多，请减少几个。"), title=group.zh)
