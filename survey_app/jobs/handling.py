"""The public page of handling figures: written for every month that is over, the night after it."""

from datetime import date, datetime

from survey_app.casework import figures
from survey_app.config import Settings
from survey_app.domain.workdays import add_months
from survey_app.exports.everyday import min_n_of
from survey_app.jobs.everyday import local_day, method_of
from survey_app.publishing.book import Book
from survey_app.publishing.handling import handling_path, publish_handling
from survey_app.publishing.pages import read_pages
from survey_app.store.case_histories import first_closed


def publish_due(settings: Settings, now: datetime) -> list[str]:
    """Write the pages of months that are over and have none; returns the months. Raises YearUnknown, MethodMissing.

    A closed case does not change, so a page once written stands.
    """
    first = first_closed()
    if first is None:
        return []
    due = [month for month in _months(first, local_day(settings, now)) if not _is_there(settings, month)]
    for month in due:
        _publish(settings, month)
    return due


def _publish(settings: Settings, month: str) -> None:
    min_n, book = min_n_of(method_of(settings)), Book(read_pages(settings.pages))
    handled = figures.handled_in(month, settings)
    units, kinds = figures.public_rows(handled, min_n, book.unit_title)
    excluded = figures.public_exclusions(handled)
    publish_handling(settings.pages, month=month, min_n=min_n, units=units, kinds=kinds, excluded=excluded)


def _months(first: date, today: date) -> list[str]:
    """From the month of `first` to the last one that is over on `today`."""
    found, day = [], first.replace(day=1)
    while add_months(day, 1) <= today:
        found.append(f"{day:%Y-%m}")
        day = add_months(day, 1)
    return found


def _is_there(settings: Settings, month: str) -> bool:
    return (settings.pages / handling_path(month)).is_file()
