"""What a revision changes, field by field, in the words of the form: for approvers, history and conflicts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from survey_app.publishing.book import Book
from survey_app.publishing.revisions.fields import ITEM, FieldSpec, all_fields
from survey_app.publishing.revisions.rowmatch import Pair, matched
from survey_app.publishing.revisions.textdiff import Piece, Pieces, marked

Kind = Literal["changed", "added", "removed", "moved"]
Names = Callable[[str, str], str]  # (chooser, slug) -> what people call it
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One row of the comparison. `at` leads into the front matter, as a finding's does."""

    label: str
    kind: Kind
    old: Pieces
    new: Pieces
    at: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All changes in the form's order, and the names of the fields that are as they were."""

    changes: list[Change]
    unchanged: list[str]


def slug_itself(_chooser: str, slug: str) -> str:
    """Where nobody knows the names of units."""
    return slug


def names_in(book: Book, unit: str) -> Names:
    """Names from the book: slugs are addresses, not words."""

    def named(chooser: str, slug: str) -> str:
        if chooser == "unit":
            return book.unit_title(slug)
        path = f"notices/{slug}.md" if chooser == "notice" else f"units/{unit}/procedures/{slug}.md"
        found = book.by_path.get(path)
        return found.title if found else slug

    return named


def compare(kind: str, old: Data | None, new: Data | None, names: Names = slug_itself) -> Difference:
    """What is different between two texts of one page; None is a page that is not there."""
    changes: list[Change] = []
    unchanged = []
    for field in (f for f in all_fields(kind) if f.name != "kind"):
        before, after = (old or {}).get(field.name), (new or {}).get(field.name)
        found = list(_changes(field, before, after, field.title, (field.name,), names))
        changes += found
        if not found and after not in (None, "", [], {}):
            unchanged.append(field.title)
    return Difference(changes, unchanged)


def words_of(field: FieldSpec, value: Any, names: Names = slug_itself) -> str:
    """A value as the form would say it, on one or more lines."""
    if value is None or value == "":
        return ""
    if field.shape == "group" and isinstance(value, dict):
        parts = ((part, words_of(part, value.get(part.name), names)) for part in field.parts)
        return "；".join(f"{part.title}：{text}" for part, text in parts if text)
    if isinstance(value, list):
        return _list_words(field, value, names)
    if field.shape == "checkbox":
        return "是" if value is True else "否" if value is False else str(value)
    return _plain_words(field, value, names)


def _plain_words(field: FieldSpec, value: Any, names: Names) -> str:
    text = dict(field.choices).get(str(value), str(value))
    if field.widget in ("unit", "procedure", "notice"):
        text = names(field.widget, text)
    return f"{text}{field.unit}" if field.unit and field.shape == "number" else text


def _list_words(field: FieldSpec, rows: list[Any], names: Names) -> str:
    if not rows:
        return "（没有）"
    if field.shape in ("checks", "points"):
        return "、".join(dict(field.choices).get(str(row), str(row)) for row in rows)
    return "\n".join(_row_words(field, row, names) for row in rows)


def _row_words(field: FieldSpec, row: Any, names: Names) -> str:
    if isinstance(row, dict):
        parts = ((part, words_of(part, row.get(part.name), names)) for part in field.parts)
        return "\n".join(
            text if part.name == field.row_name else f"{part.title}：{text}" for part, text in parts if text
        )
    item = field.part(ITEM)
    return words_of(item, row, names) if item else str(row)


def _changes(
    field: FieldSpec, old: Any, new: Any, label: str, at: tuple[str | int, ...], names: Names
) -> Iterator[Change]:
    if old == new and type(old) is type(new):
        return
    if (
        field.shape in ("rows", "lines")
        and isinstance(old, list | None)
        and isinstance(new, list | None)
        and old
        and new
    ):
        yield from _row_changes(field, old, new, at, names)
    elif field.shape == "group" and isinstance(old, dict) and isinstance(new, dict):
        for part in field.parts:
            yield from _changes(
                part, old.get(part.name), new.get(part.name), f"{label}，{part.title}", (*at, part.name), names
            )
    else:
        yield _one(label, words_of(field, old, names), words_of(field, new, names), at)


def _one(label: str, old: str, new: str, at: tuple[str | int, ...]) -> Change:
    if not old or not new:
        gone = (Piece(old, "del"),) if old else ()
        come = (Piece(new, "ins"),) if new else ()
        return Change(label, "added" if not old else "removed", gone, come, at)
    before, after = marked(old, new)
    return Change(label, "changed", before, after, at)


def _row_changes(
    field: FieldSpec, old: list[Any], new: list[Any], at: tuple[str | int, ...], names: Names
) -> Iterator[Change]:
    for pair in matched(old, new, lambda row: _key(field, row)):
        yield from _pair_changes(field, pair, old, new, at, names)


def _pair_changes(
    field: FieldSpec, pair: Pair, old: list[Any], new: list[Any], at: tuple[str | int, ...], names: Names
) -> Iterator[Change]:
    before = old[pair.old] if pair.old is not None else None
    after = new[pair.new] if pair.new is not None else None
    number = pair.new if pair.new is not None else pair.old
    here = (*at, number) if pair.new is not None and number is not None else at
    label = _row_label(field, number or 0, after if after is not None else before)
    if before is None or after is None:
        gone, come = (_row_words(field, row, names) if row is not None else "" for row in (before, after))
        yield _one(label, gone, come, here)
        return
    if pair.moved:
        yield Change(label, "moved", (Piece(str((pair.old or 0) + 1)),), (Piece(str((pair.new or 0) + 1)),), here)
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield _one(label, _row_words(field, before, names), _row_words(field, after, names), here)
        return
    for part in field.parts:
        yield from _changes(
            part, before.get(part.name), after.get(part.name), f"{label}，{part.title}", (*here, part.name), names
        )


def _key(field: FieldSpec, row: Any) -> str:
    name = row.get(field.row_name or (field.parts[0].name if field.parts else ""), "") if isinstance(row, dict) else row
    return str(name)


def _row_label(field: FieldSpec, number: int, row: Any) -> str:
    title = f"{field.row_title or field.title}{number + 1}"
    name = _key(field, row) if isinstance(row, dict) and field.row_name else ""
    return f"{title} {name[:24]}".strip()
