"""Pages of one unit that nobody has looked at for a while: what the lists of late pages are for."""

import re
from datetime import date, timedelta

from survey_app.config import Settings
from survey_app.files import alone_in, write_if_changed

LATE_UNIT, HOW_MANY = "shebao", 2


def live(settings: Settings, today: date) -> None:
    """Let the day on which two guides should have been checked pass, as a hand in the files would."""
    folder = settings.pages / "units" / LATE_UNIT / "procedures"
    with alone_in(settings.pages):
        for number, file in enumerate(sorted(folder.glob("*.md"))[:HOW_MANY]):
            due = today - timedelta(days=40 + 30 * number)
            text = _dated(file.read_text("utf-8"), "review_by", due)
            write_if_changed(file, _dated(text, "version_on", due - timedelta(days=180)).encode())


def _dated(text: str, key: str, day: date) -> str:
    return re.sub(rf"^{key}: .*$", f"{key}: '{day}'", text, count=1, flags=re.MULTILINE)
