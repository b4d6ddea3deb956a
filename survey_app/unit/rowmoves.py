"""Buttons that add, remove and lift rows: plain submit buttons, so that they work without scripts."""

from collections.abc import Sequence
from typing import Any

from survey_app.publishing.revisions.fields import ITEM, FieldSpec
from survey_app.unit.forms import Data, as_typed


def moved(fields: Sequence[FieldSpec], raw: Data, button: str) -> Data:
    """What was typed, with a row added, removed or lifted. `button`: materials:3:remove, requests-outcomes:add."""
    name, _, order = button.partition(":")
    holder, field = _found(fields, raw, name.split("-"))
    if field is None or holder is None:
        return raw
    rows: list[Any] = list(holder.get(field.name) or [])
    if order == "add":
        rows.append("" if field.part(ITEM) else as_typed(field.parts, {}))
    else:
        _change(rows, order)
    holder[field.name] = rows
    return raw


def _found(fields: Sequence[FieldSpec], raw: Data, path: list[str]) -> tuple[Data | None, FieldSpec | None]:
    field = next((field for field in fields if field.name == path[0]), None)
    if field is None or (field.shape != "rows" and len(path) == 1):
        return None, None
    if len(path) == 1:
        return raw, field
    inner = raw.get(field.name)
    return _found(field.parts, inner, path[1:]) if field.shape == "group" and isinstance(inner, dict) else (None, None)


def _change(rows: list[Any], order: str) -> None:
    at, _, verb = order.partition(":")
    place = int(at) if at.isdecimal() and len(at) < 5 else len(rows)
    if place >= len(rows):
        return
    if verb == "remove":
        del rows[place]
    elif verb == "up" and place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
