"""Citizens and enterprises: rate units, keep a receipt, change the rating until the round closes."""

from survey_app.citizen import entry, health, receipt, views
from survey_app.citizen.pages import blueprint

__all__ = ["blueprint", "entry", "health", "receipt", "views"]
