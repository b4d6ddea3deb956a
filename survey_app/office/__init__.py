"""The office: the verbs of a round; pages for rounds, cases, codes, paper cards, the telephone; the sealed inbox."""

from survey_app.office import (
    cases,
<<<<<<< HEAD
    cases_told,
=======
    closing_views,
>>>>>>> w7b
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
<<<<<<< HEAD
    start,
=======
    steps,
>>>>>>> w7b
)
from survey_app.office.desk import blueprint

__all__ = [
    "blueprint",
    "cases",
<<<<<<< HEAD
    "cases_told",
=======
    "closing_views",
>>>>>>> w7b
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
<<<<<<< HEAD
    "start",
=======
    "steps",
>>>>>>> w7b
]
