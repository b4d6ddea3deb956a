"""The office: the verbs of a round; pages for rounds, cases, codes, paper cards, the telephone; the sealed inbox."""

from survey_app.office import (
    cases,
    cases_told,
    closing_views,
    closing_waits,
    codes_views,
    everyday_views,
    objection_views,
    opening_views,
    paper_views,
    phone_views,
    plan_views,
    publish_views,
    rounds_views,
    running_views,
    sealed_views,
    start,
    steps,
)
from survey_app.office.desk import blueprint

__all__ = [
    "blueprint",
    "cases",
    "cases_told",
    "closing_views",
    "closing_waits",
    "codes_views",
    "everyday_views",
    "objection_views",
    "opening_views",
    "paper_views",
    "phone_views",
    "plan_views",
    "publish_views",
    "rounds_views",
    "running_views",
    "sealed_views",
    "start",
    "steps",
]
