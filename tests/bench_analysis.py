"""Speed and memory of counting, as ratios to plain reading in the same run: python tests/bench_analysis.py [SIZE …].

For 1e5, 1e6 and 1e7 ballots × 6 questions × 200 units × 5 groups: CPU seconds over those of reading the same columns of
the same file with one thread, peak memory of a process of its own, and DuckDB beside it. Then a whole release at 1e6.
Aims at 1e7, all 15 pair tables counted: frame 2.2 and 600 MB, batches 2.5 and 250 MB; release 60 s.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.ballotfile import BATCH_ROWS
from analysis.counts import count
from analysis.read import Snapshot, batches, open_snapshot
from analysis.tomlfile import dumps

UNITS, GROUPS, DIMENSIONS = 200, 5, 6
SIZES = (10**5, 10**6, 10**7)
TEXTS = ["unit", "group", "channel", "period"]
COUNTED = ["unit", "group", *(f"q{i}" for i in range(DIMENSIONS))]
AIMS = {"frame": (2.2, 600), "batches": (2.5, 250)}
RELEASE_SECONDS = 60


def write_round(folder: Path, rows: int, suffix: str) -> Path:
    """A frozen folder of random ballots; returns the ballots' path."""
    folder.mkdir(parents=True)
    weights = ["1/6"] * DIMENSIONS
    method = {
        "format": 1,
        "dimension": [{"code": f"q{i}", "zh": f"问{i}", "weight": w} for i, w in enumerate(weights)],
        "group": [{"code": f"g{i}", "zh": f"组{i}", "weight": "1/5"} for i in range(GROUPS)],
        "class": [{"code": "window", "zh": "窗口"}],
    }
    units = [{"slug": f"u{i:03}", "zh": f"单位{i}", "class": "window"} for i in range(UNITS)]
    dates = {"opens_on": "2026-04-01", "closes_on": "2026-06-30"}
    facts = {"format": 1, "code": "bench", "name": "测速", "instrument": "campaign", **dates, "unit": units}
    (folder / "method.toml").write_text(dumps(method), encoding="utf-8")
    (folder / "round.toml").write_text(dumps(facts), encoding="utf-8")
    table, path = random_ballots(rows), folder / f"ballots{suffix}"
    if suffix == ".parquet":
        pq.write_table(table, path, compression="zstd", row_group_size=1 << 20)
    else:
        pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="none"))
    return path


def random_ballots(rows: int) -> pa.Table:
    """Ballots with a fixed seed: texts for the keys, small integers for the answers."""
    rng = np.random.default_rng(20261121)

    def words(prefix: str, number: int, width: int) -> pa.Array:
        names = np.array([f"{prefix}{i:0{width}}" for i in range(number)])
        return pa.array(names[rng.integers(0, number, rows)])

    columns = {"unit": words("u", UNITS, 3), "group": words("g", GROUPS, 1)}
    columns |= {"channel": pa.array(["web"] * rows), "period": pa.array(["2026-05-04"] * rows)}
    columns |= {f"q{i}": pa.array(rng.integers(0, 6, rows).astype(np.int8)) for i in range(DIMENSIONS)}
    return pa.table(columns)


def reading(snapshot: Snapshot, columns: list[str] | None = None) -> object:
    """The bound: the columns that are counted (None: all) into memory, texts as dictionaries, one thread."""
    return pq.read_table(snapshot.ballots[0], columns=columns, use_threads=False, read_dictionary=TEXTS)


def in_batches(snapshot: Snapshot) -> object:
    """What the program does: read a batch, turn it into codes, count it."""
    return count(batches(snapshot), snapshot.method, snapshot.round)


def in_a_frame(snapshot: Snapshot) -> object:
    """The plainest way: a pandas frame of COUNTED in memory, np.bincount on its codes by slices; nothing is checked."""
    import pandas as pd

    # Columns are handed over one by one: else the table and the frame stand in memory side by side.
    handed = {"split_blocks": True, "self_destruct": True}
    options = {"use_threads": False, "read_dictionary": TEXTS, "to_pandas_kwargs": handed}
    frame = pd.read_parquet(snapshot.ballots[0], columns=COUNTED, **options)
    cell = frame["unit"].cat.codes.to_numpy(np.int32) * GROUPS + frame["group"].cat.codes.to_numpy()
    answers, size = [frame[f"q{i}"].to_numpy() for i in range(DIMENSIONS)], UNITS * GROUPS * 36
    tables = {pair: np.zeros(size, dtype=np.int64) for pair in combinations(range(DIMENSIONS), 2)}
    for start in range(0, len(frame), BATCH_ROWS):
        some = slice(start, start + BATCH_ROWS)
        base = cell[some].astype(np.int64) * 36
        for (c, d), table in tables.items():
            table += np.bincount(base + (answers[c][some] * np.int8(6) + answers[d][some]), minlength=size)
    return tables


