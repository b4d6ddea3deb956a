"""The optional words a citizen may add after rating."""

import re
import unicodedata

from survey_app.domain.errors import N_, Refusal

MAX_CHARACTERS = 300


class WordsMissing(Refusal):
    code, status = "words-missing", 422
    message = N_("还没有写字。不想写可以直接离开，评议已经存好。")


class WordsTooLong(Refusal):
    code, status = "words-long", 422
    message = N_("意见写了%(count)s个字，最多300个，请删去%(over)s个。")


class WordsNameSomeone(Refusal):
    code, status = "words-pii", 422
    message = N_("意见里有一串像手机号或身份证号的数字（%(start)s开头）。请删去，以免别人认出您。")


class WordsAlreadyGiven(Refusal):
    code, status = "words-given", 409
    message = N_("这份评议已经留过话了，每份评议只能留一次。")


# An 11-digit mobile number or an 18-sign citizen number, with the spaces and dashes people put in them.
_MOBILE = r"1[ -]?[3-9]\d(?:[ -]?\d){8}"
_CITIZEN = r"\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx]"
_PERSONAL = re.compile(rf"(?:(?<!\d)|(?<=\+86)|(?<=0086))({_MOBILE}|{_CITIZEN})(?!\d)")


def parse_words(typed: str) -> str:
    """The words to keep. Raises a Refusal when they are missing, too long or carry a personal number."""
    words = typed.replace("\r\n", "\n").strip()
    if not words:
        raise WordsMissing
    if len(words) > MAX_CHARACTERS:
        raise WordsTooLong(count=len(words), over=len(words) - MAX_CHARACTERS)
    return require_nobody_named(words)


def require_nobody_named(words: str) -> str:
    """The words, if no mobile or citizen number stands in them. Raises WordsNameSomeone."""
    if found := _PERSONAL.search(unicodedata.normalize("NFKC", words)):
        raise WordsNameSomeone(start=found[1][:3])
    return words
