"""A draft, the page it was made from and the page as it is now: what changed on which side, and both put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from survey_app.publishing.revisions.diff import Change, Names, compare, slug_itself
from survey_app.publishing.revisions.dutyboard import with_board
from survey_app.publishing.revisions.fields import all_fields

Data = Mapping[str, Any]
Side = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Clash:
    """One field that differs between draft and page. `who` changed it since: mine, theirs, or both."""

    name: str
    title: str
    who: Literal["mine", "theirs", "both"]
    mine: tuple[Change, ...]  # from the base to the draft
    theirs: tuple[Change, ...]  # from the base to the page as it is now


def three_way(kind: str, base: Data | None, mine: Data, theirs: Data, names: Names = slug_itself) -> list[Clash]:
    """Every field in which draft and page differ, in the form's order."""
    ground = base or {}
    found = []
    for field in all_fields(kind):
        here, there, was = mine.get(field.name), theirs.get(field.name), ground.get(field.name)
        if here == there:
            continue
        who: Literal["mine", "theirs", "both"] = "theirs" if here == was else "mine" if there == was else "both"
        one = ({field.name: value} if value is not None else {} for value in (was, here, there))
        before, after, now = (dict(part) for part in one)
        changes = (tuple(compare(kind, before, side, names).changes) for side in (after, now))
        found.append(Clash(field.name, field.title, who, *changes))
    return found


def put_together(kind: str, base: Data | None, mine: Data, theirs: Data, chosen: Mapping[str, Side]) -> dict[str, Any]:
    """The page as it is now with the draft's changes. A choice goes before; where both changed, the page stays.

    Who is at which window now is nobody's to choose here: that is as the page has it.
    """
    differing = {clash.name: clash.who for clash in three_way(kind, base, mine, theirs)}
    sides = {name: chosen.get(name, who) for name, who in differing.items()}
    order = [field.name for field in all_fields(kind)]
    source = {name: mine if sides.get(name) == "mine" else theirs for name in [*order, *theirs]}
    made = {name: side[name] for name, side in source.items() if name in side}
    return with_board(made, theirs) if kind == "unit" else made