def in_duckdb(snapshot: Snapshot, columns: int) -> object:
    """One GROUP BY for each question (columns 1) or each pair of questions (columns 2)."""
    import duckdb

    names = [f"q{i}" for i in range(DIMENSIONS)]
    with duckdb.connect() as sql:
        for some in combinations(names, columns):
            keys = f'unit, "group", {", ".join(some)}'
            sql.read_parquet(str(snapshot.ballots[0])).aggregate(f"{keys}, count(*)", keys).fetchall()
    return None


WORK: dict[str, Callable[[Snapshot], object]] = {
    "reading": reading,
    "batches": in_batches,
    "frame": in_a_frame,
    "duckdb": lambda snapshot: in_duckdb(snapshot, 1),
    "duckdb, pairs": lambda snapshot: in_duckdb(snapshot, 2),
}


def cpu(work: Callable[[], object], times: int = 3) -> float:
    """Least CPU seconds of some runs, all threads of the process."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def child(mode: str, folder: str, what: str) -> None:
    """Measure one way of counting in a process of its own and print it as JSON."""
    snapshot = open_snapshot(Path(folder))
    if what == "peak":
        WORK[mode](snapshot)
        # Not ru_maxrss: a child begins with its parent's.
        print(json.dumps(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024))
    else:
        bound = cpu(lambda: reading(snapshot, COUNTED if mode == "frame" else None), 5)
        print(json.dumps([bound, cpu(lambda: WORK[mode](snapshot), 1 if "duckdb" in mode else 3)]))


def measured(mode: str, folder: Path, what: str) -> list[float]:
    """What a child measured."""
    command = [sys.executable, __file__, "child", mode, str(folder), what]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found if isinstance(found, list) else [found]


def compare(folder: Path, rows: int) -> list[str]:
    """Print a table of all ways at one size; returns the aims that were missed."""
    print(f"\n{rows:,} ballots, {(folder / 'ballots.parquet').stat().st_size / 1e6:.1f} MB of Parquet (zstd)")
    print(f"{'way':16}{'CPU s':>8}{'read s':>8}{'ratio':>7}{'peak MB':>9}")
    missed = []
    for mode in WORK:
        (bound, spent), [peak] = measured(mode, folder, "cpu"), measured(mode, folder, "peak")
        ratio = spent / bound
        print(f"{mode:16}{spent:8.3f}{bound:8.3f}{ratio:7.1f}{peak:9.0f}", flush=True)
        aim = AIMS.get(mode, (float("inf"), float("inf")))
        if rows == SIZES[-1] and (ratio > aim[0] or peak > aim[1]):
            missed.append(f"{mode}: ratio {ratio:.2f} (aim {aim[0]}), peak {peak:.0f} MB (aim {aim[1]})")
    return missed


def release(folder: Path) -> list[str]:
    """Compute a whole release of 1e6 ballots and print where the time went."""
    command = [sys.executable, "-m", "analysis", "compute", str(folder), "--timing"]
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\nwhole release, 200 units, 1e6 ballots: {wall:.1f} s on the wall, {spent:.1f} CPU s of all processes")
    print(done.stderr.rstrip())
    return [] if min(wall, spent) <= RELEASE_SECONDS else [f"release: {wall:.1f} s (aim {RELEASE_SECONDS})"]


def main(sizes: list[int]) -> int:
    """Print all figures; 1 if an aim was missed."""
    missed = []
    with tempfile.TemporaryDirectory() as name:
        for rows in sizes:
            folder = write_round(Path(name) / str(rows) / "snapshot", rows, ".parquet").parent
            missed += compare(folder, rows)
            if rows == 10**6:
                missed += release(folder.parent)
    for line in missed:
        print(f"missed: {line}")
    return int(bool(missed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(*sys.argv[2:5])
    else:
        given = [int(float(text)) for text in sys.argv[1:] if re.fullmatch(r"[0-9.e]+", text)]
        sys.exit(main(given or list(SIZES)))
