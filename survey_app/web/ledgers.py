"""Ledgers narrowed before they leave: by period, class, unit and way of rating, under a name that says to what.

    ledgers.add(Ledger("orders", N_("督查件台账"), frozenset({DISCIPLINE_OFFICER, AUDITOR}), make=_orders_as_excel))

The name alone says everything: `orders-from-20260701-to-20260930-unit-tax-20261103.xlsx` is the same file for whoever
may have it, so that a file prepared in the background needs nothing besides. One narrowing has one name.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial, reduce
from typing import cast

from flask import current_app

from survey_app.domain.errors import N_, fill
from survey_app.domain.roles import ROLES
from survey_app.domain.scale import CLASSES
from survey_app.web import downloads
from survey_app.web.context import today
from survey_app.web.doors import here
from survey_app.web.downloads import INSTRUMENTS, LEDGER, NoSuchFile, Offer
from survey_app.web.language import say
from survey_app.web.people import Person

XLSX, CSV = "xlsx", "csv"
_NAME = re.compile(
    r"(?P<ledger>[a-z]+)(?:-(?P<year>\d{4}))?(?:-from-(?P<since>\d{8}))?(?:-to-(?P<until>\d{8}))?"
    r"(?:-class-(?P<unit_class>[a-z_]+))?(?:-by-(?P<instrument>[a-z]+))?(?:-unit-(?P<unit>[a-z0-9-]+))?"
    r"-(?P<on>\d{8})\.(?P<ending>xlsx|csv)",
    re.ASCII,
)
Make = Callable[["Narrowed"], bytes]


@dataclass(frozen=True)
class Narrowed:
    """What of a ledger is wanted: both days with them; what is empty asks for nothing."""

    ledger: str
    since: date | None = None
    until: date | None = None
    unit_class: str = ""
    instrument: str = ""
    unit: str = ""
    on: date = date.min  # of which day the file is

    def name(self, on: date, ending: str = XLSX) -> str:
        """The file's name: what it was narrowed to, then the day its content is of."""
        parts = [self.ledger, *self._period()]
        for mark, value in (("class", self.unit_class), ("by", self.instrument), ("unit", self.unit)):
            parts += [mark, value] if value else []
        return f"{'-'.join([*parts, f'{on:%Y%m%d}'])}.{ending}"

    def _period(self) -> Iterator[str]:
        if self.since and self.until and (self.since, self.until) == whole_year(self.since.year):
            yield f"{self.since.year:04d}"
            return
        for mark, day in (("from", self.since), ("to", self.until)):
            if day:
                yield f"{mark}-{day:%Y%m%d}"

    def has(self, day: date | None) -> bool:
        """Whether the day lies in the period; what has no day lies in none."""
        if day is None:
            return not (self.since or self.until)
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


@dataclass(frozen=True)
class Ledger:
    """A ledger that `roles` may take. `prepared`: the maker (jobs/preparing) of what takes longer than a moment.

    `instruments`: ways of rating it can be narrowed to. `own_unit`: these people take their own unit's lines alone.
    """

    code: str
    title: str
    roles: frozenset[str]
    make: Make | None = None
    prepared: str = ""
    instruments: tuple[str, ...] = ()
    endings: tuple[str, ...] = (XLSX,)
    own_unit: bool = False


_ledgers: list[Ledger] = []


def add(ledger: Ledger) -> None:
    """Let people with its roles take this ledger."""
    _ledgers.append(ledger)


def whole_year(year: int) -> tuple[date, date]:
    """Its first day and its last."""
    return date(year, 1, 1), date(year, 12, 31)


def open_to(who: Person) -> list[Ledger]:
    """The ledgers this person may take; where one is open to them whole, not their own unit's part of it besides."""
    found = [one for one in _ledgers if one.roles & who.roles]
    whole = {one.code for one in found if not one.own_unit}
    return [one for one in found if not one.own_unit or one.code not in whole]


def offer(ledger: Ledger, wanted: Narrowed, ending: str = XLSX) -> Offer:
    """The file of this ledger, narrowed, as it can be had today."""
    name, year = wanted.name(today(), ending), str((wanted.until or today()).year)
    title = reduce(_with, [*_told(wanted), *(["CSV"] if ending == CSV else [])], say(ledger.title))
    same = Offer(name, title, LEDGER, year, today(), instrument=wanted.instrument)
    if ledger.make is None:
        return replace(same, prepared=(ledger.prepared, name))
    return replace(same, make=partial(ledger.make, wanted))


def offer_named(who: Person, name: str) -> Offer:
    """The narrowed file by its name. Raises NoSuchFile where this person may have no such one."""
    wanted, ending = narrowed(name), name.rpartition(".")[2]
    for ledger in open_to(who):
        if ledger.code == wanted.ledger and ending in ledger.endings and _may(ledger, wanted, who):
            found = offer(ledger, wanted, ending)
            if found.name == name:
                return found
    raise NoSuchFile


def narrowed(name: str) -> Narrowed:
    """What a name asks for. Raises NoSuchFile where it is no ledger's name."""
    read = _NAME.fullmatch(name)
    if read is None:
        raise NoSuchFile
    try:
        since, until, on = (_day(read[part]) for part in ("since", "until", "on"))
        first, last = whole_year(int(read["year"])) if read["year"] else (since, until)
    except ValueError as error:
        raise NoSuchFile from error
    unit_class, instrument, unit = (read[part] or "" for part in ("unit_class", "instrument", "unit"))
    return Narrowed(read["ledger"], first, last, unit_class, instrument, unit, on or date.min)


def _may(ledger: Ledger, wanted: Narrowed, who: Person) -> bool:
    if ledger.own_unit and (not who.unit_slug or wanted.unit != who.unit_slug):
        return False
    return not wanted.instrument or wanted.instrument in ledger.instruments


def _with(title: str, part: str) -> str:
    return fill(N_("%(title)s，%(part)s"), {"title": title, "part": part}, say)


def _told(wanted: Narrowed) -> Iterator[str]:
    """What the file was narrowed to, for people."""
    yield from _told_period(wanted.since, wanted.until)
    if wanted.unit_class:
        yield say(CLASSES.get(wanted.unit_class, wanted.unit_class))
    if wanted.instrument:
        yield say(INSTRUMENTS.get(wanted.instrument, wanted.instrument))
    if wanted.unit:
        yield cast(Callable[[str], str], current_app.config["UNIT_TITLE"])(wanted.unit)


def _told_period(since: date | None, until: date | None) -> Iterator[str]:
    if since and until and (since, until) == whole_year(since.year):
        yield fill(N_("%(year)s年"), {"year": since.year}, say)
    elif since and until:
        yield fill(N_("%(since)s至%(until)s"), {"since": since, "until": until}, say)
    elif since:
        yield fill(N_("%(since)s以来"), {"since": since}, say)
    elif until:
        yield fill(N_("到%(until)s为止"), {"until": until}, say)


def _day(digits: str | None) -> date | None:
    return date.fromisoformat(digits) if digits else None


@downloads.source(*ROLES)
def _whole() -> Iterator[Offer]:
    """Ledgers that are made at once stand among the downloads whole."""
    for ledger in open_to(here()):
        if ledger.make:
            yield offer(ledger, Narrowed(ledger.code))
