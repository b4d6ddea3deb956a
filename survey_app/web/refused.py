"""Wrong doors are written down: who tried what. Once a person, route and minute, so that nobody floods the log."""

import logging

from flask import Flask, current_app, request

from survey_app.store import audit
from survey_app.store.database import StorageUnavailable, write
from survey_app.web.context import now
from survey_app.web.once import Once
from survey_app.web.people import person

REFUSED = "door.refused"
_log = logging.getLogger("pingyi.doors")


def register(app: Flask) -> None:
    """A memory of this minute for each process."""
    app.extensions["pingyi_refused"] = Once()


def note_refused(code: str) -> None:
    """Write down that the person of this request was refused. The route stands there, never what was in the address."""
    who, rule = person(), request.url_rule.rule if request.url_rule else ""
    noted: Once = current_app.extensions["pingyi_refused"]
    if who is None or not noted.is_new(who.username, request.method, rule, at=now()):
        return
    try:
        with write():
            detail = {"method": request.method, "code": code}
            audit.record(actor=who.username, action=REFUSED, subject=rule, detail=detail, now=now())
    except StorageUnavailable:
        _log.warning("%s was refused at %s %s; the event could not be stored", who.username, request.method, rule)
