"""The duty board is changed in two taps while somebody else may be writing about the unit: neither undoes the other."""

from collections.abc import Mapping
from typing import Any

PARTS = ("state", "back_at", "stand_in")
WINDOWS, AT = "windows", "duty_at"
Data = Mapping[str, Any]


def without_board(data: Data) -> dict[str, Any]:
    """The unit's page but for who is at which window now."""
    kept = {name: value for name, value in data.items() if name != AT}
    if isinstance(data.get(WINDOWS), list):
        kept[WINDOWS] = [_bare(window) for window in data[WINDOWS]]
    return kept


def with_board(data: Data, live: Data) -> dict[str, Any]:
    """The unit's page with the board of `live`: a window is known by its number."""
    states = {_number(window): window for window in live.get(WINDOWS) or [] if isinstance(window, dict)}
    found = dict(data)
    if isinstance(data.get(WINDOWS), list):
        found[WINDOWS] = [_with_state(window, states.get(_number(window))) for window in data[WINDOWS]]
    found.pop(AT, None)
    if AT not in live:
        return found
    order = [name for name in data if name != AT]
    place = order.index(WINDOWS) + 1 if WINDOWS in order else len(order)
    return {name: live[AT] if name == AT else found[name] for name in [*order[:place], AT, *order[place:]]}


def _bare(window: Any) -> Any:
    return {key: value for key, value in window.items() if key not in PARTS} if isinstance(window, dict) else window


def _with_state(window: Any, live: Data | None) -> Any:
    if not isinstance(window, dict):
        return window
    return {**_bare(window), **{part: live[part] for part in PARTS if live and part in live}}


def _number(window: Any) -> str:
    return str(window.get("number", "")) if isinstance(window, dict) else ""
