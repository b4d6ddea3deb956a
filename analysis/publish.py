"""compute, check and publish: the three things done with a frozen folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import manifest, release
from .documents import with_pages
from .errors import BadInput
from .folder import refuse_foreign, write_folder
from .parts import Counting, count_here, open_parts
from .read import Snapshot, open_snapshot, snapshot_folder
from .stages import stage
from .tomlfile import is_slug

RELEASE = "release"
# Their bytes follow the versions of libraries, fonts and of this program; the data do not.
DOCUMENTS = (".xlsx", ".docx", ".svg", ".py", ".html", ".txt")
# What stands at a round's address before its results.
ROUND_PAGE = ("index.md", "method.toml")


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
) -> Path:
    """Compute the release of a frozen folder and write it whole. Raises BadInput; then nothing is written.

    A unit that nobody rated is refused unless allowed: in files from elsewhere it is mostly a lost part of an export.
    """
    snapshot = _opened(folder, partitions)
    target = out or snapshot.folder.resolve().parent / RELEASE
    refuse_foreign(target, manifest.NAME, "release.json")
    files = release.build(snapshot, counting, jobs)
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


def check(folder: Path, *, partitions: str = "", counting: Counting = count_here) -> tuple[list[str], list[str]]:
    """Recompute and compare: (data files that differ, documents whose bytes differ). Raises BadInput."""
    target = release_folder(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    fresh = release.build(_opened(folder, partitions), counting)
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


def publish(folder: Path, pages: Path, published_on: str | None = None) -> Path:
    """Copy a release into PAGES/results/<round>/, in place of an older publication. Raises BadInput."""
    source = release_folder(folder)
    if not (source / manifest.NAME).is_file():
        raise BadInput("missing_release", file=source)
    if not pages.is_dir():
        raise BadInput("missing_pages", file=pages)
    listed = manifest.verify(source)
    files = {entry["name"]: (source / entry["name"]).read_bytes() for entry in listed["files"]}
    model = manifest.load_json(source / "release.json")
    target = pages / "results" / _code(source, model)
    _refuse_others(target, files)
    on = published_on or model["round"]["closes_on"]
    write_folder(target, with_pages(files, model, published_on=on, unit_pages=_unit_pages(pages, model)))
    return target


def _code(source: Path, model: Mapping[str, Any]) -> str:
    """The round's code: a folder below results/, so nothing but a slug."""
    try:
        code = str(model["round"]["code"])
    except (KeyError, TypeError) as error:
        raise BadInput("broken_json", file=source / "release.json", value="round.code") from error
    if not is_slug(code):
        raise BadInput("bad_slug", file=source / "release.json", field="round.code", value=repr(code))
    return code


def _refuse_others(target: Path, files: Mapping[str, bytes]) -> None:
    """Refuse to replace files that neither a release nor a round's page before its results has."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise BadInput("publish_over", file=target)
    own = {*files, *ROUND_PAGE, manifest.NAME, *_listed(target)}
    for path in sorted(target.rglob("*")):
        if path.relative_to(target).as_posix() not in own and (path.is_symlink() or not path.is_dir()):
            raise BadInput("publish_over", file=path)


def _listed(target: Path) -> set[str]:
    """The files of an older publication, by its own manifest; a snapshot's names no digest."""
    if not (target / manifest.NAME).is_file():
        return set()
    listed = manifest.load_json(target / manifest.NAME)
    return set(manifest.entries(target / manifest.NAME, listed)) if "release_digest" in listed else set()


def _unit_pages(pages: Path, model: Mapping[str, Any]) -> frozenset[str]:
    slugs = (str(unit["slug"]) for unit in model["units"])
    return frozenset(slug for slug in slugs if is_slug(slug) and (pages / "units" / slug / "index.md").is_file())
