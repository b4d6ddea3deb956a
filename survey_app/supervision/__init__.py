"""Supervision (督查): orders and their ledger; assessments, inspections, field notes."""

from survey_app.supervision import (
    assessment_views,
    brief_views,
    disclosure_views,
    inspection_views,
    note_views,
    order_views,
    order_waits,
    yearend_views,
)
from survey_app.supervision.desk import blueprint

__all__ = [
    "assessment_views",
    "blueprint",
    "brief_views",
    "disclosure_views",
    "inspection_views",
    "note_views",
    "order_views",
    "order_waits",
    "yearend_views",
]
