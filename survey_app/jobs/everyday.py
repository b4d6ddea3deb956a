"""A month of everyday ratings: frozen, counted, put on the pages; each step can be run again where it broke off."""

import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from survey_app.config import Settings, load_keys
from survey_app.domain import everyday
from survey_app.domain.errors import N_, Refusal
from survey_app.exports import analysis
from survey_app.exports.everyday import JOURNAL, NamedUnit, min_n_of, write_month, write_words
from survey_app.exports.frozen import SNAPSHOT
from survey_app.publishing.keptrates import publish_kept_rates
from survey_app.publishing.pages import read_pages
from survey_app.publishing.render import render_pages
from survey_app.store import everyday as store
from survey_app.store.database import rewrite

METHOD = Path("about") / "everyday-method.toml"
FOLDERS, NIGHT = "everyday-*", "night"


class NothingRated(Refusal):
    code, status = "nothing-rated", 409
    message = N_("%(month)s没有收到评价，没有可以结算的。")


class MethodMissing(Refusal):
    code, status = "everyday-method", 409
    message = N_("找不到好差评的统计办法：%(file)s。请从安装包的site/pages/about/里放回去。")


def close_month(month: str, settings: Settings, now: datetime, by: str = NIGHT) -> Path:
    """Freeze, count and put on the pages one month; the site is built by the caller. Returns the month's folder.

    Raises MonthNotOver, NothingRated, MethodMissing, AnalysisRefused, WrongEverydayKey.
    """
    today = local_day(settings, now)
    everyday.require_over(month, today)
    folder = settings.rounds / everyday.round_code(month)
    if not (folder / SNAPSHOT).exists() and not store.count_ratings(month):
        raise NothingRated(month=month)
    _freeze(month, folder, settings, by, now)
    analysis.compute(folder)
    analysis.publish(folder, settings.pages, published_on=today.isoformat())
    if publish_kept_rates(settings.pages, month):
        render_pages(settings.pages)
    return folder


def close_due(settings: Settings, now: datetime) -> list[str]:
    """Close every month that is over and not yet on the pages, oldest first; returns the months."""
    today = local_day(settings, now)
    waiting = {*store.months_with_ratings(), *_frozen_only(settings)}
    due = [month for month in sorted(waiting) if everyday.is_over(month, today)]
    for month in due:
        close_month(month, settings, now)
    return due


def forget_old(settings: Settings, now: datetime) -> None:
    """What the form promises: the rows of a month go after two years; results stay."""
    this = everyday.month_of(local_day(settings, now))
    oldest = everyday.round_code(everyday.months_after(this, -everyday.FROZEN_MONTHS))
    for folder in settings.rounds.glob(FOLDERS):
        if folder.name < oldest and _is_published(settings, folder):
            shutil.rmtree(folder)


def method_of(settings: Settings) -> bytes:
    """The method file, which stands among the public pages. Raises MethodMissing."""
    for file in (settings.pages / METHOD, settings.home / "site" / "pages" / METHOD):
        if file.is_file():
            return file.read_bytes()
    raise MethodMissing(file=METHOD)


def local_day(settings: Settings, now: datetime) -> date:
    """The day on the wall calendar of the district."""
    return now.astimezone(ZoneInfo(settings.timezone)).date()


def _freeze(month: str, folder: Path, settings: Settings, by: str, now: datetime) -> None:
    """The folder first, then the database: a kill between the two loses nothing and doubles nothing."""
    keys, method = load_keys(settings.keys), method_of(settings)
    write_month(month, folder, method=method, units=_units(settings), keys=keys, accept=analysis.read)
    words = write_words(folder, min_n=min_n_of(method), keys=keys)
    store.delete_month(month, words, by=by, now=now)
    (folder / JOURNAL).unlink(missing_ok=True)
    rewrite()


def _units(settings: Settings) -> dict[str, NamedUnit]:
    pages = [page for page in read_pages(settings.pages) if page.kind == "unit"]
    return {
        page.slug: NamedUnit(page.title, str(page.data.get("class", "")), str(page.data.get("parent", "")))
        for page in pages
    }


def _frozen_only(settings: Settings) -> list[str]:
    """Months that were frozen and then did not get as far as the pages."""
    found = [folder for folder in settings.rounds.glob(FOLDERS) if (folder / SNAPSHOT).is_dir()]
    return [folder.name.removeprefix("everyday-") for folder in found if not _is_published(settings, folder)]


def _is_published(settings: Settings, folder: Path) -> bool:
    return (settings.pages / "results" / folder.name / "manifest.json").is_file()
