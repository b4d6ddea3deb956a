"""Places in a prepared text that are still to be written: 【请写……】. What holds one is neither sent nor published."""

import re

from survey_app.domain.errors import N_, Refusal

_BLANK = re.compile("【请[^】\n]{0,80}】?")


class BlankLeft(Refusal):
    code, status = "blank-left", 422
    message = N_("“%(blank)s”这里还没有写。请写上，或整句删去。")


def blank(words: str) -> str:
    """A place to be written."""
    return f"【请{words}】"


def first_blank(text: str) -> str:
    """The first place that is still to be written, or nothing."""
    found = _BLANK.search(text)
    return found[0] if found else ""


def require_filled(text: str) -> None:
    """Raises BlankLeft."""
    if left := first_blank(text):
        raise BlankLeft(blank=left)
