"""What every frozen folder shares: written whole, read-only, with a manifest; words in lots that name nobody."""

import csv
import io
import json
import secrets
import shutil
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from survey_app.files import sync_folder, write_atomically

SNAPSHOT, WORDS, REST = "snapshot", "words.csv", "~rest"
READ_ONLY, PRIVATE = 0o400, 0o700  # row-level answers: most are unique, so only the portal's own account reads them


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as UTF-8 with LF."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def sorted_csv(header: list[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A header, then the rows sorted bytewise: no order of arrival is left."""
    return as_csv([header]) + b"".join(sorted(as_csv([row]) for row in rows))


def manifest(files: Mapping[str, bytes]) -> bytes:
    """manifest.json of a snapshot."""
    entries = [
        {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    return (json.dumps({"format": 1, "files": entries}, indent=2) + "\n").encode()


def write_draft(target: Path, files: Mapping[str, bytes]) -> Path:
    """All of the files beside the target, flushed and read-only; `put` makes them the snapshot."""
    draft = target.with_name(target.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    draft.mkdir(mode=PRIVATE)
    for name, content in files.items():
        write_atomically(draft / name, content, READ_ONLY)
    return draft


def put(draft: Path, target: Path) -> None:
    """One rename; flushed, for the rows are deleted from the database next."""
    draft.rename(target)
    sync_folder(target.parent)
    sync_folder(target.parent.parent)  # the round's own folder may be new


def lots(by_unit: Mapping[str, list[str]], min_n: int) -> dict[str, list[str]] | None:
    """Words in shuffled lots of at least min_n; None if there are too few of them.

    Words of units with fewer than min_n stand in one common lot that names no unit; if that too is small, none leave.
    """
    found = {slug: list(texts) for slug, texts in by_unit.items() if len(texts) >= min_n}
    rest = [text for slug, texts in by_unit.items() if slug not in found for text in texts]
    if 0 < len(rest) < min_n:
        return None
    if rest:
        found[REST] = rest
    for texts in found.values():
        secrets.SystemRandom().shuffle(texts)
    return found
