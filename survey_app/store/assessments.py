"""Readings of assessments: only ever added; what two people typed alike is what holds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby

from survey_app.domain import assessments as rules
from survey_app.domain.assessments import Reading, ReasonMissing
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import AssessmentReading

FIRST, AGREED, DIFFER = "first", "agreed", "differ"


@dataclass(frozen=True)
class Assessment:
    """A settled assessment of a body in a year."""

    unit: str
    body: str
    year: int
    reading: Reading


@dataclass(frozen=True)
class Standing:
    """Where a body's year stands: what holds, and who typed a reading that still waits."""

    unit: str
    body: str
    year: int
    reading: Reading | None
    waiting: tuple[tuple[str, Reading], ...]

    @property
    def differs(self) -> bool:
        """Whether two people have read it differently."""
        return len(self.waiting) > 1


@dataclass(frozen=True)
class Entry:
    """A reading as it comes in. `mark`: a form sent twice is one reading."""

    unit: str
    body: str
    year: int
    reading: Reading
    by: str
    mark: str
    reason: str = ""


def enter(entry: Entry, now: datetime) -> tuple[str, list[str]]:
    """Keep a reading; FIRST, AGREED or DIFFER, and then what the readings do not agree on. Raises ReasonMissing."""
    with write():
        if not AssessmentReading.select().where(AssessmentReading.form_mark == entry.mark).exists():
            _keep(entry, now)
        found = standing(entry.unit, entry.body, entry.year)
    others = [reading for who, reading in found.waiting if who != entry.by]
    if not found.waiting:
        return AGREED, []
    return (DIFFER, entry.reading.differs(others[-1])) if others else (FIRST, [])


def _keep(entry: Entry, now: datetime) -> None:
    if standing(entry.unit, entry.body, entry.year).reading and not entry.reason:
        raise ReasonMissing
    at = now.astimezone(UTC).replace(tzinfo=None)
    place = {"unit_slug": entry.unit, "body": entry.body, "year": entry.year}
    told = {"counts": json.dumps(asdict(entry.reading), sort_keys=True), "reason": entry.reason}
    AssessmentReading.insert(**place, **told, read_by=entry.by, read_at=at, form_mark=entry.mark).execute()
    subject = f"{entry.unit}/{entry.body}/{entry.year}"
    audit.record(actor=entry.by, action="assessment.read", subject=subject, now=now)


def standing(unit: str, body: str, year: int) -> Standing:
    """One body's year; empty where nobody has typed anything."""
    here = (AssessmentReading.unit_slug == unit) & (AssessmentReading.body == body) & (AssessmentReading.year == year)
    found = list(_standings(AssessmentReading.select().where(here)))
    return found[0] if found else Standing(unit, body, year, None, ())


def standings() -> list[Standing]:
    """All bodies and years, the latest year first."""
    found = list(_standings(AssessmentReading.select()))
    return sorted(found, key=lambda one: (-one.year, one.unit, one.body))


def settled_in(year: int) -> list[Assessment]:
    """What holds for this year, by unit."""
    found = _standings(AssessmentReading.select().where(AssessmentReading.year == year))
    return [Assessment(one.unit, one.body, one.year, one.reading) for one in found if one.reading]


def _standings(rows: "Sequence[AssessmentReading]") -> Iterator[Standing]:
    def place(row: AssessmentReading) -> tuple[str, str, int]:
        return row.unit_slug, row.body, row.year

    for (unit, body, year), group in groupby(sorted(rows, key=lambda row: (*place(row), row.id)), key=place):
        agreed, waiting = rules.settled([(row.read_by, Reading(**json.loads(row.counts))) for row in group])
        yield Standing(unit, body, year, agreed, tuple(waiting))
