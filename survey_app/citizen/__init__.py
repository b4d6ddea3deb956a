"""Citizens and enterprises: rate units, keep a receipt, change the rating until the round closes."""

from survey_app.citizen import cases_following, entry, health, receipt, views
from survey_app.citizen.pages import blueprint

__all__ = ["blueprint", "cases_following", "entry", "health", "receipt", "views"]
