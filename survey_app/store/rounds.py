"""Rounds: made, opened, closed, published."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256

from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.store import audit
from survey_app.store.database import database, write
from survey_app.store.models import EvaluationRound, RoundPause, RoundUnit, VoidUnit


class RoundExists(Refusal):
    code, status = "round-exists", 409
    message = N_("已经有代号为%(round)s的一轮，请换一个代号。")


@dataclass(frozen=True)
class RatedUnit:
    """A unit of a round, as frozen when the round was made. `sizes`: {"panel"|"population": {group: people}}."""

    slug: str
    zh: str
    class_code: str
    parent_slug: str | None = None
    sizes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    row: int = 0  # its number in the database; 0 for a unit of a plan


@dataclass(frozen=True)
class Round:
    """A round without its ballots."""

    row: int
    code: str
    name: str
    instrument: str
    status: str
    opens_on: date
    closes_on: date
    method_toml: bytes
    method_sha256: str
    amendments: tuple[Mapping[str, str], ...]
    public_key: bytes | None
    units: tuple[RatedUnit, ...]  # without those declared void
    paused: str = ""  # why it takes no ballots for now
    void_units: tuple[tuple[RatedUnit, str], ...] = ()  # each with its reason

    @property
    def questionnaire(self) -> rules.Questionnaire:
        """Dimensions, groups and minimums as frozen in the method file."""
        return rules.read_questionnaire(self.method_toml)

    def unit(self, slug: str) -> RatedUnit:
        """The unit by its slug. Raises UnitNotRated."""
        for unit in self.units:
            if unit.slug == slug:
                return unit
        raise rules.UnitNotRated(unit=slug)

    def require_rating_time(self, today: date) -> None:
        """Raises RoundNotYetOpen, RoundVoid, RoundClosed or RoundPaused unless ballots are taken on `today`."""
        rules.require_rating_time(
            status=self.status, opens_on=self.opens_on, closes_on=self.closes_on, today=today, paused=self.paused
        )


def create_round(
    *,
    code: str,
    name: str,
    instrument: str,
    opens_on: date,
    closes_on: date,
    method_toml: bytes,
    units: Sequence[RatedUnit],
    first: Callable[[], None] = lambda: None,
) -> None:
    """Store a draft round with its units. Raises RoundExists and what `first` raises; nothing is stored then.

    `first` runs in the same transaction.
    """
    with write():
        first()
        if EvaluationRound.get_or_none(code=code):
            raise RoundExists(round=code)
        row = EvaluationRound.create(
            code=code,
            name=name,
            instrument=instrument,
            opens_on=opens_on,
            closes_on=closes_on,
            method_toml=method_toml,
            method_sha256=sha256(method_toml).hexdigest(),
        )
        for unit in units:
            RoundUnit.create(
                round=row,
                slug=unit.slug,
                zh=unit.zh,
                class_code=unit.class_code,
                parent_slug=unit.parent_slug,
                sizes=json.dumps(unit.sizes, sort_keys=True),
            )


def get_round(code: str) -> Round:
    """The round by its code. Raises RoundUnknown."""
    return _round(row_of(code))


def list_rounds() -> list[Round]:
    """All rounds, newest opening first."""
    rows = EvaluationRound.select().order_by(EvaluationRound.opens_on.desc(), EvaluationRound.code.desc())
    return [_round(row) for row in rows]


def open_rounds(today: date) -> list[Round]:
    """The rounds that take ballots on `today`, newest first."""
    return [r for r in list_rounds() if r.status == rules.OPEN and r.opens_on <= today <= r.closes_on]


def mark_open(code: str, *, public_key: bytes, now: datetime, actor: str = "") -> None:
    """From draft to open, with the key ballots will be sealed to; recorded where somebody signed in did it."""

    def record() -> None:
        if actor:
            audit.record(actor=actor, action="round.open", subject=f"rounds/{code}", now=now)

    _move(code, rules.OPEN, record, public_key=public_key, opened_at=as_utc(now))


def mark_closed(
    code: str, *, amendments: Sequence[Mapping[str, str]], now: datetime, first: Callable[[], None] = lambda: None
) -> None:
    """From open to closed; `amendments`, added to those said before, tell what differs from the published plan.

    `first` runs in the same transaction: what it stores is in the box before it is shut, what it raises keeps it open.
    """

    def say_and_first() -> None:
        amend(code, *amendments)
        first()

    _move(code, rules.CLOSED, say_and_first, closed_at=as_utc(now))


def amend(code: str, *amendments: Mapping[str, str]) -> None:
    """Inside a write: say in public what differs from the published plan; nothing said is ever taken back."""
    row = row_of(code)
    said = [*json.loads(row.amendments), *(dict(one) for one in amendments)]
    text = json.dumps(said, ensure_ascii=False)
    EvaluationRound.update(amendments=text).where(EvaluationRound.id == row.id).execute()


def mark_published(code: str, *, now: datetime) -> None:
    """From closed to published."""
    _move(code, rules.PUBLISHED, published_at=as_utc(now))


def record_step(code: str, step: str, *, actor: str, now: datetime) -> None:
    """Write down a step that changes no row."""
    with write():
        audit.record(actor=actor, action=f"round.{step}", subject=f"rounds/{code}", now=now)


def require_still_open(round_: Round, today: date) -> None:
    """Inside a write: the round may have been closed or paused since it was read. Raises RoundClosed, RoundPaused."""
    [(status,)] = EvaluationRound.select(EvaluationRound.status).where(EvaluationRound.id == round_.row).tuples()
    replace(round_, status=status, paused=_pause_of(round_.row)).require_rating_time(today)


def require_public_key(round_: Round) -> bytes:
    """The key that ballots of an open round are sealed to. Raises RoundNotYetOpen for a draft."""
    if round_.public_key is None:
        raise rules.RoundNotYetOpen(opens_on=round_.opens_on)
    return round_.public_key


def _move(code: str, to: str, first: Callable[[], None] = lambda: None, **changes: object) -> None:
    with write():
        row = row_of(code)
        rules.require_move(row.status, to)
        first()
        EvaluationRound.update(status=to, **changes).where(EvaluationRound.id == row.id).execute()


def as_utc(now: datetime) -> datetime:
    """As stored: UTC without an offset."""
    return now.astimezone(UTC).replace(tzinfo=None)


def row_of(code: str) -> EvaluationRound:
    """The row of a round, for the store alone. Raises RoundUnknown."""
    row = EvaluationRound.get_or_none(code=code)
    if row is None:
        raise rules.RoundUnknown(round=code)
    return row


def _round(row: EvaluationRound) -> Round:
    units = _units(row.id) if row.status == rules.DRAFT else _frozen_units(str(database.database), row.id)
    void = dict(VoidUnit.select(VoidUnit.unit, VoidUnit.reason).join(RoundUnit).where(RoundUnit.round == row).tuples())
    return Round(
        row=row.id,
        code=row.code,
        name=row.name,
        instrument=row.instrument,
        status=row.status,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        method_toml=bytes(row.method_toml),
        method_sha256=row.method_sha256,
        amendments=tuple(json.loads(row.amendments)),
        public_key=bytes(row.public_key) if row.public_key else None,
        units=tuple(unit for unit in units if unit.row not in void),
        paused=_pause_of(row.id),
        void_units=tuple((unit, void[unit.row]) for unit in units if unit.row in void),
    )


def _pause_of(row: int) -> str:
    found = RoundPause.get_or_none(RoundPause.round == row)
    return str(found.reason) if found else ""


@lru_cache(maxsize=64)
def _frozen_units(_database_file: str, row: int) -> tuple[RatedUnit, ...]:
    """The units of an opened round never change, so they are read once per process."""
    return _units(row)


def _units(row: int) -> tuple[RatedUnit, ...]:
    units = RoundUnit.select().where(RoundUnit.round == row).order_by(RoundUnit.slug)
    return tuple(RatedUnit(u.slug, u.zh, u.class_code, u.parent_slug, json.loads(u.sizes), u.id) for u in units)
