"""compute and check: what is done with a frozen folder."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import manifest, release
from .earlier import Inputs, read_inputs
from .errors import BadInput
from .folder import refuse_foreign, write_folder
from .model import inputs_of
from .parts import Counting, count_here, open_parts
from .read import Snapshot, open_snapshot, snapshot_folder
from .stages import stage

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
    previous: Sequence[Path] = (),
    released: Sequence[Path] = (),
) -> Path:
    """Compute the release of a frozen folder and write it whole. Raises BadInput; then nothing is written.

    `previous` are releases of earlier rounds to compare with, `released` versions of this round already shown.
    A unit that nobody rated is refused unless allowed: in files from elsewhere it is mostly a lost part of an export.
    """
    snapshot = _opened(folder, partitions)
    target = out or snapshot.folder.resolve().parent / RELEASE
    refuse_foreign(target, manifest.NAME, "release.json")
    files = release.build(snapshot, counting, jobs, read_inputs(snapshot.round, previous, released))
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


def check(
    folder: Path,
    *,
    partitions: str = "",
    counting: Counting = count_here,
    previous: Sequence[Path] = (),
    released: Sequence[Path] = (),
) -> tuple[list[str], list[str]]:
    """Recompute and compare: (data files that differ, documents whose bytes differ). Raises BadInput."""
    target = release_folder(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    snapshot = _opened(folder, partitions)
    inputs = read_inputs(snapshot.round, previous, released)
    _require_inputs(target, inputs)
    fresh = release.build(snapshot, counting, inputs=inputs)
    stored = {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    # manifest.json follows from the other files; only its data part must be the same everywhere.
    names = [n for n in sorted(fresh.keys() | stored.keys()) if n != manifest.NAME]
    differ = [n for n in names if fresh.get(n) != stored.get(n)]
    documents = [n for n in differ if n.endswith(DOCUMENTS) and n in fresh and n in stored]
    broken = _broken(target)
    return sorted({n for n in differ if n not in documents} | broken), documents


def _require_inputs(target: Path, inputs: Inputs) -> None:
    """A release that was compared with others can only be recomputed beside them. Raises BadInput."""
    known = manifest.load_json(target / "release.json").get("inputs")
    if known is not None and known != inputs_of(inputs):
        named = [f"{e['round']} ({e['release_digest'][:12]})" for key in sorted(known) for e in known[key]]
        raise BadInput("previous_needed", file=target / "release.json", value=", ".join(named) or "–")


def _broken(target: Path) -> set[str]:
    """What the release's own manifest disagrees with."""
    try:
        manifest.verify(target)
    except BadInput as error:
        return {Path(error.file).relative_to(target).as_posix()}
    return set()
