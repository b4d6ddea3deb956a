"""Writing so that a reader, or a power cut, meets the old file or the new one, never half of one."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other thread and no other process holds the folder. The kernel frees it when this process dies.

    Never twice by one thread: it would wait for itself.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file of any size, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_if_changed(path: Path, data: bytes) -> bool:
    """Write the file unless it already holds these bytes; say whether it was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)
    return True


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Temporary file in the same folder, fsync, rename, fsync of the folder."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Like `write_atomically`, but never over a file that is there. Raises FileExistsError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    write_atomically(part, data, mode)
    try:
        os.link(part, path)
    finally:
        part.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_folder(made: Path, target: Path) -> None:
    """Rename a finished folder into place; an older one is moved aside first, then removed."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    sync_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)
