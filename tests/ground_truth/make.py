"""The frozen rounds of the ground truth, by formula, and their release: python -m tests.ground_truth.make

Run it only together with a line in CHANGELOG.md that says which figure changed and why.
"""

import shutil
from pathlib import Path
from typing import Any

from analysis.columns import DATA_FILES
from analysis.earlier import Inputs, read_inputs
from analysis.publish import compute
from analysis.read import Snapshot, open_snapshot
from analysis.release import build_data
from analysis.tomlfile import dumps

HERE = Path(__file__).parent
ROUNDS = ("2025", "2026")
WEEKS = ("04-06", "04-13", "04-20", "04-27", "05-04", "05-11", "05-18", "05-25", "06-01")
UNITS = ("bridge", "harbour", "hill", "lake", "market", "mill", "orchard", "quarry", "river")
# Ballots in a unit of these groups, and how many were asked; the ninth unit has a whole panel and few citizens.
SIZES = {"citizen": (60, 90), "firm": (25, 40), "deputy": (12, 20)}
METHOD: dict[str, Any] = {
    "format": 1,
    "dimension": [
        {"code": "attitude", "zh": "服务态度", "weight": "1/2"},
        {"code": "speed", "zh": "办事效率", "weight": "3/10"},
        {"code": "open", "zh": "政务公开", "weight": "1/5"},
        {"code": "overall", "zh": "总体评价", "weight": "0"},
    ],
    "group": [
        {"code": "citizen", "zh": "群众", "weight": "1/2"},
        {"code": "firm", "zh": "企业", "weight": "3/10"},
        {"code": "deputy", "zh": "两代表一委员", "weight": "1/5"},
    ],
    "class": [{"code": "window", "zh": "窗口服务"}],
    "flag": [{"code": "check", "zh": "检查票", "excluded": True}, {"code": "burst", "zh": "突增", "excluded": False}],
    "rule": [
        {
            "id": "third-bad",
            "zh": "不满意达到三分之一",
            "basis": "示例办法第8条",
            "dimension": "attitude",
            "left": {"count": ["level_1", "level_2"]},
            "over": {"count": [f"level_{level}" for level in range(1, 6)]},
            "op": ">=",
            "value": "1/3",
            "years": 2,
        },
        {"id": "last", "zh": "末位", "basis": "示例办法第9条", "kind": "last"},
    ],
}


def rows_of(year: str) -> list[str]:
    """The ballots of a round: whole-number formulas, so that no generator of chance is needed to make them again."""
    return sorted(
        _row(year, u, unit, g, group, i)
        for u, unit in enumerate(UNITS)
        for g, group in enumerate(SIZES)
        for i in range(_size(unit, group))
    )


def _size(unit: str, group: str) -> int:
    if unit == "river":
        return {"citizen": 7, "firm": 0, "deputy": 20}[group]
    return SIZES[group][0]


def _row(year: str, u: int, unit: str, g: int, group: str, i: int) -> str:
    turn = int(year) % 7
    better = (year == "2026" and unit == "market") * 3 - (unit == "bridge")
    answers = [_answer(u + better, 5 * i + 3 * q + 2 * g + turn * (u % 3), q) for q in range(4)]
    channel = "open" if i % 11 == 10 and group == "citizen" else "web"
    flag = "check" if unit == "lake" and group == "citizen" and i < 10 else "burst" if (i + u) % 29 == 0 else ""
    day = f"{year}-{WEEKS[(i * i + u) % len(WEEKS)]}" if year == "2026" else f"{year}-05-05"
    return ",".join([unit, group, channel, day, *answers, flag])


def _answer(u: int, place: int, q: int) -> str:
    """Better units have more fives; one answer in 23 is 不了解, one in 37 is blank."""
    if place % 23 == 7:
        return "0"
    if place % 37 == 11 and q:
        return ""
    return str(5 - min(4, max(0, (place * place + place) % 13 - 4 - u)))


def facts_of(year: str) -> dict[str, Any]:
    """round.toml of a year."""
    people = {group: asked for group, (_, asked) in SIZES.items()}
    unit = {"class": "window", "parent": "district", "codes_issued": people, "panel": {"deputy": 20}}
    return {
        "format": 1,
        "code": f"truth-{year}",
        "name": f"{year}年评议（核对用）",
        "instrument": "campaign",
        "opens_on": f"{year}-04-06",
        "closes_on": f"{year}-06-07",
        "unit": [{"slug": slug, "zh": f"单位{slug}", **unit} for slug in UNITS],
    }


def write_round(home: Path, year: str) -> Path:
    """Write the frozen folder of a year below `home` and return it."""
    snapshot = home / year / "snapshot"
    snapshot.mkdir(parents=True, exist_ok=True)
    (snapshot / "method.toml").write_text(dumps(METHOD), "utf-8", newline="")
    (snapshot / "round.toml").write_text(dumps(facts_of(year)), "utf-8", newline="")
    header = ",".join(["unit,group,channel,period", *(d["code"] for d in METHOD["dimension"]), "flags"])
    (snapshot / "ballots.csv").write_text("\n".join([header, *rows_of(year)]) + "\n", "utf-8", newline="")
    return home / year


def data_of(folder: Path, previous: Path | None = None) -> dict[str, bytes]:
    """The data files of a frozen folder's release, beside those of an earlier round."""
    snapshot: Snapshot = open_snapshot(folder)
    inputs: Inputs = read_inputs(snapshot.round, [previous] if previous else [], [])
    return {name: content for name, content in build_data(snapshot, inputs=inputs)[0].items() if name in DATA_FILES}


def make(home: Path) -> None:
    """Both rounds and what is released of them, in place of what is there."""
    first, second = (write_round(home, year) for year in ROUNDS)
    earlier = compute(first, home / "earlier")
    expected = HERE / "release"
    shutil.rmtree(expected, ignore_errors=True)
    expected.mkdir()
    for name, content in data_of(second, earlier).items():
        (expected / name).write_bytes(content)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        make(Path(folder))
