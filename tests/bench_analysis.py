"""Speed and memory of counting, as ratios to plain reading in the same run: python tests/bench_analysis.py.

Targets: counting 1e6 ballots from Parquet takes at most 4 times the CPU time of reading the same columns.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.counts import count
from analysis.read import batches, open_snapshot
from analysis.release import build_data
from analysis.tomlfile import dumps

UNITS, GROUPS, DIMENSIONS = 200, 5, 6
LIMIT = 4.0


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
    pq.write_table(table, path) if suffix == ".parquet" else pacsv.write_csv(
        table, path, pacsv.WriteOptions(quoting_style="none")
    )
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


def cpu(work: Callable[[], object], times: int = 3) -> float:
    """Least CPU seconds of some runs."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def peak_mb() -> float:
    """Peak memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the ratios; 1 if counting is slower than its target."""
    with tempfile.TemporaryDirectory() as name:
        big = write_round(Path(name) / "big" / "snapshot", 10**6, ".parquet")
        small = write_round(Path(name) / "small" / "snapshot", 10**5, ".csv")
        snapshot = open_snapshot(big.parent)
        print(f"before counting: peak {peak_mb():.0f} MB")
        counting = cpu(lambda: count(batches(snapshot), snapshot.method, snapshot.round))
        print(f"after counting 1e6 rows in batches: peak {peak_mb():.0f} MB")
        reading = cpu(lambda: pq.read_table(big, use_threads=False))
        ratio = counting / reading
        print(f"1e6 rows, Parquet: read {reading:.3f} s, count {counting:.3f} s, ratio {ratio:.1f} (target {LIMIT})")
        lines = cpu(lambda: pacsv.read_csv(small, read_options=pacsv.ReadOptions(use_threads=False)))
        whole = cpu(lambda: build_data(open_snapshot(small.parent)))
        print(f"1e5 rows, CSV: read {lines:.3f} s, compute all data files {whole:.3f} s, ratio {whole / lines:.1f}")
        print(f"at the end: peak {peak_mb():.0f} MB")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
