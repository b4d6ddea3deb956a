"""A frozen round with its release: any figure that changes must be explained before this passes again."""

import csv
from pathlib import Path

import pytest

from analysis.columns import DATA_FILES
from analysis.publish import compute
from tests.ground_truth.make import HERE, data_of, write_round

EXPLAIN = (
    "the figures of the ground truth changed. Where that is meant, say in CHANGELOG.md which figure changed and why, "
    "then run: python -m tests.ground_truth.make"
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The data files as the program gives them today."""
    home = tmp_path_factory.mktemp("truth")
    earlier = compute(write_round(home, "2025"), home / "earlier")
    return data_of(write_round(home, "2026"), earlier)


# The digest of the earlier release covers its figures too; it stands in release.json.
@pytest.mark.parametrize("name", DATA_FILES)
def test_the_figures_of_the_frozen_round_are_as_released(name, fresh):
    expected = (HERE / "release" / name).read_bytes()
    assert fresh[name] == expected, f"{name}: {EXPLAIN}"


def test_the_frozen_round_shows_every_kind_of_figure():
    def column(name: str, key: str) -> set[str]:
        with (HERE / "release" / name).open(encoding="utf-8", newline="") as file:
            return {row[key] for row in csv.DictReader(file)}

    assert {"above", "below"} <= column("scores.csv", "tier")
    assert {"ok", "insufficient_weight"} <= column("scores.csv", "status")
    assert {"fires", "no"} <= column("rules.csv", "verdict")
    assert "no_difference" in column("changes.csv", "verdict")
    scenarios = {"scale_linear", "equal_groups", "with_flag:check", "without_flag:burst"}
    assert scenarios <= column("sensitivity.csv", "scenario")
    assert {"T1", "T4", "T5", "T6"} <= column("integrity.csv", "test")


def test_nothing_else_lies_in_the_release_of_the_frozen_round():
    assert sorted(p.name for p in Path(HERE / "release").iterdir()) == sorted(DATA_FILES)
