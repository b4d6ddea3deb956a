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
class Tally:
    """Counts of ballots (张).

    answers: [unit, group, dimension, 0..5 or BLANK]; pairs: [unit, group, pair, level, level] where level 0
    holds 不了解 and blank together; ballots: [unit, group]; channels: [channel], counted ballots only.
    Not counted: uncounted [unit, channel] of channels that never count, excluded [unit, flag].
    """

    answers: Counts
    pairs: Counts
    pair_index: dict[tuple[int, int], int]
    ballots: Counts
    channels: Counts
    uncounted: Counts
    excluded: Counts


def scored_pairs(method: Method) -> dict[tuple[int, int], int]:
    """The place in Tally.pairs of every two dimensions that carry weight."""
    scored = [i for i, d in enumerate(method.dimensions) if d.weight]
    return {pair: place for place, pair in enumerate(combinations(scored, 2))}


def count(batches: Iterable[Batch], method: Method, facts: Round) -> Tally:
    """Count every ballot once; ballots of uncounted channels and excluded ones are counted apart."""
    tally = _empty(method, len(facts.units))
    counted = np.array([c.on for c in method.channels])
    excluding = [i for i, f in enumerate(method.flags) if f.on]
    for batch in batches:
        _add(tally, batch, counted, excluding)
    return tally


def _empty(method: Method, units: int) -> Tally:
    groups, pair_index = len(method.groups), scored_pairs(method)

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    return Tally(
        answers=zeros(units, groups, len(method.dimensions), ANSWERS),
        pairs=zeros(units, groups, len(pair_index), LEVELS, LEVELS),
        pair_index=pair_index,
        ballots=zeros(units, groups),
        channels=zeros(len(method.channels)),
        uncounted=zeros(units, len(method.channels)),
        excluded=zeros(units, len(method.flags)),
    )


def _add(tally: Tally, batch: Batch, counted: npt.NDArray[np.bool_], excluding: Sequence[int]) -> None:
    in_channel = counted[batch.channel]
    out = ~in_channel
    _add_table(tally.uncounted, batch.unit[out] * tally.uncounted.shape[1] + batch.channel[out])
    kept = in_channel
    for flag in excluding:
        marked = in_channel & batch.flagged[flag]
        tally.excluded[:, flag] += np.bincount(batch.unit[marked], minlength=tally.excluded.shape[0])
        kept = kept & ~marked
    _add_answers(tally, batch, None if kept.all() else kept)


def _add_answers(tally: Tally, batch: Batch, kept: npt.NDArray[np.bool_] | None) -> None:
    """Count the answers of the kept rows (None: of all)."""
    cell = _kept(batch.unit, kept) * tally.ballots.shape[1] + _kept(batch.group, kept)
    answers = [_kept(column, kept) for column in batch.answers]
    _add_table(tally.ballots, cell)
    _add_table(tally.channels, _kept(batch.channel, kept))
    for d, column in enumerate(answers):
        _add_table(tally.answers[:, :, d], cell * ANSWERS + column)
    levels = {d: np.where(answers[d] == BLANK, 0, answers[d]) for d in {d for pair in tally.pair_index for d in pair}}
    for (c, d), place in tally.pair_index.items():
        _add_table(tally.pairs[:, :, place], (cell * LEVELS + levels[c]) * LEVELS + levels[d])


def _kept(column: npt.NDArray[Number], kept: npt.NDArray[np.bool_] | None) -> npt.NDArray[Number]:
    return column if kept is None else column[kept]


def _add_table(table: Counts, key: npt.NDArray[np.int64]) -> None:
    table += np.bincount(key, minlength=table.size).reshape(table.shape)
