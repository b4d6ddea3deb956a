"""Saved views of lists: a name for what a person has chosen, theirs alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain
from survey_app.store.accounts import find_row
from survey_app.store.database import write
from survey_app.store.models import SavedView

MOST, LONGEST_NAME, LONGEST_QUERY = 12, 20, 1000


class ViewNameMissing(Refusal):
    code, status = "view-name", 422
    message = N_("请给这个视图起个名字，例如“本月逾期”。")


class TooManyViews(Refusal):
    code, status = "too-many-views", 409
    message = N_("这张表已经存了%(most)s个视图。请先删去一个。")


@dataclass(frozen=True)
class View:
    """A saved view of one list."""

    number: int
    place: str
    name: str
    query: str


def views_of(username: str, place: str) -> list[View]:
    """A person's views of the list at this path, by name."""
    rows = _mine(username).where(SavedView.place == place).order_by(SavedView.name)
    return [_shown(row) for row in rows]


def save_view(username: str, *, place: str, name: str, query: str, now: datetime) -> View:
    """Keep a view; one of the same name is replaced. Raises ViewNameMissing, TooManyViews, Unseen, TooLong."""
    name = " ".join(name.split())
    if not name:
        raise ViewNameMissing
    require_plain(name, most=LONGEST_NAME)
    require_plain(query, most=LONGEST_QUERY)
    with write():
        account = find_row(username)
        others = _mine(username).where(SavedView.place == place, SavedView.name != name).count()
        if others >= MOST:
            raise TooManyViews(most=MOST)
        kept = {"account": account.id, "place": place, "name": name}
        SavedView.delete().where(*(getattr(SavedView, key) == value for key, value in kept.items())).execute()
        return _shown(SavedView.create(**kept, query=query, saved_at=now.astimezone(UTC).replace(tzinfo=None)))


def drop_view(username: str, number: int) -> View | None:
    """Forget a view of one's own; None where there is no such view any more."""
    with write():
        row = _mine(username).where(SavedView.id == number).get_or_none()
        if row is None:
            return None
        SavedView.delete().where(SavedView.id == number).execute()
    return _shown(row)


def _mine(username: str) -> Any:
    return SavedView.select().where(SavedView.account == find_row(username).id)


def _shown(row: SavedView) -> View:
    return View(row.id, row.place, row.name, row.query)
