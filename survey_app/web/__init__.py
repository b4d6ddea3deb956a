"""What every page needs: doors, headers, language, errors, files."""

from flask import Flask

from survey_app.web import doors, errors, headers, language, look, looking, people, refused, sessions, tables
from survey_app.web.files import site
from survey_app.web.prefix import mount

__all__ = ["mount", "register", "site"]


def register(app: Flask) -> None:
    """Wire the parts that belong to no audience."""
    language.register(app)
    look.register(app)
    sessions.register(app)
    people.register(app)
    doors.register(app)
    refused.register(app)
    looking.register(app)
    headers.register(app)
    errors.register(app)
    tables.register(app)  # last: its answer is the first of those that go through the others
