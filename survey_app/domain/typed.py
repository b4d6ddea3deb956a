"""What people type into forms: kept exactly, or refused with the place where it cannot be kept."""

import re
import unicodedata

from survey_app.domain.errors import N_, Refusal

MAX_LINE, MAX_TEXT, MAX_ROWS = 2_000, 20_000, 200
# Control signs, signs without a place in Unicode, and signs that turn the direction of what stands around them:
# nobody sees them, and a name could be made to look like another. Joiners (200C, 200D) are part of scripts and emoji.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
)


class Unseen(Refusal):
    code, status = "unseen-sign", 422
    message = N_("第%(place)s个字是看不见的控制符（%(sign)s），存不了。请删去这里，重新打一遍。")


class TooLong(Refusal):
    code, status = "text-too-long", 422
    message = N_("写了%(count)s个字，最多%(most)s个，请删去%(over)s个。")


class TooManyRows(Refusal):
    code, status = "too-many-rows", 422
    message = N_("有%(count)s行，最多%(most)s行。请合并或删去一些。")


def tidy_text(typed: str) -> str:
    """Line ends of any system as one sign, no blank at either end; nothing else is changed."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def require_plain(text: str, *, most: int = MAX_TEXT) -> None:
    """Raises Unseen or TooLong."""
    if found := _UNSEEN.search(text):
        sign = f"U+{ord(found[0]):04X}"
        raise Unseen(place=found.start() + 1, sign=unicodedata.name(found[0], sign))
    if len(text) > most:
        raise TooLong(count=len(text), most=most, over=len(text) - most)


def require_all_plain(value: object) -> None:
    """The same for every text in data of any depth."""
    if isinstance(value, str):
        require_plain(value)
    elif isinstance(value, dict):
        for key, part in value.items():
            require_plain(str(key))
            require_all_plain(part)
    elif isinstance(value, list):
        for part in value:
            require_all_plain(part)


def require_rows(count: int, *, most: int = MAX_ROWS) -> None:
    """Raises TooManyRows."""
    if count > most:
        raise TooManyRows(count=count, most=most)
