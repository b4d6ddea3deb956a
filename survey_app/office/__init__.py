"""The office: the verbs of a round, and the pages for issuing codes, typing paper cards and asking by telephone."""

from survey_app.office import codes_views, paper_views, phone_views, steps
from survey_app.office.desk import blueprint

__all__ = ["blueprint", "codes_views", "paper_views", "phone_views", "steps"]
