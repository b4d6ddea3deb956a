"""Files of codes in clear: written once, readable by their owner alone."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

from survey_app.domain.errors import FileTaken


def write_codes(file: Path, issue: Callable[[], list[str]]) -> int:
    """One code a row under the header `code`; returns how many.

    The file is opened before a code is issued, so that no code is lost to a path that cannot be written.
    Raises FileTaken.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise FileTaken(file=file.name) from error
    with os.fdopen(descriptor, "w", newline="") as handle:
        try:
            spoken = issue()
        except BaseException:
            file.unlink()
            raise
        csv.writer(handle, lineterminator="\n").writerows([["code"], *([code] for code in spoken)])
        handle.flush()
        os.fsync(handle.fileno())
    return len(spoken)


def read_codes(file: Path) -> list[str]:
    """The codes of such a file."""
    with file.open(newline="") as handle:
        return [row["code"] for row in csv.DictReader(handle)]
