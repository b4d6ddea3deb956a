"""Prepared texts for answers, from site/answers.toml: a district changes them without a program."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.domain.blanks import first_blank, require_filled
from survey_app.domain.errors import N_, BadInput, Refusal

FILE = "answers.toml"


class NotEdited(Refusal):
    code, status = "answer-not-edited", 422
    message = N_("这还是底稿，一个字没有改，没有发出。请写上这件事的情况。")


@dataclass(frozen=True)
class AnswerText:
    """One prepared text: for which kinds of case, its name in both languages, its words with places to be written."""

    code: str
    kinds: frozenset[str]
    zh: str
    en: str
    words: str


def answer_texts(settings: Settings, kind: str) -> tuple[AnswerText, ...]:
    """The texts for this kind of case, in the file's order; read again when it changes. Raises BadInput."""
    file = settings.home / "site" / FILE
    return tuple(text for text in _read(file, file.stat().st_mtime_ns) if kind in text.kinds)


def require_edited(words: str, texts: Iterable[AnswerText]) -> None:
    """Raises NotEdited for a prepared text sent as it is, BlankLeft for one with a place still to be written."""
    if any(_plain(words) == _plain(text.words) for text in texts):
        raise NotEdited
    require_filled(words)


def _plain(words: str) -> str:
    return "".join(words.split())


@lru_cache(maxsize=4)
def _read(file: Path, _stamp: int) -> tuple[AnswerText, ...]:
    try:
        texts = tuple(_text(entry) for entry in tomllib.loads(file.read_text("utf-8"))["text"])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(file=FILE, problem=N_("读不懂：%(detail)s。"), detail=str(error)) from error
    for text in texts:
        if not first_blank(text.words):
            raise BadInput(
                file=FILE, problem=N_("“%(title)s”里没有要写的地方（【请……】），会被原样发出去。"), title=text.zh
            )
    return texts


def _text(entry: Mapping[str, Any]) -> AnswerText:
    names = (str(entry[name]) for name in ("zh", "en", "words"))
    return AnswerText(str(entry["code"]), frozenset(entry["kinds"]), *(name.strip() for name in names))
