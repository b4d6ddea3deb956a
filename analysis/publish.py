"""compute, check and publish: the three things done with a frozen folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import manifest, release
from .errors import BadInput
from .folder import refuse_foreign, write_folder
from .read import open_snapshot, snapshot_folder

RELEASE = "release"
# Their bytes follow the versions of libraries and the fonts of the machine; the data do not.
DOCUMENTS = (".xlsx", ".svg")


def release_folder(folder: Path) -> Path:
    """Where the release of FOLDER stands: beside its snapshot/. Raises BadInput."""
    if (folder / manifest.NAME).is_file() and (folder / "release.json").is_file():
        return folder
    if folder.is_dir() and (folder / RELEASE).is_dir():
        return folder / RELEASE
    snapshot = snapshot_folder(folder)
    return snapshot.resolve().parent / RELEASE


def compute(folder: Path, out: Path | None = None) -> Path:
    """Compute the release of a frozen folder and write it whole. Raises BadInput; then nothing is written."""
    snapshot = open_snapshot(folder)
    target = out or snapshot.folder.resolve().parent / RELEASE
    refuse_foreign(target, manifest.NAME, "release.json")
    write_folder(target, release.build(snapshot))
    return target


def check(folder: Path) -> tuple[list[str], list[str]]:
    """Recompute and compare: (data files that differ, documents whose bytes differ). Raises BadInput."""
    target = release_folder(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    fresh = release.build(open_snapshot(folder))
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
    on = published_on or model["round"]["closes_on"]
    write_folder(target, release.with_page(files, model, published_on=on, unit_pages=_unit_pages(pages, model)))
    return target


def _code(source: Path, model: Mapping[str, Any]) -> str:
    try:
        return str(model["round"]["code"])
    except (KeyError, TypeError) as error:
        raise BadInput("broken_json", file=source / "release.json", value="round.code") from error


def _unit_pages(pages: Path, model: Mapping[str, Any]) -> frozenset[str]:
    slugs = (unit["slug"] for unit in model["units"])
    return frozenset(slug for slug in slugs if (pages / "units" / slug / "index.md").is_file())
