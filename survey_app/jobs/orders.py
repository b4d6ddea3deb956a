"""Orders by the clock: a reply that is missing is written down, once for each last day, in whichever process."""

from datetime import datetime
from zoneinfo import ZoneInfo

from survey_app.config import Settings
from survey_app.domain.orders import steps
from survey_app.store import orders


def tick(settings: Settings, now: datetime) -> int:
    """Look at every order that waits for a reply; how many were found late now. Safe to repeat and to kill."""
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    waiting = orders.listed(states=[steps.ISSUED])
    return sum(orders.note_overdue(one.number, now=now, today=today) for one in waiting)
