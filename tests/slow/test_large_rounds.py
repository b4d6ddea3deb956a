"""Rounds far larger than a district's: two gigabytes of CSV stream through, memory stays flat."""

import os
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

    code, said, most_kb = counted(tmp_path)

    assert code == 0, said
    assert "200" in said
    assert most_kb / 1024 < MOST_MB


# A process begins with the peak of whoever started it: a small one stands between this large one and the reading one.
STARTER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_pid, status, used = os.wait4(process.pid, 0)
print(used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def counted(folder: Path) -> tuple[int, str, int]:
    """Exit code, output and peak memory (KB on Linux) of the reading process alone, whatever ran in this one before."""
    command = [sys.executable, "-c", STARTER, sys.executable, "-m", "analysis", "read", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"}, check=False)
    return done.returncode, done.stdout + done.stderr, int(done.stderr.split()[-1])
