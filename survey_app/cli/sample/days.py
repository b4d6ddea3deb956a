"""When things happen in the simulated district."""

from datetime import UTC, date, datetime, timedelta


def noon(day: date, days_later: int = 0) -> datetime:
    """Noon in China of a day, or of one so many days later."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(days=days_later)
