"""Files of codes in clear: written once, readable by their owner alone."""

import csv
import os
from pathlib import Path


def write_codes(file: Path, spoken: list[str]) -> None:
    """One code a row under the header `code`. Raises FileExistsError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([["code"], *([code] for code in spoken)])


def read_codes(file: Path) -> list[str]:
    """The codes of such a file."""
    with file.open(newline="") as handle:
        return [row["code"] for row in csv.DictReader(handle)]
