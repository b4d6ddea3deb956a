"""What may be shown: cells with enough answers, one pooled remainder, the number withheld.

A cell is one unit x group x dimension. It is released, and counted in scores, iff answered >= min_n (method.md §6).
What is guaranteed, and tested by going through small rounds one by one: the counts and rates published for a unit
never fix the number of answers of a cell below min_n, nor the ballots of a group without a released cell beyond
what `withheld` says by itself. `withheld` is the sum over these groups: where there is only one of them, it is that
group's ballots; where everybody who was asked took part, it says so. Not hidden: that such a number lies in a
narrow range; 不了解 and blank of a released cell; answers on which a group agrees (method.md §6).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from .counts import Counts, Tally
from .facts import Unit
from .method import LEVELS, Method
from .read import BLANK

REST = "~rest"


@dataclass(frozen=True)
class Cell:
    """Counts of one cell (张); levels run from 1 to 5."""

    dont_know: int
    blank: int
    levels: tuple[int, ...]

    @property
    def answered(self) -> int:
        """Ballots that gave a level."""
        return sum(self.levels)

    @property
    def n(self) -> int:
        """All ballots of the cell."""
        return self.answered + self.dont_know + self.blank

    def moved(self, other: "Cell") -> tuple[int, int]:
        """(ballots that only the other cell has, ballots that only this one has), kind by kind of answer."""
        mine, theirs = (self.dont_know, self.blank, *self.levels), (other.dont_know, other.blank, *other.levels)
        steps = [b - a for a, b in zip(mine, theirs, strict=True)]
        return sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)

    def total(self, points: dict[int, Fraction]) -> Fraction:
        """Sum of points over the answers given."""
        return sum((count * points[level] for level, count in enumerate(self.levels, 1)), Fraction(0))

    def mean(self, points: dict[int, Fraction]) -> Fraction:
        """Mean points of the answers given."""
        return self.total(points) / self.answered


def cell_of(row: Counts) -> Cell:
    """A cell from counts indexed by 0..5 and BLANK."""
    return Cell(int(row[0]), int(row[BLANK]), tuple(int(row[level]) for level in sorted(LEVELS)))


@dataclass(frozen=True)
class Released:
    """What of one unit may be shown.

    cells: (group, dimension) -> Cell, in method order; rest: dimension -> pooled remainder;
    ballots: group -> ballots, for groups with a released cell; withheld: ballots of all other groups, None where
    they could only be those of one person.
    """

    cells: dict[tuple[int, int], Cell]
    rest: dict[int, Cell]
    ballots: dict[int, int]
    withheld: int | None

    @property
    def n(self) -> int:
        """Ballots that stand behind a released cell."""
        return sum(self.ballots.values())


def release_unit(tally: Tally, index: int, method: Method, unit: Unit) -> Released:
    """Split one unit's cells into released, pooled and withheld."""
    answers = tally.answers[index]
    shown = answers[:, :, 1:BLANK].sum(axis=2) >= method.min_n
    cells = {(int(g), int(d)): cell_of(answers[g, d]) for g, d in np.argwhere(shown)}
    ballots = {g: int(tally.ballots[index, g]) for g in sorted({g for g, _ in cells})}
    hidden = [g for g in range(len(method.groups)) if g not in ballots]
    people = [_people(method, unit, g) for g in hidden]
    if None not in people and sum(n or 0 for n in people) == 1:
        return Released(cells, {}, ballots, None)
    withheld = int(tally.ballots[index, hidden].sum())
    limits = [method.min_n - 1 if n is None else min(n, method.min_n - 1) for n in people]
    return Released(cells, _rest(answers, shown, limits, withheld, method.min_n), ballots, withheld)


def _people(method: Method, unit: Unit, group: int) -> int | None:
    """How many people of a group could rate, as round.toml tells everybody; None if it does not."""
    code = method.groups[group].code
    known = [sizes[code] for sizes in (unit.panel, unit.codes_issued, unit.population) if code in sizes]
    if known:
        return min(known)
    return None if method.group_weights(unit.class_code)[code] else 0


def _rest(
    answers: Counts, shown: npt.NDArray[np.bool_], limits: list[int], withheld: int, min_n: int
) -> dict[int, Cell]:
    """Dimension -> the pooled cells that are not shown, if they are enough and tell nothing of one group."""
    found = {}
    for d in range(answers.shape[1]):
        pooled = ~shown[:, d]
        cell = cell_of(answers[pooled, d].sum(axis=0))
        others = int(pooled.sum()) - len(limits)
        if cell.answered >= min_n and not _tells_one(cell.answered, limits, withheld, others, min_n - 1):
            found[d] = cell
    return found


def _tells_one(answered: int, limits: list[int], withheld: int, others: int, most: int) -> bool:
    """Whether the answers of some pooled group follow from their sum.

    limits: the most answers each group without a released cell can have, together at most `withheld`;
    others: how many pooled groups have a released cell elsewhere, each with at most `most` answers here.
    """
    whole = sum(limits)
    low, high = max(0, answered - others * most), min(withheld, whole)
    ranges = [(low - (whole - limit), min(limit, high, answered)) for limit in limits]
    if others:
        ranges.append((answered - high - (others - 1) * most, min(most, answered)))
    return any(least >= greatest > 0 for least, greatest in ranges)


def masked(n: int, min_n: int) -> int | str:
    """A number of excluded ballots: shown from min_n on, below only as "<min_n"."""
    return n if n == 0 or n >= min_n else f"<{min_n}"
