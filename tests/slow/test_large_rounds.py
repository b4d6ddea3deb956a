"""Rounds far larger than a district's: two gigabytes of CSV stream through, memory stays flat."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench_analysis import write_round

pytestmark = pytest.mark.slow
GIGABYTES, MOST_MB = 2, 500


def grown(folder: Path, size: int) -> int:
    """Repeat the rows of a frozen folder's CSV until it is as large as asked; returns how often."""
    path = folder / "ballots.csv"
    header, _, rows = path.read_bytes().partition(b"\n")
    times = size // len(rows) + 1
    with path.open("wb") as file:
        file.write(header + b"\n")
        for _ in range(times):
            file.write(rows)
    return times


def test_a_csv_of_two_gigabytes_streams_without_filling_the_memory(tmp_path):
    snapshot = write_round(tmp_path / "snapshot", 10**5, ".csv").parent
    times = grown(snapshot, GIGABYTES * 10**9)
    assert (snapshot / "ballots.csv").stat().st_size > GIGABYTES * 10**9
    assert times > 100

    done = subprocess.run(
        [sys.executable, "-m", "analysis", "read", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )

    assert done.returncode == 0, done.stderr
    assert "200" in done.stdout
    # In KB on Linux; the largest child of this test, so at least this one.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < MOST_MB
