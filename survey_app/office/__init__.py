"""The office: the verbs of a round, and the pages for issuing codes, typing paper cards and asking by telephone."""

from survey_app.office import (
    closing_views,
    codes_views,
    everyday_views,
    objection_views,
    paper_views,
    phone_views,
    publish_views,
    steps,
)
from survey_app.office.desk import blueprint

__all__ = [
    "blueprint",
    "closing_views",
    "codes_views",
    "everyday_views",
    "objection_views",
    "paper_views",
    "phone_views",
    "publish_views",
    "steps",
]
