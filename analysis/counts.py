"""Ballots to integers: the complete sufficient statistic of a round (method.md §1.4, §8).

Counts are sums, so any order and any partition of the rows gives the same numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .evidence import Evidence, add_evidence, no_evidence
from .facts import Round
from .method import Method
from .read import BLANK, Batch

Counts = npt.NDArray[np.int64]
ANSWERS = BLANK + 1
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Sums:
    """Counts of ballots (张) that add up over any parts of a round.

    answers: [unit, group, dimension, 0..5 or BLANK]; pairs: [unit, group, pair, answer, answer], answers as above;
    ballots: [unit, group]; channels: [unit, group, channel].
    """

    answers: Counts
    pairs: Counts
    pair_index: dict[tuple[int, int], int]
    ballots: Counts
    channels: Counts


@dataclass(frozen=True)
class Tally(Sums):
    """The counts of the ballots that enter results, and what stands beside them.

    uncounted: [unit, channel] of channels that never count; flagged: [unit, group, flag] of counted channels;
    excluded: [unit, flag] and excluded_ballots: [unit] of flagged ballots left out; excluded_answers: [unit, 0..5 or
    BLANK], what these say where min_n or more of them do; under_review: [unit, group] of flagged ballots that
    were too few to leave out.
    """

    uncounted: Counts
    flagged: Counts
    excluded: Counts
    excluded_ballots: Counts
    excluded_answers: Counts
    under_review: Counts
    evidence: Evidence


@dataclass(frozen=True)
class Part:
    """The counts of some ballots before it is settled which flagged ones are left out: these add up.

    kept, marked: ballots of counted channels without and with an excluding flag; flags: [unit, group, flag];
    uncounted: [unit, channel] of channels that never count; evidence: what tests of integrity need.
    """

    kept: Sums
    marked: Sums
    flags: Counts
    uncounted: Counts
    evidence: Evidence

    def __add__(self, other: "Part") -> "Part":
        return Part(
            kept=_plus(self.kept, other.kept),
            marked=_plus(self.marked, other.marked),
            flags=self.flags + other.flags,
            uncounted=self.uncounted + other.uncounted,
            evidence=self.evidence + other.evidence,
        )


def _plus(some: Sums, others: Sums) -> Sums:
    summed = {name: table + getattr(others, name) for name, table in vars(some).items() if name != "pair_index"}
    return Sums(pair_index=some.pair_index, **summed)


def scored_pairs(method: Method) -> dict[tuple[int, int], int]:
    """The place in Tally.pairs of every two dimensions that carry weight."""
    scored = [i for i, d in enumerate(method.dimensions) if d.weight]
    return {pair: place for place, pair in enumerate(combinations(scored, 2))}


def count(batches: Iterable[Batch], method: Method, facts: Round) -> Tally:
    """Count every ballot once; ballots of uncounted channels and excluded ones are counted apart."""
    return settled(count_part(batches, method, facts), method)


def count_part(batches: Iterable[Batch], method: Method, facts: Round) -> Part:
    """Count some ballots of a round; the parts of a round add up to the whole, in any order."""
    part = _empty_part(method, facts)
    counted = np.array([c.on for c in method.channels])
    excluding = [i for i, f in enumerate(method.flags) if f.on]
    for batch in batches:
        inside = counted[batch.channel]
        if not inside.all():
            _add_table(part.uncounted, batch.unit[~inside] * len(method.channels) + batch.channel[~inside])
        _add(part, batch, inside, excluding)
        add_evidence(part.evidence, batch, inside, method)
    _fill_margins(part.kept)
    _fill_margins(part.marked)
    return part


def _zeros(*shape: int) -> Counts:
    return np.zeros(shape, dtype=np.int64)


def _empty_part(method: Method, facts: Round) -> Part:
    units = len(facts.units)
    return Part(
        kept=_empty(method, units),
        marked=_empty(method, units),
        flags=_zeros(units, len(method.groups), len(method.flags)),
        uncounted=_zeros(units, len(method.channels)),
        evidence=no_evidence(method, facts),
    )


def _empty(method: Method, units: int) -> Sums:
    groups, pair_index = len(method.groups), scored_pairs(method)
    return Sums(
        answers=_zeros(units, groups, len(method.dimensions), ANSWERS),
        # Pair by pair in memory: each batch adds to whole tables, which then lie in one piece.
        pairs=np.moveaxis(_zeros(len(pair_index), units, groups, ANSWERS, ANSWERS), 0, 2),
        pair_index=pair_index,
        ballots=_zeros(units, groups),
        channels=_zeros(units, groups, len(method.channels)),
    )


def _add(part: Part, batch: Batch, inside: npt.NDArray[np.bool_], excluding: Sequence[int]) -> None:
    """Add the ballots of counted channels: to `marked` those with an excluding flag, to `kept` the others."""
    out = np.zeros_like(inside)
    for flag, carried in enumerate(batch.flagged):
        hit = inside & carried
        _add_table(part.flags[:, :, flag], batch.unit[hit] * part.flags.shape[1] + batch.group[hit])
        if flag in excluding:
            out |= hit
    rest = inside & ~out
    _add_answers(part.kept, batch, None if rest.all() else rest)
    if out.any():
        _add_answers(part.marked, batch, out)


def settled(part: Part, method: Method) -> Tally:
    """Leave ballots with an excluding flag out where a unit x group loses min_n or more; put the others back.

    Counts with and without fewer ballots than that would show these few by subtraction (method.md §6). Where ballots
    brought the flag along the cell then awaits review; the few honest ones of a week that a review left out do not.
    """
    few = (part.marked.ballots > 0) & (part.marked.ballots < method.min_n)
    brought = [i for i, flag in enumerate(method.flags) if flag.on and not flag.by_review]
    left_out = part.flags * np.array([flag.on for flag in method.flags], dtype=np.int64)
    kept = {name: table for name, table in vars(part.kept).items() if name != "pair_index"}
    back = {name: np.where(_wide(few, table), getattr(part.marked, name), 0) for name, table in kept.items()}
    return Tally(
        **{name: table + back[name] for name, table in kept.items()},
        pair_index=part.kept.pair_index,
        uncounted=part.uncounted,
        flagged=part.flags,
        excluded=np.where(few[:, :, None], 0, left_out).sum(axis=1),
        excluded_ballots=np.where(few, 0, part.marked.ballots).sum(axis=1),
        excluded_answers=_told(part.marked.answers, few, method),
        under_review=np.where(few & (part.flags[:, :, brought].sum(axis=2) > 0), part.marked.ballots, 0),
        evidence=part.evidence,
    )


def _told(answers: Counts, few: npt.NDArray[np.bool_], method: Method) -> Counts:
    """[unit, answer] of ballots left out: cells of dimensions that carry weight, each of min_n answers or more."""
    weighs = np.array([bool(d.weight) for d in method.dimensions])
    shown = (answers[..., 1:BLANK].sum(axis=3) >= method.min_n) & weighs & ~few[:, :, None]
    told: Counts = np.where(shown[..., None], answers, 0).sum(axis=(1, 2))
    return told


def _wide(cells: npt.NDArray[np.bool_], table: Counts) -> npt.NDArray[np.bool_]:
    """A mask by unit and group, shaped to meet a table that begins with these two."""
    return cells.reshape(cells.shape + (1,) * (table.ndim - 2))


def _add_answers(sums: Sums, batch: Batch, kept: npt.NDArray[np.bool_] | None) -> None:
    """Count the answers of the kept rows (None: of all); of dimensions in a pair, the pairs alone."""
    cell = _kept(batch.unit, kept) * sums.ballots.shape[1] + _kept(batch.group, kept)
    answers = [_kept(column, kept) for column in batch.answers]
    _add_table(sums.ballots, cell)
    _add_table(sums.channels, cell * sums.channels.shape[2] + _kept(batch.channel, kept))
    paired = {d for pair in sums.pair_index for d in pair}
    for d in set(range(len(answers))) - paired:
        _add_table(sums.answers[:, :, d], cell * ANSWERS + answers[d])
    # Two answers fit one byte, and arithmetic on bytes is eight times as fast as on indices.
    first, base = {d: answers[d] * np.uint8(ANSWERS) for d in paired}, cell * ANSWERS**2
    key = np.empty_like(base)
    for (c, d), place in sums.pair_index.items():
        _add_table(sums.pairs[:, :, place], np.add(base, first[c] + answers[d], out=key))


def _fill_margins(sums: Sums) -> None:
    """The answers of dimensions that stand in a pair: the margins of its table."""
    for (c, d), place in sums.pair_index.items():
        sums.answers[:, :, c] = sums.pairs[:, :, place].sum(axis=3)
        sums.answers[:, :, d] = sums.pairs[:, :, place].sum(axis=2)


def _kept(column: npt.NDArray[Number], kept: npt.NDArray[np.bool_] | None) -> npt.NDArray[Number]:
    return column if kept is None else column[kept]


def _add_table(table: Counts, key: npt.NDArray[np.int64]) -> None:
    table += np.bincount(key, minlength=table.size).reshape(table.shape)
