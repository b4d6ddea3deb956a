"""The office: the verbs of a round, and the pages for rounds, codes, paper cards and the telephone."""

from survey_app.office import (
    codes_views,
    opening_views,
    paper_views,
    phone_views,
    plan_views,
    rounds_views,
    running_views,
)
from survey_app.office.desk import blueprint

__all__ = [
    "blueprint",
    "codes_views",
    "opening_views",
    "paper_views",
    "phone_views",
    "plan_views",
    "rounds_views",
    "running_views",
]
