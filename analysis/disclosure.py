"""What may be shown: cells with enough answers, one pooled remainder, the number withheld.

A cell is one unit x group x dimension. It is released, and counted in scores, iff answered >= min_n; no
margin over cells is published, so nothing can be found by subtraction (method.md §6).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .counts import Counts, Tally
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
    ballots: group -> ballots, for groups with a released cell; withheld: ballots of all other groups.
    """

    cells: dict[tuple[int, int], Cell]
    rest: dict[int, Cell]
    ballots: dict[int, int]
    withheld: int

    @property
    def n(self) -> int:
        """Ballots that stand behind a released cell."""
        return sum(self.ballots.values())


def release_unit(tally: Tally, unit: int, method: Method) -> Released:
    """Split one unit's cells into released, pooled and withheld."""
    answers = tally.answers[unit]
    shown = answers[:, :, 1:BLANK].sum(axis=2) >= method.min_n
    cells = {(int(g), int(d)): cell_of(answers[g, d]) for g, d in np.argwhere(shown)}
    ballots = {g: int(tally.ballots[unit, g]) for g in sorted({g for g, _ in cells})}
    rest = {d: cell_of(answers[~shown[:, d], d].sum(axis=0)) for d in range(answers.shape[1])}
    return Released(
        cells=cells,
        rest={d: cell for d, cell in rest.items() if cell.answered >= method.min_n},
        ballots=ballots,
        withheld=int(tally.ballots[unit].sum()) - sum(ballots.values()),
    )


def masked(n: int, min_n: int) -> int | str:
    """A number of excluded ballots: shown from min_n on, below only as "<min_n"."""
    return n if n == 0 or n >= min_n else f"<{min_n}"
