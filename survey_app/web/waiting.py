"""What waits for a person, and where they can go: every room adds its own lines, the start page shows them all.

@waiting.lines(CASE_HANDLER)
def _cases(who: Person) -> Iterator[Line]:
    if count := store.count_overdue(who.username):
        yield Line(count, N_("件办件已经逾期"), url_for("cases.list", state="overdue"), urgent=True)

waiting.place(N_("办件"), "cases.list", N_("登记、转办、答复"), CASE_HANDLER, DISCIPLINE_OFFICER)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for

from survey_app.web.people import Person


@dataclass(frozen=True)
class Line:
    """So many of something wait at this address; `words` go on after the number. `note` says more, in small print."""

    count: int
    words: str
    href: str
    urgent: bool = False
    note: str = ""


@dataclass(frozen=True)
class Place:
    """A page where somebody with one of these roles works; no role at all: everybody with an account."""

    title: str
    endpoint: str
    hint: str
    roles: frozenset[str]

    @property
    def href(self) -> str:
        """Its address."""
        return url_for(self.endpoint)


Lines = Callable[[Person], Iterable[Line]]
_lines: list[tuple[frozenset[str], Lines]] = []
_places: list[Place] = []


def lines(*roles: str) -> Callable[[Lines], Lines]:
    """Mark a function that says what waits for people with one of these roles."""

    def mark(found: Lines) -> Lines:
        _lines.append((frozenset(roles), found))
        return found

    return mark


def place(title: str, endpoint: str, hint: str, *roles: str) -> None:
    """Add a page to the start page of people with one of these roles."""
    _places.append(Place(title, endpoint, hint, frozenset(roles)))


def waits_for(who: Person) -> list[Line]:
    """Everything that waits for this person: what is urgent first, then in the order of the rooms."""
    found = [line for roles, ask in _lines if roles & who.roles for line in ask(who)]
    return sorted(found, key=lambda line: not line.urgent)


def places_of(who: Person) -> list[Place]:
    """Where this person works."""
    return [place for place in _places if not place.roles or place.roles & who.roles]
