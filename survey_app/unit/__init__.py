"""The unit desk: what a unit publishes, from draft to history."""

from survey_app.unit import (
    attachments,
    case_waits,
    cases,
    cases_told,
    clashes,
    duty,
    editing,
    orders,
    overview,
    papers,
    previews,
    results,
)
from survey_app.unit.desk import blueprint

__all__ = [
    "attachments",
    "blueprint",
    "case_waits",
    "cases",
    "cases_told",
    "clashes",
    "duty",
    "editing",
    "orders",
    "overview",
    "papers",
    "previews",
    "results",
]
