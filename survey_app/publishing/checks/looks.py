"""What a check sees, and how it says what it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from survey_app.domain.errors import Finding, Level
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page
from survey_app.publishing.schemas import field_name

At = tuple[str | int, ...]
BODY: At = ()  # where a text stands that is the page's own body


class Text(NamedTuple):
    """One text of a page: where it stands, the field it stands in whatever the row, and its words."""

    at: At
    key: str
    words: str


@dataclass(frozen=True)
class Look:
    """One page, the book it stands in, and the day on which it is looked at."""

    page: Page
    book: Book
    today: date

    @property
    def data(self) -> dict[str, Any]:
        """The page's front matter; it has passed its schema."""
        return self.page.data

    @cached_property
    def texts(self) -> list[Text]:
        """Every text of the page; a handwritten body has the place of the page itself."""
        found: list[Text] = []
        _gather(self.page.data, (), "", found)
        return [*found, Text(BODY, "", self.page.body)] if self.page.kind == "page" else found

    def error(self, at: At, message: str, why: str = "", **params: object) -> Finding:
        """Something that must be mended first."""
        return self._finding("error", at, message, why, params)

    def warning(self, at: At, message: str, why: str = "", **params: object) -> Finding:
        """Something to look at; it stops nothing."""
        return self._finding("warning", at, message, why, params)

    def _finding(self, level: Level, at: At, message: str, why: str, params: dict[str, object]) -> Finding:
        field = field_name(self.page.kind, at) if at else "正文"
        return Finding(self.page.path, field, message, params, level, at, why)


Check = Callable[[Look], Iterator[Finding]]


def _gather(data: Any, at: At, key: str, into: list[Text]) -> None:
    if isinstance(data, str):
        into.append(Text(at, key, data))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            _gather(value, (*at, number), key, into)
    elif isinstance(data, dict):
        for name, value in data.items():
            _gather(value, (*at, str(name)), str(name), into)
