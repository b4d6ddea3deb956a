"""Looks are written down: who read what somebody wrote. Once a person, thing and hour, without its words."""

import logging

from flask import Flask, current_app

from survey_app.store import audit
from survey_app.store.database import StorageUnavailable, write
from survey_app.web.context import now
from survey_app.web.once import Once
from survey_app.web.people import person

_log = logging.getLogger("pingyi.looks")


def register(app: Flask) -> None:
    """A memory of this hour for each process."""
    app.extensions["pingyi_looks"] = Once(hour=True)


def note_look(action: str, subject: str) -> None:
    """Write down that the person of this request reads this. A full disk does not keep the page from being read."""
    noted: Once = current_app.extensions["pingyi_looks"]
    who = person()
    if who is None or not noted.is_new(who.username, action, subject, at=now()):
        return
    try:
        with write():
            audit.record(actor=who.username, action=action, subject=subject, now=now())
    except StorageUnavailable:
        noted.forget(who.username, action, subject)
        _log.warning("%s read %s; the event could not be stored", who.username, subject)
