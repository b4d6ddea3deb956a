"""compute and check: what is done with a frozen folder."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import manifest, release
from .errors import BadInput
from .folder import refuse_foreign, write_folder
from .parts import Counting, count_here, open_parts
from .read import Snapshot, open_snapshot, snapshot_folder
from .stages import stage
from .versions import Version, read_version

RELEASE = "release"
# Their bytes follow the versions of libraries, fonts and of this program; the data do not.
DOCUMENTS = (".xlsx", ".docx", ".svg", ".py", ".html", ".txt")


def release_folder(folder: Path) -> Path:
    """Where the release of FOLDER stands: beside its snapshot/. Raises BadInput."""
    if (folder / manifest.NAME).is_file() and (folder / "release.json").is_file():
        return folder
    if folder.is_dir() and (folder / RELEASE).is_dir():
        return folder / RELEASE
    snapshot = snapshot_folder(folder)
    return snapshot.resolve().parent / RELEASE


def compute(
    folder: Path,
    out: Path | None = None,
    *,
    allow_no_ballots: bool = False,
    partitions: str = "",
    counting: Counting = count_here,
    jobs: int = 1,
    released: Iterable[Path] = (),
) -> Path:
    """Compute the release of a frozen folder and write it whole. Raises BadInput; then nothing is written.

    `released` are the versions of this round that somebody has seen: the new one says what differs.

    A unit that nobody rated is refused unless allowed: in files from elsewhere it is mostly a lost part of an export.
    """
    snapshot = _opened(folder, partitions)
    target = out or snapshot.folder.resolve().parent / RELEASE
    refuse_foreign(target, manifest.NAME, "release.json")
    files = release.build(snapshot, counting, jobs, seen_of(released))
    if not allow_no_ballots:
        _require_ballots(snapshot, files)
    with stage("写文件", "writing files"):
        write_folder(target, files)
    return target


def _opened(folder: Path, partitions: str) -> Snapshot:
    return open_parts(folder, partitions) if partitions else open_snapshot(folder)


def _require_ballots(snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
    silent = [row["unit"] for row in json.loads(files["release.json"])["scores"] if row["status"] == "no_ballots"]
    if silent:
        raise BadInput("no_ballots", file=snapshot.ballots[0], field="unit", value=", ".join(silent))


def read(folder: Path) -> int:
    """Read and count a frozen folder, write nothing; returns its number of units. Raises BadInput."""
    snapshot = open_snapshot(folder)
    release.build_data(snapshot)
    return len(snapshot.round.units)


def seen_of(released: Iterable[Path]) -> tuple[Version, ...]:
    """The versions that stand in these folders. Raises BadInput."""
    return tuple(read_version(folder) for folder in released)


def check(
    folder: Path, *, partitions: str = "", counting: Counting = count_here, released: Iterable[Path] = ()
) -> tuple[list[str], list[str]]:
    """Recompute and compare: (data files that differ, documents whose bytes differ). Raises BadInput."""
    target = release_folder(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    fresh = release.build(_opened(folder, partitions), counting, seen=seen_of(released))
    stored = {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    # manifest.json follows from the other files; only its data part must be the same everywhere.
    names = [n for n in sorted(fresh.keys() | stored.keys()) if n != manifest.NAME]
    differ = [n for n in names if fresh.get(n) != stored.get(n)]
    documents = [n for n in differ if n.endswith(DOCUMENTS) and n in fresh and n in stored]
    broken = _broken(target)
    return sorted({n for n in differ if n not in documents} | broken), documents


def _broken(target: Path) -> set[str]:
    """What the release's own manifest disagrees with."""
    try:
        manifest.verify(target)
    except BadInput as error:
        return {Path(error.file).relative_to(target).as_posix()}
    return set()
