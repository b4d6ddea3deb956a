"""Frozen folders made by hand, small enough to check with a pencil."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.counts import count
from analysis.read import batches, open_snapshot
from analysis.results import UnitResult, unit_result
from analysis.tomlfile import dumps

Folder = Callable[..., Path]
LINEAR = {"5": 100, "4": 75, "3": 50, "2": 25, "1": 0}
PRESET = {"5": 100, "4": 80, "3": 60, "2": 30, "1": 0}


def weighted(**weights: str) -> list[dict[str, str]]:
    """Tables of dimensions or groups from code=weight."""
    return [{"code": code, "zh": f"名{code}", "weight": weight} for code, weight in weights.items()]


def method_data(**changes: Any) -> dict[str, Any]:
    """A small method: two dimensions, one group, one class; changes replace top-level keys."""
    base: dict[str, Any] = {
        "format": 1,
        "min_n": 10,
        "scale": LINEAR,
        "dimension": weighted(attitude="1/2", openness="1/2"),
        "group": weighted(citizen="1"),
        "class": [{"code": "window", "zh": "窗口服务"}],
        "channel": [
            {"code": "web", "zh": "网上", "counted": True},
            {"code": "open", "zh": "公开渠道", "counted": False},
        ],
    }
    return {key: value for key, value in (base | changes).items() if value is not None}


def round_data(units: Iterable[Mapping[str, Any] | str] = ("hall",), **changes: Any) -> dict[str, Any]:
    """A small round with the named units."""
    tables = [{"slug": u, "zh": f"单位{u}", "class": "window"} if isinstance(u, str) else dict(u) for u in units]
    base = {
        "format": 1,
        "code": "2026-h1",
        "name": "2026年上半年评议",
        "instrument": "campaign",
        "opens_on": "2026-04-08",
        "closes_on": "2026-06-30",
        "unit": tables,
    }
    return {key: value for key, value in (base | changes).items() if value is not None}


def ballots(counts: Mapping[tuple[str, ...], int]) -> list[str]:
    """Rows of ballots.csv from {(unit, group, *answers): number}; channel web, one week."""
    return [
        ",".join([unit, group, "web", "2026-05-04", *answers])
        for (unit, group, *answers), number in counts.items()
        for _ in range(number)
    ]


def write_folder(
    folder: Path, rows: Iterable[str], method: Mapping[str, Any], facts: Mapping[str, Any], flags: bool = False
) -> Path:
    """Write a frozen folder and return it (it holds snapshot/)."""
    snapshot = folder / "snapshot"
    snapshot.mkdir(parents=True, exist_ok=True)
    (snapshot / "method.toml").write_text(dumps(method), encoding="utf-8")
    (snapshot / "round.toml").write_text(dumps(facts), encoding="utf-8")
    names = ["unit", "group", "channel", "period", *(d["code"] for d in method["dimension"]), *(["flags"] * flags)]
    text = "\n".join([",".join(names), *rows]) + "\n"
    (snapshot / "ballots.csv").write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """make(rows, method=…, facts=…): a frozen folder below tmp_path."""

    def make(
        rows: Iterable[str],
        method: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        name: str = "round",
        **kwargs: Any,
    ) -> Path:
        return write_folder(tmp_path / name, rows, method or method_data(), facts or round_data(), **kwargs)

    return make


def results_of(folder: Path) -> dict[str, UnitResult]:
    """Every unit's result by slug."""
    snapshot = open_snapshot(folder)
    tally = count(batches(snapshot), snapshot.method, snapshot.round)
    found = [unit_result(tally, i, snapshot.method, snapshot.round) for i in range(len(snapshot.round.units))]
    return {result.unit.slug: result for result in found}


def only(folder: Path) -> UnitResult:
    """The result of the one unit."""
    [result] = results_of(folder).values()
    return result


def run(*args: object) -> Result:
    """Run a command of python -m analysis."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


VECTOR_LEVELS = [0, 5, 4, 5, 3, 4, 5, 2, 4, 5, 1, 4, 3]


def vector_rows(groups: str = "ABC") -> list[str]:
    """The ballots of method.md §1.7, made by its formula."""
    sizes = {"A": 60, "B": 25, "C": 12}
    rows = []
    for group in groups:
        gi = "ABC".index(group)
        for i in range(sizes[group]):
            z = [(7 * i + 5 * q + 3 * gi + (i * i) % 11 + (i * q) % 7) % 13 for q in range(3)]
            rows.append(",".join(["hall", group, "web", "2026-05-04", *(str(VECTOR_LEVELS[k]) for k in z)]))
    return rows


def vector_method(**changes: Any) -> dict[str, Any]:
    """The method of method.md §1.7."""
    return method_data(
        dimension=weighted(q1="4/10", q2="3/10", q3="3/10"),
        group=weighted(A="5/10", B="3/10", C="2/10"),
        **changes,
    )


def vector_round(panel: int | None = 20) -> dict[str, Any]:
    """One unit whose group C is a panel."""
    unit: dict[str, Any] = {"slug": "hall", "zh": "大厅", "class": "window"}
    return round_data([unit | ({"panel": {"C": panel}} if panel else {})])
