"""Look.md §2 as a test: the contrast of every pair, computed from tokens.css by the WCAG 2.2 formula."""

import re

import pytest

from survey_app.config import HOME

CSS = (HOME / "site/overrides/assets/css/tokens.css").read_text("utf-8")
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("ink", "paper", 16.29, 21.00, TEXT),
    ("ink", "wash", 15.02, 21.00, TEXT),
    ("ink-2", "paper", 7.49, 15.13, TEXT),
    ("ink-2", "wash", 6.91, 15.13, TEXT),
    ("link", "paper", 8.77, 12.07, TEXT),
    ("link", "wash", 8.09, 12.07, TEXT),
    ("visited", "paper", 8.77, 11.57, TEXT),
    ("on-brand", "brand", 8.77, 12.07, TEXT),
    ("on-brand", "brand-deep", 12.20, 15.40, TEXT),
    ("on-brand", "staff", 13.48, 21.00, TEXT),
    ("good", "paper", 6.93, 10.26, TEXT),
    ("good", "good-wash", 6.06, 10.26, TEXT),
    ("warn", "paper", 7.41, 10.39, TEXT),
    ("warn", "warn-wash", 6.78, 10.39, TEXT),
    ("bad", "paper", 7.28, 9.51, TEXT),
    ("bad", "bad-wash", 6.31, 9.51, TEXT),
    ("on-l5", "l5", 7.90, 7.90, TEXT),
    ("on-l4", "l4", 6.23, 6.23, TEXT),
    ("on-l3", "l3", 12.63, 12.63, TEXT),
    ("on-l2", "l2", 7.71, 7.71, TEXT),
    ("on-l1", "l1", 7.40, 7.40, TEXT),
    ("edge", "paper", 4.91, 21.00, EDGE),
    ("edge", "wash", 4.53, 21.00, EDGE),
    ("focus-ink", "paper", 16.29, 16.29, EDGE),
    ("focus", "brand", 6.15, 8.47, EDGE),
    ("focus", "focus-ink", 11.43, 11.43, EDGE),
]


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--p-([a-z0-9-]+):\s*(#[0-9a-f]{6})", css))


STANDARD = tokens(CSS[: CSS.index("elderly mode")])
ELDER = {**STANDARD, **tokens(CSS[CSS.index("elderly mode") :])}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("front", "ground", "standard", "elder", "least"), PAIRS)
def test_a_pair_has_the_contrast_that_look_md_states(
    front: str, ground: str, standard: float, elder: float, least: float
) -> None:
    for theme, stated in ((STANDARD, standard), (ELDER, elder)):
        measured = contrast(theme[front], theme[ground])
        assert measured == pytest.approx(stated, abs=0.011)
        assert measured >= least
