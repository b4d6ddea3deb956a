"""What only the issuing office knows of a notice: who issues it, under which number, on which day."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ..tomlfile import load

BLANK = "待填"


@dataclass(frozen=True)
class Issue:
    """The office's own facts; what is empty stands in the document as a blank to fill in."""

    issuer: str = ""
    number: str = ""
    signed_on: dt.date | None = None
    to: str = "各有关单位"
    copies: str = ""
    printed_by: str = ""
    printed_on: dt.date | None = None
    serial: str = ""  # of a brief: 第几期


def load_issue(path: Path) -> Issue:
    """Read the facts from a TOML file; every key is optional, unknown ones are refused. Raises BadInput."""
    root = load(path).root()
    names = ("issuer", "number", "to", "copies", "printed_by", "serial")
    texts = {name: root.name(name) for name in names if root.has(name)}
    days = {name: root.date(name) for name in ("signed_on", "printed_on") if root.has(name)}
    root.used |= {*names, "signed_on", "printed_on"}
    root.done()
    return Issue(**texts, **days)  # type: ignore[arg-type]  # each name has its own type


def blank(what: str) -> str:
    """A visible blank."""
    return f"〔{BLANK}：{what}〕"


def written(day: dt.date | None, what: str) -> str:
    """A day as official papers write it, 2026年7月15日, or a blank."""
    return f"{day.year}年{day.month}月{day.day}日" if day else blank(what)
