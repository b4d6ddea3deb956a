"""The office: the verbs of a round, and the pages for issuing codes, typing paper cards and asking by telephone."""

from survey_app.office import codes_views, downloads_views, offers, paper_views, phone_views, scores, start
from survey_app.office.desk import blueprint

__all__ = ["blueprint", "codes_views", "downloads_views", "offers", "paper_views", "phone_views", "scores", "start"]
