"""Rows of two lists brought together: which stayed, which moved, which are new, which are gone."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

ALIKE = 0.5
TRIED = 60  # comparing every row with every row is quadratic; beyond this, rows that changed their name are new ones


@dataclass(frozen=True)
class Pair:
    """A row by its place in the old and the new list; None where it is missing."""

    old: int | None
    new: int | None
    moved: bool = False


def matched(old: list[Any], new: list[Any], key: Callable[[Any], str]) -> Iterator[Pair]:
    """All rows in the order of the new list; one that is gone stands where it stood."""
    partner = _partners(old, new, key)
    settled = _unmoved([old_at for _new_at, old_at in sorted((n, o) for n, o in partner.items())])
    gone = sorted(set(range(len(old))) - set(partner.values()))
    for at in range(len(new)):
        before = partner.get(at)
        if before is not None and before in settled:
            while gone and gone[0] < before:
                yield Pair(gone.pop(0), None)
        yield Pair(before, at, moved=before is not None and before not in settled)
    yield from (Pair(at, None) for at in gone)


def _partners(old: list[Any], new: list[Any], key: Callable[[Any], str]) -> dict[int, int]:
    """New place -> old place: equal rows first, then equal names, then the most alike of what is left."""
    found: dict[int, int] = {}
    for name in (repr, key):
        left: dict[str, list[int]] = {}
        for at, row in enumerate(old):
            if at not in found.values():
                left.setdefault(name(row), []).append(at)
        for at, row in enumerate(new):
            if at not in found and left.get(name(row)):
                found[at] = left[name(row)].pop(0)
    _pair_alike(old, new, found)
    return found


def _pair_alike(old: list[Any], new: list[Any], found: dict[int, int]) -> None:
    olds = [at for at in range(len(old)) if at not in found.values()]
    news = [at for at in range(len(new)) if at not in found]
    if not olds or not news or max(len(olds), len(news)) > TRIED:
        return
    ratios = [
        (SequenceMatcher(None, repr(old[o]), repr(new[n]), autojunk=False).ratio(), n, o) for o in olds for n in news
    ]
    for ratio, n, o in sorted(ratios, key=lambda r: (-r[0], r[1], r[2])):
        if ratio >= ALIKE and n not in found and o not in found.values():
            found[n] = o


def _unmoved(places: list[int]) -> set[int]:
    """The longest run of old places that still stand in order: what is not in it has moved."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for place in places:
        at = bisect_left(tails, place)
        chain = [*(chains[at - 1] if at else []), place]
        tails[at : at + 1] = [place]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()
