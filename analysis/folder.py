"""Writing a folder whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .errors import BadInput


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Replace `target` by a folder with exactly these files: temporary folder beside it, fsync, rename.

    A failure leaves the old folder as it was and no trace of the new one. Raises BadInput.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    except OSError as error:
        raise BadInput("not_writable", file=target, value=error.strerror or error) from error
    try:
        _fill(fresh, files)
        _swap(fresh, target)
    except OSError as error:
        raise BadInput("not_writable", file=target, value=error.strerror or error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Replace one file: temporary file beside it, fsync, rename. Raises BadInput."""
    fresh = path.with_name(f".{path.name}-new")
    try:
        _write(fresh, content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise BadInput("not_writable", file=path, value=error.strerror or error) from error


def refuse_foreign(target: Path, *marks: str) -> None:
    """Refuse to replace a folder that lacks the files this program always writes. Raises BadInput."""
    mine = all((target / mark).is_file() for mark in marks)
    if target.exists() and not mine and (not target.is_dir() or any(target.iterdir())):
        raise BadInput("release_exists", file=target)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    # mkdtemp gives 0700; a published folder is read by the web server.
    folder.chmod(0o755)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    _sync(folder)


def _swap(fresh: Path, target: Path) -> None:
    old = fresh.with_name(fresh.name.replace("-new-", "-old-"))
    had = target.exists()
    if had:
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if had:
            old.rename(target)
        raise
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def release_in(folder: Path) -> Path:
    """A release, or the release/ of a round's folder."""
    return folder / "release" if (folder / "release").is_dir() else folder
