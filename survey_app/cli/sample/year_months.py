"""Everyday ratings of a year: visit codes handed out, most of them used, months settled when they are over."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from survey_app.casework.rules import clocks_of
from survey_app.cli.sample.days import noon
from survey_app.config import Keys, Settings
from survey_app.domain import everyday
from survey_app.domain.everyday import Rating
from survey_app.exports.frozen import SNAPSHOT
from survey_app.jobs.everyday import close_month
from survey_app.publishing.revisions import revising
from survey_app.publishing.services import find_service
from survey_app.store import everyday as store
from survey_app.store import visits

SEED, UNITS, CODES = "everyday", 6, 30
BY = "demo-sun"


def live(
    settings: Settings, keys: Keys, today: date, progress: Callable[[str], None], *, scale: float, months: int
) -> None:
    """The last `months` months that are over, settled, and the one that runs; each from where a kill left it."""
    running = everyday.month_of(today)
    for back in range(months, -1, -1):
        month = everyday.months_after(running, -back)
        if _is_published(month, settings):
            continue
        progress(month)
        if not (settings.rounds / everyday.round_code(month) / SNAPSHOT).is_dir():
            _rate(month, settings, keys, today, scale)
        over = everyday.codes_until(month) + timedelta(days=1)
        if over <= today:
            close_month(month, settings, noon(over), by=BY)


def _is_published(month: str, settings: Settings) -> bool:
    return (settings.pages / "results" / everyday.round_code(month) / "manifest.json").is_file()


def _rate(month: str, settings: Settings, keys: Keys, today: date, scale: float) -> None:
    first, last = everyday.first_week(month), min(everyday.ends_on(month), today)
    begun = visits.issued_by_unit(month)
    for unit, procedure in _services(settings):
        if unit in begun:
            continue
        chance = random.Random(f"{SEED}|{month}|{unit}")
        count = max(12, round(CODES * scale))
        codes = visits.issue_visit_codes(
            service=(unit, procedure),
            month=month,
            count=count,
            min_n=10,
            keys=keys,
            today=first,
            by=BY,
            now=noon(first),
        )
        quality = random.Random(f"{SEED}|{unit}").uniform(0.5, 0.95)
        for code in codes[: round(count * chance.uniform(0.75, 0.95))]:
            day = first + timedelta(days=chance.randrange((last - first).days + 1))
            _rate_once(unit, procedure, code, day, quality, chance, settings, keys)


def _rate_once(
    unit: str,
    procedure: str,
    code: str,
    day: date,
    quality: float,
    chance: random.Random,
    settings: Settings,
    keys: Keys,
) -> None:
    service = find_service(settings, unit, procedure, day)
    kept = {slug: "kept" if chance.random() < quality else "broken" for slug in service.procedures}
    level = 5 if chance.random() < quality else chance.choice((4, 3, 2))
    store.rate_service(
        Rating(unit, procedure, level, kept=kept),
        procedures=service.procedures,
        code=code,
        form_nonce=f"{chance.getrandbits(128):032x}",
        keys=keys,
        clocks=clocks_of(settings),
        now=noon(day),
        today=day,
    )


def _services(settings: Settings) -> Iterator[tuple[str, str]]:
    """The first matter of each of some units, in the order of their slugs."""
    book = revising.book_of(settings)
    found = [(page.unit, book.procedures_of(page.unit)) for page in sorted(book.live_units, key=lambda page: page.unit)]
    return iter([(unit, pages[0].slug) for unit, pages in found if pages][:UNITS])
