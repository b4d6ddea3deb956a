"""Citizens and enterprises: rate a unit, keep a receipt, change the rating until the round closes."""

from survey_app.citizen.views import blueprint

__all__ = ["blueprint"]
