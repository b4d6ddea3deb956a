"""The office: the verbs of a round; pages for codes, paper cards, the telephone; the sealed inbox."""

from survey_app.office import codes_views, paper_views, phone_views, sealed_views
from survey_app.office.desk import blueprint

__all__ = ["blueprint", "codes_views", "paper_views", "phone_views", "sealed_views"]
