"""Files changed together: all or none, wherever the process is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from survey_app.files import alone_in
from survey_app.publishing.tables import journal

FILES = {f"units/u{n}/index.md": f"new {n}\n".encode() for n in range(40)}
CHILD = """
import os, sys, signal
from pathlib import Path
from survey_app.files import alone_in
from survey_app.publishing.tables import journal
folder, step, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
real = {"fsync": os.fsync, "replace": Path.replace}
count = 0
def die(kind):
    global count
    if kind == step:
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
def fsync(handle):
    die("fsync"); real["fsync"](handle)
def replace(path, target):
    die("replace"); return real["replace"](path, target)
os.fsync, Path.replace = fsync, replace
files = {f"units/u{n}/index.md": f"new {n}\\n".encode() for n in range(40)}
with alone_in(folder):
    journal.write_together(folder, files)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    for number in range(0, 40, 2):
        file = made / f"units/u{number}/index.md"
        file.parent.mkdir(parents=True)
        file.write_text(f"old {number}\n")
    (made / "noise.md").write_text("noise\n")
    return made


def state(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_files_are_written_and_nothing_else_is_left(folder: Path) -> None:
    with alone_in(folder):
        journal.write_together(folder, FILES)

    assert state(folder) == {**FILES, "noise.md": b"noise\n"}
    assert journal.finish_interrupted(folder) == 0


@pytest.mark.parametrize(
    ("step", "number", "decided"),
    [
        ("fsync", 1, False),
        ("fsync", 20, False),
        ("fsync", 41, False),  # the folder of staged files
        ("fsync", 42, False),  # the list itself
        ("replace", 1, False),  # the rename that decides
        ("replace", 2, True),
        ("replace", 15, True),
        ("replace", 41, True),
        ("fsync", 44, True),
    ],
)
def test_killed_anywhere_it_is_all_or_nothing_after_the_next_start(
    folder: Path, step: str, number: int, decided: bool
) -> None:
    before = state(folder)
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder), step, str(number)], check=False)
    assert done.returncode == -signal.SIGKILL

    journal.finish_interrupted(folder)

    assert state(folder) == ({**FILES, "noise.md": b"noise\n"} if decided else before)


def test_a_full_disk_while_staging_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real, count = state(folder), os.fsync, iter(range(1000))

    def full(handle: int) -> None:
        if next(count) == 7:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), alone_in(folder):
        journal.write_together(folder, FILES)

    assert state(folder) == before


def test_a_start_waits_for_an_import_that_is_at_work(folder: Path) -> None:
    slow = "import sys, time; from pathlib import Path; from survey_app.files import alone_in\n"
    slow += "from survey_app.publishing.tables import journal\n"
    slow += "folder = Path(sys.argv[1])\nwith alone_in(folder):\n"
    slow += "    (folder / journal.FOLDER).mkdir(); print('in', flush=True); time.sleep(1.5)\n"
    slow += "    journal.write_together(folder, {'late.md': b'late'})\n"
    with subprocess.Popen([sys.executable, "-c", slow, str(folder)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"in\n"
        started = time.monotonic()
        journal.finish_interrupted(folder)
        assert time.monotonic() - started > 0.5

    assert (folder / "late.md").read_bytes() == b"late"
