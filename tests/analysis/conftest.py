"""Frozen folders made by hand, small enough to check with a pencil."""

import csv
import io
import shutil
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


EVIL = "<script>&\"'=1+1 *星* [x](y) {{ z }}"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """A published table."""
    return list(csv.DictReader(io.StringIO((folder / "release" / name).read_text(encoding="utf-8"))))


@pytest.fixture
def varied(tmp_path: Path, computed: Path) -> Path:
    """A round with every status, odd names and several classes, computed."""
    return Path(shutil.copytree(computed, tmp_path / "round"))


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same round, computed once."""
    method = method_data(
        dimension=weighted(attitude="2/3", openness="1/3", overall="0"),
        group=weighted(citizen="8/10", deputy="2/10"),
        **{
            "class": [
                {"code": "window", "zh": "窗口服务"},
                {"code": "village", "zh": "村社区", "weights": {"citizen": "1"}},
                {"code": "unused", "zh": "没有单位的类"},
            ]
        },
        flag=[{"code": "check", "zh": "检查票", "excluded": True}],
    )
    units = [
        {"slug": "full", "zh": EVIL, "class": "window", "codes_issued": {"citizen": 40}, "panel": {"deputy": 20}},
        {"slug": "part", "zh": "不动产登记中心", "class": "window"},
        {"slug": "thin", "zh": "薄", "class": "window"},
        {"slug": "none", "zh": "空", "class": "window"},
        {"slug": "half", "zh": "半", "class": "window"},
        {"slug": "doubt", "zh": "存疑", "class": "window"},
        {"slug": "panel", "zh": "石桥村", "class": "village", "parent": "full", "panel": {"citizen": 12}},
    ]
    rows = ballots(
        {
            ("full", "citizen", "5", "4", "5"): 20,
            ("full", "citizen", "3", "0", "2"): 7,
            ("full", "deputy", "4", "4", ""): 12,
            ("part", "citizen", "2", "5", "5"): 15,
            ("part", "deputy", "1", "1", "1"): 3,
            ("thin", "citizen", "1", "1", "1"): 4,
            ("half", "deputy", "1", "1", "1"): 11,
            ("doubt", "citizen", "4", "4", "4"): 20,
            ("panel", "citizen", "5", "5", "5"): 12,
        }
    )
    rows = [f"{row}," for row in rows] + ["full,citizen,open,2026-05-04,1,1,1,"] * 5
    rows += ["full,citizen,web,2026-05-04,1,1,1,check"] * 10 + ["doubt,citizen,web,2026-05-04,1,1,1,check"] * 3
    facts = round_data(units, amendment=[{"on": "2026-07-01", "text": "改正一处<错>字"}])
    made = write_folder(tmp_path_factory.mktemp("varied") / "round", rows, method, facts, flags=True)
    assert run("compute", made, "--allow-no-ballots").exit_code == 0
    return made


@pytest.fixture
def figures_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases without workbook, charts and Word documents, which other tests look at and which take seconds."""
    monkeypatch.setattr("analysis.release.documents", lambda *_: {})
