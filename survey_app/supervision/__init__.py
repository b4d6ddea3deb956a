"""Supervision (督查): orders, assessments, inspections, field notes; briefs, timeliness, promises, the year's end."""

from survey_app.supervision import (
    assessment_views,
    brief_views,
    disclosure_views,
    inspection_views,
    ledger_offers,
    note_views,
    order_views,
    order_waits,
    own_views,
    promise_views,
    yearend_views,
)
from survey_app.supervision.desk import blueprint

__all__ = [
    "assessment_views",
    "blueprint",
    "brief_views",
    "disclosure_views",
    "inspection_views",
    "ledger_offers",
    "note_views",
    "order_views",
    "order_waits",
    "own_views",
    "promise_views",
    "yearend_views",
]
