"""Where to look first: an order for the discipline office alone, never published (method.md §2).

Raw scores over-blame small units by chance, so each is drawn towards its class by how unsure it is. That gives a unit a
score its own raters did not give, and is why it may order work and nothing else.
"""

from collections.abc import Sequence
from math import sqrt
from pathlib import Path

from scipy.optimize import brentq

from .comparison import by_class
from .earlier import read_release

FEWEST = 3


def between_variance(scores: Sequence[float], errors: Sequence[float]) -> float:
    """Paule and Mandel's variance between units; 0 where chance alone explains the differences."""

    def surplus(tau2: float) -> float:
        """Weighted squares beyond what chance alone gives."""
        weights = [1 / (s * s + tau2) for s in errors]
        centre = _centre(scores, weights)
        squares = sum(w * (y - centre) ** 2 for w, y in zip(weights, scores, strict=True))
        return squares - (len(scores) - 1)

    if surplus(0.0) <= 0:
        return 0.0
    high = 1.0
    while surplus(high) > 0:
        high *= 2
    return float(brentq(surplus, 0.0, high, xtol=1e-13, rtol=1e-14))


def _centre(scores: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * y for w, y in zip(weights, scores, strict=True)) / sum(weights)


def shrunk(scores: Sequence[float], errors: Sequence[float]) -> list[float]:
    """Each score drawn towards the common centre by B = s²/(s² + τ²)."""
    tau2 = between_variance(scores, errors)
    centre = _centre(scores, [1 / (s * s + tau2) for s in errors])
    return [(s * s * centre + tau2 * y) / (s * s + tau2) for y, s in zip(scores, errors, strict=True)]


def worklist(folder: Path) -> list[tuple[str, str, float, float]]:
    """(class, unit, score, score drawn in) of a release, within each class the lowest first. Raises BadInput.

    Classes of fewer than 3 units, and units without sampling error, are left out.
    """
    release = read_release(folder)
    rows = []
    for code, units in by_class(release.results, release.method).items():
        known = [
            (u.unit.slug, float(u.score.mean), sqrt(u.score.variance)) for u in units if u.score and u.score.variance
        ]
        if len(known) >= FEWEST:
            drawn = shrunk([y for _, y, _ in known], [s for _, _, s in known])
            found = [(code, slug, y, e) for (slug, y, _), e in zip(known, drawn, strict=True)]
            rows += sorted(found, key=lambda row: (row[3], row[1]))
    return rows
