"""Refusals and findings: every way the portal says no, in words for the person it says it to.

The texts here are the Chinese source; whoever answers the person passes the translator of their language to `text`.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Translate = Callable[[str], str]
Level = Literal["error", "warning"]


def N_(text: str) -> str:
    """Mark a text for the English catalogue without translating it here."""
    return text


def day_words(day: date, translate: Translate = str) -> str:
    """A day as people write it: 2026年11月30日."""
    return translate(N_("%(year)s年%(month)s月%(day)s日")) % {"year": day.year, "month": day.month, "day": day.day}


def fill(text: str, params: Mapping[str, object], translate: Translate = str) -> str:
    """`text` in the reader's language with its %(name)s places filled; a text without places is left alone."""
    if not params:
        return translate(text)
    return translate(text) % {name: _word(value, translate) for name, value in params.items()}


def _word(value: object, translate: Translate) -> object:
    if isinstance(value, date):
        return day_words(value, translate)
    return translate(value) if isinstance(value, str) and value else value


class Refusal(Exception):
    """A request that is understood and not carried out: what happened and what to do next.

    `code` is stable and machine-readable, `status` is the HTTP status, `message` the Chinese source text with
    %(name)s places that `params` fill.
    """

    code = "refused"
    status = 400
    message = N_("这一步没有做成，请稍后再试。")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.text())

    def text(self, translate: Translate = str) -> str:
        """The message in the reader's language."""
        return fill(self.message, self.params, translate)


class NothingAnswers(Refusal):
    """A code or receipt of the right shape that is not known: a slip of the eye, or a guess. Limits count it."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one page: `path` from the pages folder, `field` in Chinese, `message` as in Refusal.

    The message says what is wrong and how to mend it, `why` names the rule behind it. Only level "error" stops a
    build; a "warning" is shown. `at` leads into the front matter, such as ("materials", 2, "note"); () is the page.
    """

    path: str
    field: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    level: Level = "error"
    at: tuple[str | int, ...] = ()
    why: str = ""

    def text(self, translate: Translate = str) -> str:
        """The message in the reader's language."""
        return fill(self.message, self.params, translate)

    def reason(self, translate: Translate = str) -> str:
        """The rule behind it in the reader's language; empty where the message says all."""
        return translate(self.why) if self.why else ""


class BadInput(Refusal):
    """A file given to a command cannot be used. Nothing has been written. `problem` has places of its own."""

    code, status = "bad-input", 422
    message = N_("%(file)s：%(problem)s")

    def __init__(self, *, file: str, problem: str, **params: object) -> None:
        self.problem, self.details = problem, params
        super().__init__(file=file, problem=problem)

    def text(self, translate: Translate = str) -> str:
        """File and problem in the reader's language."""
        problem = fill(self.problem, self.details, translate)
        return translate(self.message) % {"file": self.params["file"], "problem": problem}


class FileTaken(Refusal):
    """A file that would be overwritten stands where a new one is to be written."""

    code, status = "file-taken", 409
    message = N_("%(file)s已经存在，没有覆盖。请换一个文件名或先移走它。")


class PagesUnsound(Refusal):
    """Pages that fail their checks are not built; the live site stays as it was."""

    code, status = "pages-unsound", 422
    message = N_("有%(count)s处要改，没有动任何页面，网站照常可看。运行 pingyi pages check 看逐条说明。")


class BuildFailed(Refusal):
    """MkDocs or Pagefind refused; the live site stays as it was."""

    code, status = "build-failed", 500
    message = N_("网站没有建成，原来的页面照常可看。原因：%(reason)s")
