"""Files of codes in clear: written once, readable by their owner alone."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

from survey_app.domain.errors import FileTaken


def write_codes(file: Path, issue: Callable[[], list[str]]) -> int:
    """One code a row under the header `code`; returns how many. Raises FileTaken."""
    spoken: list[str] = []

    def rows() -> bytes:
        spoken.extend(issue())
        return "".join(f"{line}\n" for line in ("code", *spoken)).encode()

    write_secret(file, rows)
    return len(spoken)


def write_secret(file: Path, make: Callable[[], bytes]) -> None:
    """Write what `make` issues into a new file that its owner alone can read. Raises FileTaken.

    The file is opened before a code is issued, so that no code is lost to a path that cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise FileTaken(file=file.name) from error
    with os.fdopen(descriptor, "wb") as handle:
        try:
            made = make()
        except BaseException:
            file.unlink()
            raise
        handle.write(made)
        handle.flush()
        os.fsync(handle.fileno())


def read_codes(file: Path) -> list[str]:
    """The codes of such a file."""
    with file.open(newline="") as handle:
        return [row["code"] for row in csv.DictReader(handle)]
