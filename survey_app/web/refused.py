"""Wrong doors are written down: who tried what. Once a person, route and minute, so that nobody floods the log."""

import logging
from datetime import datetime

from flask import Flask, current_app, request

from survey_app.store import audit
from survey_app.store.database import StorageUnavailable, write
from survey_app.web.context import now
from survey_app.web.people import person

REFUSED = "door.refused"
_log = logging.getLogger("pingyi.doors")


class Noted:
    """What this process has written down within the minute; nothing older is remembered."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._known: set[tuple[str, str, str]] = set()

    def is_new(self, username: str, method: str, rule: str, at: datetime) -> bool:
        """Whether it has not been noted within this minute; from now on it is."""
        minute = at.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._known = minute, set()
        one = (username, method, rule)
        new = one not in self._known
        self._known.add(one)
        return new


def register(app: Flask) -> None:
    """A memory of this minute for each process."""
    app.extensions["pingyi_refused"] = Noted()


def note_refused(code: str) -> None:
    """Write down that the person of this request was refused. The route stands there, never what was in the address."""
    who, rule = person(), request.url_rule.rule if request.url_rule else ""
    noted: Noted = current_app.extensions["pingyi_refused"]
    if who is None or not noted.is_new(who.username, request.method, rule, now()):
        return
    try:
        with write():
            detail = {"method": request.method, "code": code}
            audit.record(actor=who.username, action=REFUSED, subject=rule, detail=detail, now=now())
    except StorageUnavailable:
        _log.warning("%s was refused at %s %s; the event could not be stored", who.username, request.method, rule)
