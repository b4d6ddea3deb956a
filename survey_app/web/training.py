"""The mark of a training district on the files that leave it."""

from flask import has_app_context

from survey_app.domain.training import PAPER
from survey_app.web.context import settings
from survey_app.web.language import say


def note() -> str:
    """What stands on top of every Excel and Word of this portal; empty for a real one, and where no app runs."""
    return say(PAPER) if has_app_context() and settings().training else ""
