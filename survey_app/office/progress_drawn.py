"""The counts of a running round as bars: codes used of issued of planned, ballots by week. Never what a ballot says."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from survey_app.office.progress import Count, Progress
from survey_app.web import charts
from survey_app.web.charts import Bar

WEEK = timedelta(days=7)


def drawn(found: Progress) -> dict[str, list[Bar]]:
    """Bars by group, channel (paper is one), unit and week; of many units those whose codes are used least."""
    units = charts.worst(_known(found.by_unit), key=_used_share)
    return {
        "by_group": [_bar(one) for one in _known(found.by_group)],
        "by_channel": [_bar(one) for one in _known(found.by_channel)],
        "by_unit": [_bar(one) for one in units],
        "by_week": _weeks(found.by_week),
    }


def _known(rows: Sequence[Count]) -> list[Count]:
    """Without those that have neither codes nor a plan."""
    return [one for one in rows if one.issued or one.planned]


def _used_share(one: Count) -> Fraction:
    return Fraction(one.used, one.issued) if one.issued else Fraction(0)


def _bar(one: Count) -> Bar:
    """Each as long as its own plan, or as its codes where more were issued: shares are compared, not sizes."""
    figures = (("planned", one.planned), ("issued", one.issued), ("used", one.used))
    return charts.overlaid(one, figures, max(one.planned, one.issued))


def _weeks(by_week: Sequence[tuple[date, int]]) -> list[Bar]:
    """From the first week to the last; a week without a ballot has its place."""
    counts = dict(by_week)
    if not counts:
        return []
    days = range((max(counts) - min(counts)).days // 7 + 1)
    weeks = [min(counts) + number * WEEK for number in days]
    most = max(counts.values())
    return [
        charts.overlaid((week, count), [("used", count)], most) for week in weeks for count in [counts.get(week, 0)]
    ]
