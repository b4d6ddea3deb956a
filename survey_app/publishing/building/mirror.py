"""One folder made like another by touching only what differs: a real copy for the price of looking.

A fresh copy for every approval was measured and dropped: on ext4 an inode that was freed in the last minutes is skipped
one by one, so copying 3,900 files after removing as many took 4.5 s instead of 0.3 s. Folders are therefore used again.
"""

import os
import shutil
from pathlib import Path


def mirror(source: Path, target: Path) -> None:
    """Make `target`, which may be absent, old or half-made, hold what `source` holds, times of writing included.

    Equal are two files of one size and one time of writing in nanoseconds. What differs is put in the place of the old
    file and never written into it: a reader may have it open.
    """
    target.mkdir(exist_ok=True)
    _level(str(source), str(target))


def _level(source: str, target: str) -> None:
    wanted, present = _entries(source), _entries(target)
    for name, entry in present.items():
        if name not in wanted or not _same_kind(entry, wanted[name]):
            _drop(entry)
    for name, entry in wanted.items():
        there = present.get(name)
        there = there if there and _same_kind(there, entry) else None
        _bring(entry, os.path.join(target, name), there)


def _bring(entry: os.DirEntry[str], path: str, there: os.DirEntry[str] | None) -> None:
    if entry.is_symlink():
        if not there or os.readlink(path) != os.readlink(entry.path):
            _replace_link(entry.path, path)
    elif entry.is_dir():
        if not there:
            os.mkdir(path)
        _level(entry.path, path)
    elif not there or not _equal(there.stat(), entry.stat()):
        if there:
            os.unlink(path)
        shutil.copy2(entry.path, path)


def _replace_link(source: str, path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(os.readlink(source), path)


def _entries(folder: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return {entry.name: entry for entry in found}


def _same_kind(one: os.DirEntry[str], other: os.DirEntry[str]) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink()
    return one.is_dir() == other.is_dir()


def _equal(one: os.stat_result, other: os.stat_result) -> bool:
    return one.st_size == other.st_size and one.st_mtime_ns == other.st_mtime_ns


def _drop(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path)
    else:
        os.unlink(entry.path)
