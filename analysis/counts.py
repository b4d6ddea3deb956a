"""Ballots to integers: the complete sufficient statistic of a round (method.md §1.4, §8).

Counts are sums, so any order and any partition of the rows gives the same numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .facts import Round
from .method import Method
from .read import BLANK, Batch

Counts = npt.NDArray[np.int64]
ANSWERS = BLANK + 1
LEVELS = 6
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Sums:
    """Counts of ballots (张) that add up over any parts of a round.

    answers: [unit, group, dimension, 0..5 or BLANK]; pairs: [unit, group, pair, level, level] where level 0
    holds 不了解 and blank together; ballots: [unit, group]; channels: [unit, group, channel].
    """

    answers: Counts
    pairs: Counts
    pair_index: dict[tuple[int, int], int]
    ballots: Counts
    channels: Counts


@dataclass(frozen=True)
class Tally(Sums):
    """The counts of the ballots that enter results, and what stands beside them.

    uncounted: [unit, channel] of channels that never count; excluded: [unit, flag] and excluded_ballots: [unit]
    of flagged ballots left out; under_review: [unit, group] of flagged ballots that were too few to leave out.
    """

    uncounted: Counts
    excluded: Counts
    excluded_ballots: Counts
    under_review: Counts


def scored_pairs(method: Method) -> dict[tuple[int, int], int]:
    """The place in Tally.pairs of every two dimensions that carry weight."""
    scored = [i for i, d in enumerate(method.dimensions) if d.weight]
    return {pair: place for place, pair in enumerate(combinations(scored, 2))}


def count(batches: Iterable[Batch], method: Method, facts: Round) -> Tally:
    """Count every ballot once; ballots of uncounted channels and excluded ones are counted apart."""
    units = len(facts.units)
    kept, marked = _empty(method, units), _empty(method, units)
    flags = _zeros(units, len(method.groups), len(method.flags))
    uncounted = _zeros(units, len(method.channels))
    counted = np.array([c.on for c in method.channels])
    excluding = [i for i, f in enumerate(method.flags) if f.on]
    for batch in batches:
        inside = counted[batch.channel]
        _add_table(uncounted, batch.unit[~inside] * len(method.channels) + batch.channel[~inside])
        _add(kept, marked, flags, batch, inside, excluding)
    return _settled(kept, marked, flags, uncounted, method.min_n)


def _zeros(*shape: int) -> Counts:
    return np.zeros(shape, dtype=np.int64)


def _empty(method: Method, units: int) -> Sums:
    groups, pair_index = len(method.groups), scored_pairs(method)
    return Sums(
        answers=_zeros(units, groups, len(method.dimensions), ANSWERS),
        pairs=_zeros(units, groups, len(pair_index), LEVELS, LEVELS),
        pair_index=pair_index,
        ballots=_zeros(units, groups),
        channels=_zeros(units, groups, len(method.channels)),
    )


def _add(
    kept: Sums, marked: Sums, flags: Counts, batch: Batch, inside: npt.NDArray[np.bool_], excluding: Sequence[int]
) -> None:
    """Add the ballots of counted channels: to `marked` those with an excluding flag, to `kept` the others."""
    out = np.zeros_like(inside)
    for flag in excluding:
        hit = inside & batch.flagged[flag]
        _add_table(flags[:, :, flag], batch.unit[hit] * flags.shape[1] + batch.group[hit])
        out |= hit
    rest = inside & ~out
    _add_answers(kept, batch, None if rest.all() else rest)
    if out.any():
        _add_answers(marked, batch, out)


def _settled(kept: Sums, marked: Sums, flags: Counts, uncounted: Counts, min_n: int) -> Tally:
    """Leave flagged ballots out where a unit x group loses min_n or more; put the others back.

    Counts with and without fewer ballots than that would show these few by subtraction (method.md §6).
    """
    few = (marked.ballots > 0) & (marked.ballots < min_n)
    for name in ("answers", "pairs", "ballots", "channels"):
        getattr(kept, name)[few] += getattr(marked, name)[few]
    return Tally(
        **vars(kept),
        uncounted=uncounted,
        excluded=np.where(few[:, :, None], 0, flags).sum(axis=1),
        excluded_ballots=np.where(few, 0, marked.ballots).sum(axis=1),
        under_review=np.where(few, marked.ballots, 0),
    )


def _add_answers(sums: Sums, batch: Batch, kept: npt.NDArray[np.bool_] | None) -> None:
    """Count the answers of the kept rows (None: of all)."""
    cell = _kept(batch.unit, kept) * sums.ballots.shape[1] + _kept(batch.group, kept)
    answers = [_kept(column, kept) for column in batch.answers]
    _add_table(sums.ballots, cell)
    _add_table(sums.channels, cell * sums.channels.shape[2] + _kept(batch.channel, kept))
    for d, column in enumerate(answers):
        _add_table(sums.answers[:, :, d], cell * ANSWERS + column)
    levels = {d: np.where(answers[d] == BLANK, 0, answers[d]) for d in {d for pair in sums.pair_index for d in pair}}
    for (c, d), place in sums.pair_index.items():
        _add_table(sums.pairs[:, :, place], (cell * LEVELS + levels[c]) * LEVELS + levels[d])


def _kept(column: npt.NDArray[Number], kept: npt.NDArray[np.bool_] | None) -> npt.NDArray[Number]:
    return column if kept is None else column[kept]


def _add_table(table: Counts, key: npt.NDArray[np.int64]) -> None:
    table += np.bincount(key, minlength=table.size).reshape(table.shape)
