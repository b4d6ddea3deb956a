"""What every page needs: doors, headers, language, errors, files."""

from flask import Flask

from survey_app.web import doors, errors, headers, language, look
from survey_app.web.files import site

__all__ = ["register", "site"]


def register(app: Flask) -> None:
    """Wire the parts that belong to no audience."""
    language.register(app)
    look.register(app)
    doors.register(app)
    headers.register(app)
    errors.register(app)
