"""Files of codes in clear: written once, readable by their owner alone."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from survey_app.domain.errors import FileTaken


def write_codes(file: Path, issue: Callable[[], list[str]]) -> int:
    """One code a row under the header `code`; returns how many. Raises FileTaken.

    The file is opened before a code is issued, so that no code is lost to a path that cannot be written.
    """
    with new_secret_file(file) as handle:
        spoken = issue()
        text = io.TextIOWrapper(handle, "utf-8", newline="", write_through=True)
        csv.writer(text, lineterminator="\n").writerows([["code"], *([code] for code in spoken)])
        text.detach()
    return len(spoken)


@contextmanager
def new_secret_file(file: Path) -> Iterator[IO[bytes]]:
    """A file that was not there, readable by its owner alone, on the disk when the block ends; gone if it fails.

    Raises FileTaken.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise FileTaken(file=file.name) from error
    with os.fdopen(descriptor, "wb") as handle:
        try:
            yield handle
        except BaseException:
            file.unlink()
            raise
        flush(handle)


def flush(handle: IO[bytes]) -> None:
    """What has been written is on the disk."""
    handle.flush()
    os.fsync(handle.fileno())


def read_codes(file: Path) -> list[str]:
    """The codes of such a file."""
    with file.open(newline="") as handle:
        return [row["code"] for row in csv.DictReader(handle)]
