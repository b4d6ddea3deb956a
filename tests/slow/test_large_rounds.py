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


def counted(folder: Path) -> tuple[int, str, int]:
    """Exit code, output and peak memory (KB on Linux) of the reading process alone, whatever ran in this one before."""
    said = folder / "said.txt"
    with said.open("w") as out:
        command = [sys.executable, "-m", "analysis", "read", str(folder)]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | {"LC_ALL": "C.UTF-8"})
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said.read_text("utf-8"), used.ru_maxrss
