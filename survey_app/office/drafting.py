"""A computed release is shown to the units it speaks of: from then on it binds every later version."""

from datetime import date, datetime

from survey_app.config import Settings
from survey_app.domain import objections as rules
from survey_app.domain.workdays import read_calendar
from survey_app.office.standing import CorrectionsWait, ReleaseMissing, standing_of
from survey_app.store import drafts
from survey_app.store.drafts import Draft
from survey_app.store.rounds import Round
from survey_app.store.steps import StepRunning


def show(round_: Round, *, by: str, settings: Settings, now: datetime, today: date) -> Draft:
    """Show units their draft for the district's number of working days.

    Raises StepRunning, ReleaseMissing, CorrectionsWait, YearUnknown.
    """
    found = standing_of(round_, settings)
    if found.step and found.is_busy:
        raise StepRunning(step=found.step.words)
    if found.release is None:
        raise ReleaseMissing
    if not found.facts_hold:
        raise CorrectionsWait
    until_on = rules.last_day(today, settings.objection_days, read_calendar(settings.holidays))
    return drafts.show(
        round_,
        digest=found.release.digest,
        version=found.release.version,
        until_on=until_on,
        by=by,
        now=now,
        today=today,
    )
