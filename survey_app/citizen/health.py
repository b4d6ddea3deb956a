"""For the operator's monitor: whether a ballot could be stored now."""

import shutil
import threading
import time
from dataclasses import dataclass, field

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from survey_app.citizen.pages import blueprint
from survey_app.store.database import StorageUnavailable, try_write
from survey_app.web.context import settings
from survey_app.web.doors import door

MIN_FREE_BYTES = 50 * 1024 * 1024
TRUSTED_S = 2.0  # everybody may ask; the disk is asked at most this often


@dataclass
class _Trial:
    """The last trial write of this process."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    at: float = 0.0
    stored: bool = False

    def run(self) -> bool:
        """Write and commit once, unless that has just been done."""
        with self.turn:
            if not self.at or time.monotonic() - self.at > TRUSTED_S:
                self.stored = _stores()
                self.at = time.monotonic()
            return self.stored


@blueprint.get("/health")
@door("public")
def health() -> ResponseReturnValue:
    """200 where the database takes a write and the disk has room, else 503 and the reason."""
    free = shutil.disk_usage(settings().var).free
    stored = current_app.extensions.setdefault("trial-write", _Trial()).run()
    status = "not-stored" if not stored else "disk-full" if free < MIN_FREE_BYTES else "ok"
    return jsonify(status=status, free_mib=free // 2**20), 200 if status == "ok" else 503


def _stores() -> bool:
    try:
        try_write()
    except StorageUnavailable:
        return False
    return True
