"""What tests of integrity need of the ballots: counts by week, and how alike the answers of a ballot are.

Like all counts they add up over any parts of a round. No hour, network or order of arrival is ever known here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .facts import Round, week_count
from .method import Method
from .read import BLANK, Batch

Counts = npt.NDArray[np.int64]
# Patterns of a ballot: 0 something is missing; 1..9 mean level 1, 1.5 … 5; 10..14 the same level 1..5 everywhere.
INCOMPLETE, MIXED, STRAIGHT, PATTERNS = 0, slice(1, 10), slice(10, 15), 15


@dataclass(frozen=True)
class Evidence:
    """weeks: [unit, group, week] and patterns: [unit, group, pattern] of counted channels, flagged ballots too;
    open_patterns: [unit, pattern] of channels that never count; rated: [unit, group, channel, 0..5 or BLANK], the
    answers to the dimension of everyday ratings, empty in a campaign.
    """

    weeks: Counts
    patterns: Counts
    open_patterns: Counts
    rated: Counts

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(**{name: table + getattr(other, name) for name, table in vars(self).items()})


def rated_dimension(method: Method) -> int:
    """The dimension that everyday rates are made of: overall, or the first."""
    return next((i for i, d in enumerate(method.dimensions) if d.code == "overall"), 0)


def no_evidence(method: Method, facts: Round) -> Evidence:
    """Empty tables for a round."""
    units, groups, channels = len(facts.units), len(method.groups), len(method.channels)
    shape = (units, groups, channels, BLANK + 1) if facts.instrument == "everyday" else (0,)
    return Evidence(
        weeks=np.zeros((units, groups, week_count(facts)), dtype=np.int64),
        patterns=np.zeros((units, groups, PATTERNS), dtype=np.int64),
        open_patterns=np.zeros((units, PATTERNS), dtype=np.int64),
        rated=np.zeros(shape, dtype=np.int64),
    )


def add_evidence(evidence: Evidence, batch: Batch, inside: npt.NDArray[np.bool_], method: Method) -> None:
    """Add the ballots of a batch; `inside` marks those of counted channels."""
    whole = bool(inside.all())
    kept = slice(None) if whole else inside  # a slice copies nothing
    cell = (batch.unit * len(method.groups) + batch.group)[kept]
    _add(evidence.weeks, cell, batch.week[kept])
    pattern = _patterns([batch.answers[i] for i, d in enumerate(method.dimensions) if d.weight])
    _add(evidence.patterns, cell, pattern[kept])
    if not whole:
        _add(evidence.open_patterns, batch.unit[~inside], pattern[~inside])
    if evidence.rated.size:
        place = cell * len(method.channels) + batch.channel[kept]
        _add(evidence.rated, place, batch.answers[rated_dimension(method)][kept])


def _add(table: Counts, row: npt.NDArray[np.int64], column: npt.NDArray[np.integer]) -> None:
    table += np.bincount(row * table.shape[-1] + column, minlength=table.size).reshape(table.shape)


def _patterns(answers: list[npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """The pattern of each ballot over the dimensions that carry weight."""
    least, most, total = answers[0], answers[0], answers[0].astype(np.uint16)
    for column in answers[1:]:
        least, most, total = np.minimum(least, column), np.maximum(most, column), total + column
    number = len(answers)
    halves = ((4 * np.arange(BLANK * number + 1) + number) // (2 * number)).astype(np.uint8)  # nearest half, up
    complete = (least > 0) & (most < BLANK)
    mixed = np.where(complete, halves[total] - np.uint8(1), np.uint8(INCOMPLETE))
    return np.where(complete & (least == most), np.uint8(STRAIGHT.start - 1) + least, mixed)
