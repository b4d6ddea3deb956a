"""Two scorers written apart agree on random rounds of every shape: small, silent, unanimous, panels, odd weights."""

import random
from pathlib import Path

import pytest

from analysis.manifest import NAME, describe
from analysis.read import open_snapshot
from analysis.release import build_data

from .conftest import method_data, round_data, weighted, write_folder
from .test_verify import verify

GROUPS, DIMENSIONS = ("citizen", "deputy", "enterprise"), ("attitude", "openness", "promise")
VALID = [f"level_{level}" for level in range(1, 6)]


def shares(chance: random.Random, codes: tuple[str, ...]) -> dict[str, str]:
    """Random weights that sum to 1; some are 0."""
    parts = [chance.choice([0, 1, 1, 2, 3]) for _ in codes]
    whole = sum(parts) or 1
    parts[0] += 0 if sum(parts) else 1
    return {code: f"{part}/{whole}" for code, part in zip(codes, parts, strict=True)}


def random_method(chance: random.Random) -> dict:
    scale = chance.choice(
        [None, {"5": 100, "4": 75, "3": 50, "2": 25, "1": 0}, {"5": 2, "4": 1, "3": 0, "2": -1, "1": -2}]
    )
    rule = {
        "id": "poor",
        "basis": "示例",
        "dimension": "attitude",
        "left": {"count": chance.sample(VALID, 2)},
        "over": {"count": [*VALID, *chance.choice([[], ["dont_know"], ["dont_know", "blank"]])]},
        "op": chance.choice([">=", ">"]),
        "value": chance.choice(["1/3", "1/5", "0.4"]),
        "years": chance.choice([1, 2]),
    }
    last = {"id": "bottom", "basis": "示例", "kind": "last", "min_units": chance.choice([3, 8])}
    classes = [{"code": "window", "zh": "甲"}, {"code": "village", "zh": "乙", "weights": shares(chance, GROUPS)}]
    return method_data(
        scale=scale,
        min_n=chance.choice([2, 5, 10]),
        min_weight=chance.choice(["0", "1/2", "7/10", "1"]),
        confidence=chance.choice(["0.9", "0.95", "0.99"]),
        satisfied_levels=chance.choice([[3, 4, 5], [4, 5]]),
        dimension=weighted(**shares(chance, DIMENSIONS), overall="0"),
        group=weighted(**shares(chance, GROUPS)),
        rule=[rule, last],
        **{"class": classes},
    )


def random_round(chance: random.Random, folder: Path) -> Path:
    units, rows = [], []
    for i in range(chance.randint(1, 12)):
        unit = {"slug": f"unit-{i}", "zh": f"单位{i}", "class": chance.choice(["window", "window", "village"])}
        habit = chance.choice(["5", "1", "0", "5554", "54321", "3322110", "4"])
        sizes = {group: chance.choice([0, 1, 4, 12, 40, 90]) for group in GROUPS}
        if chance.random() < 0.4:
            unit["panel"] = {g: n + chance.choice([0, 0, 5]) for g, n in sizes.items() if n}
        units.append(unit)
        for group, size in sizes.items():
            for _ in range(size):
                answers = [chance.choice(habit) if chance.random() < 0.9 else "" for _ in range(4)]
                rows.append(",".join([f"unit-{i}", group, "web", "2026-05-04", *(answers if any(answers) else "5555")]))
    rows.append("unit-0,citizen,web,2026-05-04,5,5,5,5")
    if "panel" in units[0]:
        del units[0]["panel"]
    return write_folder(folder, rows, random_method(chance), round_data(units))


def publish(seed: int, folder: Path) -> Path:
    """The data files of a random round."""
    files = build_data(open_snapshot(random_round(random.Random(seed), folder / "round")))[0]
    published = folder / "published"
    published.mkdir()
    for name, content in (files | {NAME: describe(files)}).items():
        (published / name).write_bytes(content)
    return published


@pytest.mark.parametrize("seed", range(12))
def test_both_scorers_agree_on_a_random_round(tmp_path, capsys, seed):
    published = publish(seed, tmp_path)

    code = verify.Release(published).verify()

    assert code == 0, capsys.readouterr().out
