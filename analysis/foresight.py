"""What a plan can and cannot show, before anybody is asked: how wide intervals would be, which ranks would hold apart.

The best case (method.md §3, norms.md §6): honest raters, chosen at random, who answer every question; levels spread as
in REFERENCE; units whose true scores differ by TRUE_SD points. The seed is fixed: the same plan gives the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .facts import Unit, load_round
from .intervals import Smoothed, Stratum, smooth, wilson, z_of
from .method import Method, load_method

REFERENCE: Mapping[int, Fraction] = {
    5: Fraction(62, 100),
    4: Fraction(24, 100),
    3: Fraction(9, 100),
    2: Fraction(3, 100),
    1: Fraction(2, 100),
}
TRUE_SD = 2.5  # points of a scale from 0 to 100
SEED, RUNS = 20261125, 400
FLOATS = ("half_width", "apart")
RETURNS = (Fraction(1), Fraction(1, 2), Fraction(1, 5))  # of the codes planned


@dataclass(frozen=True)
class Foresight:
    """What one class could show at one share of codes returned.

    units: in the class; scored: of them with enough answers for a score; n: answers of the middle scored unit;
    half_width: of its interval, in points, None where all are asked; apart: share of neighbouring ranks whose
    difference is beyond chance, None with fewer than two scored.
    """

    returned: Fraction
    units: int
    scored: int
    n: int
    half_width: float | None
    apart: float | None


def foresee(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Rows by class for the method.toml and round.toml in `folder`; codes_issued is what is planned.

    Raises BadInput.
    """
    method = load_method(folder / "method.toml")
    units = load_round(folder / "round.toml", method).units
    classes = {one.code: [unit for unit in units if unit.class_code == one.code] for one in method.classes}
    return {code: [_told(row) for row in foreseen(method, code, found)] for code, found in classes.items() if found}


def _told(row: Foresight) -> dict[str, object]:
    """A row as JSON: fractions as text, figures rounded once."""
    rounded = {name: None if value is None else round(value, 4) for name, value in vars(row).items() if name in FLOATS}
    return {**vars(row), **rounded, "returned": str(row.returned)}


def foreseen(method: Method, class_code: str, units: Sequence[Unit]) -> list[Foresight]:
    """One row for each share of RETURNS."""
    return [_at(method, class_code, units, share) for share in RETURNS]


def _at(method: Method, class_code: str, units: Sequence[Unit], returned: Fraction) -> Foresight:
    weights = method.group_weights(class_code)
    strata = [found for unit in units if (found := _strata(method, weights, unit, returned))]
    scored = sorted(strata, key=lambda found: sum(one.n for one in found))
    if not scored:
        return Foresight(returned, len(units), 0, 0, None, None)
    middle = scored[len(scored) // 2]
    errors = np.array([_error(found, method) for found in scored])
    apart = _told_apart(errors, method) if len(scored) > 1 else None
    n = sum(one.n for one in middle)
    return Foresight(returned, len(units), len(scored), n, _half_width(middle, method), apart)


def _strata(method: Method, weights: Mapping[str, Fraction], unit: Unit, returned: Fraction) -> list[Stratum]:
    """The groups that would count, as the score counts them; none where they carry too little of the weight."""
    asked = {g: int(unit.codes_issued.get(g, 0) * returned) for g, weight in weights.items() if weight}
    counted = {g: n for g, n in asked.items() if n >= method.min_n}
    carried = sum((weights[g] for g in counted), Fraction(0))
    if not counted or carried < method.min_weight:
        return []
    mean, variance = _reference(method)
    return [
        Stratum(weights[g] / carried, n, mean, variance, _share_of_panel(n, unit.panel.get(g, 0)))
        for g, n in counted.items()
    ]


def _share_of_panel(n: int, people: int) -> Fraction:
    return Fraction(n, max(n, people)) if people else Fraction(0)


def _reference(method: Method) -> tuple[Fraction, Fraction]:
    """Mean and variance of one answer on the 0..1 scale.

    Questions are taken to be answered alike by one person, the widest case (method.md §1.4): more questions then tell
    no more than one.
    """
    low, high = min(method.points.values()), max(method.points.values())
    at = {level: (points - low) / (high - low) for level, points in method.points.items()}
    mean = sum((share * at[level] for level, share in REFERENCE.items()), Fraction(0))
    return mean, sum((share * (at[level] - mean) ** 2 for level, share in REFERENCE.items()), Fraction(0))


def _half_width(strata: Sequence[Stratum], method: Method) -> float | None:
    """Half the published interval of a unit of these groups, in points."""
    smoothed = smooth(strata)
    if smoothed is None:
        return None
    low, high = wilson(float(_reference(method)[0]), smoothed.n_eff, z_of(method.confidence))
    return (high - low) / 2 * _span(method)


def _error(strata: Sequence[Stratum], method: Method) -> float:
    """Smoothed standard error in points."""
    smoothed: Smoothed | None = smooth(strata)
    return sqrt(smoothed.variance) * _span(method) if smoothed else 0.0


def _span(method: Method) -> float:
    return float(max(method.points.values()) - min(method.points.values()))


def _told_apart(errors: npt.NDArray[np.float64], method: Method) -> float:
    """Share of neighbouring ranks that lie further apart than z standard errors of their difference.

    Generous: no allowance for how many pairs are looked at, so a plan that fails here fails anywhere.
    """
    rng = np.random.default_rng(SEED)
    shape = (RUNS, len(errors))
    seen = rng.normal(0, TRUE_SD * _span(method) / 100, shape) + rng.standard_normal(shape) * errors
    order = np.argsort(seen, axis=1)
    ranked, squares = np.take_along_axis(seen, order, axis=1), errors[order] ** 2
    limit = z_of(method.confidence) * np.sqrt(squares[:, 1:] + squares[:, :-1])
    return float((np.diff(ranked, axis=1) > limit).mean())
