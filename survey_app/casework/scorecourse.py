"""A unit's scores over the published rounds, drawn: for the office beside its list, for the unit beside its results."""

from collections.abc import Sequence

from survey_app.publishing.scores import CAMPAIGN, Scored
from survey_app.web import charts
from survey_app.web.charts import Point, Trend

MARKS = {"above": "above", "below": "below", "review": "open"}  # as on the site; what awaits a review is hollow


def course(rows: Sequence[Scored]) -> Trend | None:
    """The rounds of one unit, oldest first; None where fewer than two have a score. Everyday ratings are no rounds.

    Two neighbours are joined where the later one's release says that their methods are the same; nothing is compared
    here.
    """
    rounds = sorted(
        (row for row in rows if row.instrument == CAMPAIGN), key=lambda row: (row.closes_on, row.round_code)
    )
    points = [_point(row, before) for row, before in zip(rounds, [None, *rounds], strict=False)]
    return charts.trend({"": points}, charts.scoring(points))


def _point(row: Scored, before: Scored | None) -> Point:
    figures = (row.figures["score"], row.published["score"], row.figures["low"], row.figures["high"])
    joined = before is None or before.round_code in row.comparable
    return Point(row.closes_on[:7], *figures, mark=MARKS.get(row.tier, ""), joined=joined)
