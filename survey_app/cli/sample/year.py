"""A year of simulated life: rounds in every state, ratings of every month, cases, orders; each made by its own verb.

Every part looks first whether it is there, so that an interrupted run goes on and a second one changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from survey_app.cli.sample import year_cases, year_months, year_orders, year_pages, year_rounds
from survey_app.config import Keys, Settings
from survey_app.domain.errors import N_

Progress = Callable[[str], None]
MONTHS = 11  # and the one that runs: twelve


def live_a_year(
    settings: Settings, keys: Keys, progress: Progress, *, scale: float = 1.0, months: int = MONTHS
) -> None:
    """Make what is absent of the year up to today. `scale` shrinks the number of people."""
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    progress(N_("好差评，一个月一个月"))
    year_months.live(settings, keys, today, progress, scale=scale, months=months)
    progress(N_("各种情况的评议轮次"))
    year_rounds.live(year_rounds.Stage(settings, keys, today, progress, scale))
    progress(N_("办件"))
    year_cases.live(settings, keys, today)
    year_pages.live(settings, today)
    progress(N_("督查件、民主测评、督查发现、年终考核"))
    year_orders.live(settings, today)
