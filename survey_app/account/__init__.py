"""Accounts: sign in, second factor, own password; the administrator's list of accounts."""

from flask import Flask

from survey_app.account import events, own, people, second, security, views
from survey_app.account.pages import blueprint, title_of
from survey_app.account.sources import Sources

__all__ = ["blueprint", "events", "own", "people", "register", "second", "views"]


def register(app: Flask) -> None:
    """Who is here, on top of the sessions and doors of `web`."""
    app.config["UNIT_TITLE"] = title_of
    app.extensions["pingyi_sources"] = Sources()
    security.register(app)
    app.register_blueprint(blueprint)
