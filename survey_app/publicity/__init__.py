"""The publicity office: approves what units propose, watches that it stays right, and keeps the list of units."""

from survey_app.publicity import reviewing, units, watching
from survey_app.publicity.office import blueprint

__all__ = ["blueprint", "reviewing", "units", "watching"]
