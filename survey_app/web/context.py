"""What a view asks the running app: settings, secrets, the time."""

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, request

from survey_app.config import Keys, Settings


def settings() -> Settings:
    """The frozen settings of this portal."""
    return cast(Settings, current_app.config["SETTINGS"])


def keys() -> Keys:
    """The server's secrets."""
    return cast(Keys, current_app.config["KEYS"])


def stays_on_https() -> bool:
    """Whether cookies of this answer are for https alone."""
    return settings().https or request.is_secure


def now() -> datetime:
    """The instant, in UTC."""
    return cast(datetime, current_app.config["CLOCK"]())


def today() -> date:
    """The day on the wall calendar of the district."""
    return now().astimezone(ZoneInfo(settings().timezone)).date()
