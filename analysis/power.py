"""How much manipulation the tests would find, by simulation: the honest limit of what they can say (method.md §5).

It depends on the method file alone, so it is simulated once for each and cited. The seed is fixed.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from . import suspicion
from .comparison import alpha_of
from .facts import LAST_WEEKS
from .method import Method
from .ranks import benjamini_hochberg
from .rows import Row

SEED, RUNS = 20261121, 60
UNITS, WEEKS = 40, 12
SIZES = (100, 300, 1000)
ADDED = (0.1, 0.2, 0.4, 0.8)  # of the unit's own ballots
ARRIVALS = 6.0  # gamma shape of a week's natural ups and downs: an hour's is 1.5 (method.md §5), a week evens out
SPREAD = 0.2  # of units' habits, in log-odds
STRAIGHT_SHARE = 0.17
LEVELS = (0.02, 0.03, 0.08, 0.12, 0.15, 0.2, 0.2, 0.1, 0.1)  # of mean levels 1, 1.5 … 5
Counts = npt.NDArray[np.int64]
Flagged = npt.NDArray[np.bool_]
Simulated = Callable[[np.random.Generator, int, int, float], Flagged]


def power_rows(method: Method) -> list[Row]:
    """Rows of power.csv for a method file."""
    return [dict(row) for row in _simulated(alpha_of(method))]


@lru_cache(maxsize=8)
def _simulated(alpha: float) -> tuple[Row, ...]:
    tests: dict[str, Simulated] = {"T1": _burst, "T4": _rush, "T5": _open, "T6": _straight}
    rows = []
    for test, attack in tests.items():
        for n in SIZES:
            for share in ADDED:
                added = round(n * share)
                rng = np.random.default_rng([SEED, n, added])
                flagged = np.array([attack(rng, n, added, alpha) for _ in range(RUNS)])
                row: Row = {"test": test, "n": n, "added": added, "runs": RUNS}
                row["detected_pct"] = 100 * float(flagged[:, 0].mean())
                rows.append(row | {"false_pct": 100 * float(flagged[:, 1:].mean())})
    return tuple(rows)


def _burst(rng: np.random.Generator, n: int, added: int, alpha: float) -> Flagged:
    """Ballots added to the first unit in one week."""
    weeks = _arrivals(rng, n)
    weeks[0, rng.integers(WEEKS)] += added
    return _adjusted(suspicion.bursts(weeks).p, alpha)


def _rush(rng: np.random.Generator, n: int, added: int, alpha: float) -> Flagged:
    """Ballots added to the first unit in the last weeks."""
    last = LAST_WEEKS / WEEKS
    weeks = np.zeros((UNITS, WEEKS), dtype=np.int64)
    weeks[:, -1] = rng.binomial(n, _habit(rng, last))
    weeks[:, 0] = n - weeks[:, -1]
    weeks[0, -1] += added
    found = suspicion.rush(weeks)
    return _adjusted(found.p, alpha) & (found.ratio >= suspicion.TIMES)


def _open(rng: np.random.Generator, n: int, added: int, alpha: float) -> Flagged:
    """All-best ballots added to the first unit's open channel, which has half as many ballots as codes have."""
    counted, opened = rng.multinomial(n, LEVELS, size=UNITS), rng.multinomial(n // 2, LEVELS, size=UNITS)
    opened[0, -1] += added
    effect, p = suspicion.against_open(counted, opened)
    return _adjusted(p, alpha) & (np.abs(effect) >= suspicion.EFFECT)


def _straight(rng: np.random.Generator, n: int, added: int, alpha: float) -> Flagged:
    """Ballots of one level throughout added to the first unit."""
    same, of = rng.binomial(n, _habit(rng, STRAIGHT_SHARE)), np.full(UNITS, n)
    same[0], of[0] = same[0] + added, n + added
    found = suspicion.straight(same, of)
    return _adjusted(found.p, alpha) & (found.ratio >= suspicion.TIMES)


def _arrivals(rng: np.random.Generator, n: int) -> Counts:
    """Ballots by unit and week, with natural ups and downs."""
    rates = rng.gamma(ARRIVALS, size=(UNITS, WEEKS))
    return np.array([rng.multinomial(n, row / row.sum()) for row in rates], dtype=np.int64)


def _habit(rng: np.random.Generator, share: float) -> npt.NDArray[np.float64]:
    """A share that differs a little from unit to unit."""
    odds = np.log(share / (1 - share)) + SPREAD * rng.standard_normal(UNITS)
    return np.asarray(1 / (1 + np.exp(-odds)))


def _adjusted(p: npt.NDArray[np.float64], alpha: float) -> Flagged:
    return np.array(benjamini_hochberg(list(p))) <= alpha
