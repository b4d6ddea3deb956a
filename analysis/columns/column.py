"""One published column: its name, its kind, its unit and what it means."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = {"score": 2, "rate": 1, "z": 3}
# Probabilities: places shown, and from where on only "less than" is said.
CHANCES = {"chance": 2, "p": 4}


@dataclass(frozen=True)
class Column:
    """One column: `kind` is text, int, exact (a fraction), score (2 decimals), rate (1), z (3), or a probability:
    chance (2 decimals) or p (4); a probability below the last place is "<0.01" or "<0.0001".
    """

    name: str
    kind: str
    unit: str
    zh: str
    means: str

    def text(self, value: object) -> str:
        """The value as published in CSV; None is empty."""
        if value is None:
            return ""
        if isinstance(value, str) and self.kind in CHANCES:
            return value  # already said, as in JSON and the workbook
        if self.kind in CHANCES:
            return _chance(value, CHANCES[self.kind])
        return rounded(value, PLACES[self.kind]) if self.kind in PLACES else str(value)

    def number(self, value: object) -> str | int | float | None:
        """The same value for JSON and the workbook: rounded numbers; exact fractions and probabilities as text."""
        if value is None or value == "":
            return None
        if self.kind in PLACES:
            return float(self.text(value))
        return value if isinstance(value, int) and self.kind not in CHANCES else self.text(value)


def rounded(value: object, places: int) -> str:
    """Half-even on the exact value, at output only; never "-0.00"."""
    scaled = round(_exact(value) * 10**places)
    return f"{Decimal(scaled).scaleb(-places):.{places}f}"


def _chance(value: object, places: int) -> str:
    exact = _exact(value)
    return f"<{rounded(Fraction(1, 10**places), places)}" if exact * 10**places < 1 else rounded(exact, places)


def _exact(value: object) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(value)  # type: ignore[call-overload]  # numbers and texts both fit
